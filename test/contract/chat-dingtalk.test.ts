import { createDingtalk } from '#adapters/chat/dingtalk/dingtalk.ts'
import { HOUR, MINUTE } from '#core/durations.ts'
import { createDingtalkPeer } from '#infra/local/chat/dingtalk.ts'
import type { PlatformOptions } from '#support/chat-platform.ts'
import { APP, CHAT, GROUP } from '#support/dingtalk.ts'
import { describeChatPlatform } from './chat-platform.contract.ts'

const OTHERS = { appSecret: 'another app', aesKey: 'j'.repeat(43), cardSecret: 'another card' }

function toSecret(name: keyof typeof OTHERS, setUp: PlatformOptions['setUp']) {
  if (setUp === 'other_secret') return { current: OTHERS[name] }
  return setUp === 'rotated' ? { current: OTHERS[name], previous: APP[name] } : { current: APP[name] }
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
    const peer = createDingtalkPeer({ ...APP, groups: [GROUP.id], now: clock.now })
    return { peer, revokeTokens: peer.revokeTokens }
  },
  person: 'manager4321',
  otherPerson: '0156511615260',
  group: GROUP.id,
  elsewhere: 'cidWhereItIsNot==',
  secrets: [APP.appSecret, APP.aesKey, APP.cardSecret],
  window: { past: HOUR, future: 5 * MINUTE },
  tellsKeys: true,
})
