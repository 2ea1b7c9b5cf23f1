// Every cloud call that follows from what is said in a chat fails in every way, once. People say again what was not taken,
// and the queue and the timers go on. `npm test` plays a part of it, in which every call and every kind is;
// STARTGATE_FAULTS=all plays the whole. One platform stands for all: they differ before the first of these calls.
import { expect, test } from 'vitest'
import { createChatFlows } from '#support/fault-chat-flows.ts'
import { playMatrix } from '#support/fault-run.ts'
import { CHAT_SECRETS, createTeamPeers, onPlatform } from '#support/team-chats.ts'

const whole = process.env['STARTGATE_FAULTS'] === 'all'

/** Cloud calls by flow: what is counted here is failed, and a call more must be counted here. */
const CALLS = { 'ask in a chat': 5, 'deny in a chat': 7 }
/** Calls and kinds, those left out that make no difference: a call that only reads fails before and after alike. */
const SIZE = { all: 168, played: whole ? 168 : 20, calls: 12, kinds: 15 }

test(
  'no call that follows from a chat leads to a wrong end when it fails',
  { timeout: 440_000, retry: 0 },
  async () => {
    const peers = await createTeamPeers()
    try {
      const { calls, size, wrongs } = await playMatrix(createChatFlows(peers.peer('slack')), {
        expected: CALLS,
        whole,
        endOf: ({ flow }) => ({ state: flow.ends, calls: 0, starts: 0 }),
        deployed: {
          policy: (document) => onPlatform(document, 'slack'),
          secrets: { ...CHAT_SECRETS, CHAT_ENDPOINT: peers.endpoint },
        },
      })
      expect(wrongs).toEqual([])
      expect(calls).toEqual(CALLS)
      expect(size).toEqual(SIZE)
    } finally {
      await peers.close()
    }
  },
)
