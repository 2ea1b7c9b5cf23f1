import { createDingtalk } from '#adapters/chat/dingtalk/dingtalk.ts'
import { HOUR, MINUTE } from '#core/durations.ts'
import { createDingtalkPeer } from '#infra/local/chat/dingtalk.ts'
import type { PlatformOptions } from '#support/chat-platform.ts'
import { describeChatPlatform } from './chat-platform.contract.ts'

const CHAT = {
  corp: 'ding8a8b8c8d',
  app: 'dingappkey1',
  robot: 'dingrobot1',
  template: '0a1b2c3d-0001.schema',
  route: 'startgate',
  language: 'en',
} as const
const SECRETS = {
  appSecret: 'the secret of the app',
  aesKey: '4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij',
  cardSecret: 'the secret of the cards',
}
const OTHER_SECRETS = { appSecret: 'another app', aesKey: 'j'.repeat(43), cardSecret: 'another card' }
const GROUP = 'cid5DEAySuFk+mtMwii4NLYQ=='

function toSecret(name: keyof typeof SECRETS, setUp: PlatformOptions['setUp']) {
  if (setUp === 'other_secret') return { current: OTHER_SECRETS[name] }
  return setUp === 'rotated' ? { current: OTHER_SECRETS[name], previous: SECRETS[name] } : { current: SECRETS[name] }
}

describeChatPlatform('DingTalk', {
  createPlatform({ endpoint, clock, deliverTimeout, words, setUp }) {
    return createDingtalk({
      chat: {
        ...CHAT,
        ...(setUp === 'other_tenant' && { corp: 'ding0000' }),
        ...(setUp === 'other_app' && { app: 'dingappkey2', robot: 'dingrobot2' }),
      },
      secrets: {
        appSecret: toSecret('appSecret', setUp),
        aesKey: toSecret('aesKey', setUp),
        cardSecret: toSecret('cardSecret', setUp),
      },
      words,
      clock,
      durations: { deliverTimeout },
      endpoint,
    })
  },
  createPeer(clock) {
    const peer = createDingtalkPeer({ ...CHAT, ...SECRETS, groups: [GROUP], now: clock.now })
    return { peer, revokeTokens: peer.revokeTokens }
  },
  person: 'manager4321',
  otherPerson: '0156511615260',
  group: GROUP,
  elsewhere: 'cidWhereItIsNot==',
  secrets: Object.values(SECRETS),
  window: { past: HOUR, future: 5 * MINUTE },
  tellsKeys: true,
})
