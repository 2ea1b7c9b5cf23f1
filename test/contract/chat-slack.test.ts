import { createSlack } from '#adapters/chat/slack/slack.ts'
import { createSlackPeer } from '#infra/local/chat/slack.ts'
import { describeChatPlatform } from './chat-platform.contract.ts'

const SIGNING = 'b7d6e7f4c1f84a0d9a3c5a0e9d4b2f61'
const OTHER = '00000000000000000000000000000000'
const BOT_TOKEN = 'xoxb-1111111111-2222222222-AbCdEfGhIjKlMnOp'
const [TEAM, APP] = ['T0STARTGATE', 'A0STARTGATE']

describeChatPlatform('Slack', {
  person: 'U0BOB',
  otherPerson: 'U0CAROL',
  group: 'C0OPS',
  elsewhere: 'C0ELSEWHERE',
  secrets: [SIGNING, OTHER, BOT_TOKEN],
  tellsKeys: false,
  createPeer: (clock) => ({
    peer: createSlackPeer({
      clock,
      team: TEAM,
      app: APP,
      secrets: { signing: SIGNING, botToken: BOT_TOKEN },
      groups: ['C0OPS'],
    }),
  }),
  createPlatform: ({ endpoint, clock, deliverTimeout, words, setUp }) =>
    createSlack({
      chat: { team: setUp === 'other_tenant' ? 'T0OTHER' : TEAM, app: setUp === 'other_app' ? 'A0OTHER' : APP },
      secrets: {
        signing:
          setUp === 'rotated'
            ? { current: OTHER, previous: SIGNING }
            : { current: setUp === 'other_secret' ? OTHER : SIGNING },
        botToken: BOT_TOKEN,
      },
      words,
      clock,
      durations: { deliverTimeout },
      endpoint,
    }),
})
