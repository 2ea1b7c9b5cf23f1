// One sound call of each kind, as Feishu documents them, to be changed in one place per test.
import { createFeishu } from '#adapters/chat/feishu/feishu.ts'
import { REQUEST } from '#support/samples.ts'

export const AT = Date.UTC(2026, 10, 23, 9)
export const KEY = 'encrypt-key-of-today'
export const PREVIOUS = 'encrypt-key-of-yesterday'
export const TENANT = '2ed263bf32cf1651'
export const APP = 'cli_a1b2c3d4e5f60708'
export const WORDS = { looking: 'Looking into it…', notTaken: 'Not taken: say it again.' }

export const feishu = createFeishu({
  chat: { tenant: TENANT, app: APP, site: 'feishu' },
  secrets: { encryptKey: { current: KEY, previous: PREVIOUS }, appSecret: 'app-secret' },
  words: WORDS,
  clock: { now: () => AT },
  durations: { deliverTimeout: 1000 },
})

export const DENY = { startgate: 'deny', request: REQUEST }
export const ROBOT = { key: '@_user_1', id: { open_id: 'ou_robot' }, name: 'Startgate', mentioned_type: 'bot' }
export const BOB = { key: '@_user_2', id: { open_id: 'ou_bob' }, name: 'Bob Li' }

const HEADER = { event_id: 'ev_1', event_type: 'im.message.receive_v1', tenant_key: TENANT, app_id: APP, token: 'x' }
const SENDER = { sender_id: { open_id: 'ou_alice' }, sender_type: 'user', tenant_key: TENANT }
const MESSAGE = { message_id: 'om_1', chat_id: 'oc_ops', chat_type: 'group', message_type: 'text' }

interface Said {
  readonly header?: object
  readonly sender?: object
  readonly message?: object
  readonly text?: string
}

export function said({ header, sender, message, text = '@_user_1 list' }: Said = {}): object {
  const content = JSON.stringify({ text })
  return {
    schema: '2.0',
    header: { ...HEADER, ...header },
    event: { sender: { ...SENDER, ...sender }, message: { ...MESSAGE, content, mentions: [ROBOT, BOB], ...message } },
  }
}

export function tapped(value: unknown, operator: object = {}): object {
  return {
    schema: '2.0',
    header: { ...HEADER, event_type: 'card.action.trigger' },
    event: { operator: { open_id: 'ou_bob', tenant_key: TENANT, ...operator }, action: { tag: 'button', value } },
  }
}
