// Where the team talks: mei and lin on Slack, chen on DingTalk. Both are played on this machine.
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { APPS, createAppPeer, TENANTS } from '#infra/local/chat/apps.ts'
import type { Place, Shown, SignedCall } from '#infra/local/chat/peer.ts'
import { createChatPeers } from '#infra/local/chat/peers.ts'
import { Deviation } from './deviation.ts'

/** As the policy has them. */
export const CHATS = { slack: APPS.slack, dingtalk: { ...APPS.dingtalk, language: 'zh' } }

const PEOPLE = {
  mei: { platform: 'slack', id: 'U0MEI' },
  chen: { platform: 'dingtalk', id: 'chen01' },
  lin: { platform: 'slack', id: 'U0LIN' },
} as const
type Member = keyof typeof PEOPLE

/** The channel of the team on Slack. */
export const OPS: Place = { kind: 'group', id: 'C0OPS' }

const LONGEST_MS = 20_000
const EVERY_MS = 100

export interface TeamChats {
  /** What the gate finds in its environment: the secrets of the platforms, and where they are. */
  readonly environment: Readonly<Record<string, string>>
  /** `where`: default: to the robot alone. */
  say(gate: string, who: Member, text: string, where?: Place): Promise<void>
  /** Taps the button that sends something back. */
  tap(gate: string, who: Member, message: Shown): Promise<void>
  /** The newest message with this text, once there is one: in the channel, or what this person alone has. */
  message(where: Place | Member, text: string): Promise<Shown>
  close(): Promise<void>
}

export function identityOf(who: Member): string {
  const { platform, id } = PEOPLE[who]
  return `${platform}:${TENANTS[platform]}/${id}`
}

export async function createTeamChats(): Promise<TeamChats> {
  const slack = {
    SLACK_SIGNING_SECRET: randomBytes(16).toString('hex'),
    SLACK_BOT_TOKEN: `xoxb-${randomBytes(16).toString('hex')}`,
  }
  const dingtalk = {
    DINGTALK_APP_SECRET: randomBytes(32).toString('hex'),
    DINGTALK_AES_KEY: randomBytes(32).toString('base64').slice(0, 43),
    DINGTALK_CARD_SECRET: randomBytes(32).toString('hex'),
  }
  const clock = { now: Date.now }
  const peers = await createChatPeers([
    createAppPeer.slack(slack, { groups: [OPS.id], clock }),
    createAppPeer.dingtalk(dingtalk, { groups: [], clock }),
  ])
  const peerOf = (who: Member) => peers.peer(PEOPLE[who].platform)

  return {
    environment: { CHAT_ENDPOINT: peers.endpoint, ...slack, ...dingtalk },
    say: (gate, who, text, where = toPrivate(who)) => send(gate, peerOf(who).said(PEOPLE[who].id, where, text)),
    tap(gate, who, message) {
      const button = message.buttons.find(({ kind }) => kind === 'tap')
      if (button?.kind !== 'tap') throw new Deviation('the message has no button to tap')
      return send(gate, peerOf(who).tapped(PEOPLE[who].id, message, button.value))
    },
    async message(where, text) {
      const place = typeof where === 'string' ? toPrivate(where) : where
      const peer = typeof where === 'string' ? peerOf(where) : peers.peer('slack')
      const deadline = Date.now() + LONGEST_MS
      for (;;) {
        const found = peer.shown().findLast((shown) => shown.where.id === place.id && shown.text.includes(text))
        if (found !== undefined) return found
        if (Date.now() > deadline) throw new Deviation(`no message in the chat says “${text}”`)
        await sleep(EVERY_MS)
      }
    },
    close: peers.close,
  }
}

function toPrivate(who: Member): Place {
  return { kind: 'person', id: PEOPLE[who].id }
}

/** As the platform sends it. */
async function send(gate: string, { path, headers, body }: SignedCall): Promise<void> {
  const response = await fetch(`${gate}${path}`, { method: 'POST', headers: { ...headers }, body })
  if (!response.ok) throw new Deviation(`the gate answers a chat platform with ${response.status}`)
}
