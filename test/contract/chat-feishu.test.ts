import { createFeishu } from '#adapters/chat/feishu/feishu.ts'
import { createFeishuPeer } from '#infra/local/chat/feishu.ts'
import { describeChatPlatform } from './chat-platform.contract.ts'

const ENCRYPT_KEY = 'an-encrypt-key-of-feishu-1'
const OTHER = 'an-encrypt-key-of-feishu-2'
const APP_SECRET = 'an-app-secret-of-feishu'
const [TENANT, APP] = ['2ed263bf32cf1651', 'cli_a1b2c3d4e5f60708']

describeChatPlatform('Feishu', {
  person: 'ou_84aad35d084aa403a838cf73ee18467',
  otherPerson: 'ou_7d8a6e6df7621556ce0d21922b676706',
  group: 'oc_ops',
  elsewhere: 'oc_elsewhere',
  secrets: [ENCRYPT_KEY, OTHER, APP_SECRET],
  tellsKeys: true,
  createPeer(clock) {
    const app = { tenant: TENANT, app: APP, appSecret: APP_SECRET, encryptKey: ENCRYPT_KEY }
    const peer = createFeishuPeer({ ...app, groups: ['oc_ops'], now: clock.now })
    return { peer, revokeTokens: peer.revokeTokens }
  },
  createPlatform: ({ endpoint, clock, deliverTimeout, words, setUp }) =>
    createFeishu({
      chat: {
        tenant: setUp === 'other_tenant' ? 'T0OTHER' : TENANT,
        app: setUp === 'other_app' ? 'cli_other' : APP,
        site: 'feishu',
      },
      secrets: {
        encryptKey:
          setUp === 'rotated'
            ? { current: OTHER, previous: ENCRYPT_KEY }
            : { current: setUp === 'other_secret' ? OTHER : ENCRYPT_KEY },
        appSecret: APP_SECRET,
      },
      words,
      clock,
      durations: { deliverTimeout },
      endpoint,
    }),
})
