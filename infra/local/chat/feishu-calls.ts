// Calls as Feishu makes them: events of version 2.0, encrypted and signed with the Encrypt Key of the app.
import { createCipheriv, createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Place, Shown, SignedCall, SignOptions } from './peer.ts'

export interface FeishuApp {
  /** The `tenant_key` of the organisation. */
  readonly tenant: string
  /** `cli_…` */
  readonly app: string
  readonly appSecret: string
  readonly encryptKey: string
}

const VERIFICATION_TOKEN = 'verification-token'

/** What somebody says; in a group he mentions the robot first, for otherwise it does not hear him. */
export function toSaid(
  { tenant, app }: FeishuApp,
  user: string,
  where: Place,
  text: string,
  { id = newId('om'), tenant: of = tenant }: SignOptions,
  at: number,
): unknown {
  const robot = {
    key: '@_user_1',
    id: { open_id: 'ou_robot' },
    name: 'Startgate',
    mentioned_type: 'bot',
    tenant_key: of,
  }
  const isGroup = where.kind === 'group'
  return {
    schema: '2.0',
    header: toHeader('im.message.receive_v1', newId('ev'), of, app, at),
    event: {
      sender: { sender_id: { open_id: user, union_id: `on_${user}` }, sender_type: 'user', tenant_key: of },
      message: {
        message_id: id,
        create_time: String(at),
        chat_id: isGroup ? where.id : `oc_of_${user}`,
        chat_type: isGroup ? 'group' : 'p2p',
        message_type: 'text',
        content: JSON.stringify({ text: isGroup ? `@_user_1 ${text}` : text }),
        ...(isGroup ? { mentions: [robot] } : {}),
      },
    },
  }
}

export function toTapped(
  { tenant, app }: FeishuApp,
  user: string,
  message: Shown,
  value: string,
  { id = newId('ev'), tenant: of = tenant }: SignOptions,
  at: number,
): unknown {
  return {
    schema: '2.0',
    header: toHeader('card.action.trigger', id, of, app, at),
    event: {
      operator: { open_id: user, union_id: `on_${user}`, tenant_key: of },
      token: `c-${randomUUID()}`,
      // The object that the button was posted with.
      action: { tag: 'button', value: { startgate: 'deny', request: value } },
      host: 'im_message',
      context: { open_message_id: message.id, open_chat_id: message.where.id },
    },
  }
}

/** When somebody saves the address in the console. */
export function toHandshake(challenge: string): unknown {
  return { challenge, token: VERIFICATION_TOKEN, type: 'url_verification' }
}

function toHeader(type: string, id: string, tenant: string, app: string, at: number): object {
  const create_time = String(at)
  return { event_id: id, event_type: type, create_time, token: VERIFICATION_TOKEN, app_id: app, tenant_key: tenant }
}

export function sign({ encryptKey }: FeishuApp, event: unknown, at: number): SignedCall {
  const body = encrypt(JSON.stringify(event), encryptKey)
  const timestamp = String(Math.floor(at / 1000))
  const nonce = randomBytes(8).toString('hex')
  const signature = createHash('sha256')
    .update(timestamp + nonce + encryptKey + body)
    .digest('hex')
  return {
    path: '/v1/chat/feishu',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'x-lark-request-timestamp': timestamp,
      'x-lark-request-nonce': nonce,
      'x-lark-signature': signature,
    },
    body: Buffer.from(body),
  }
}

function encrypt(text: string, encryptKey: string): string {
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(encryptKey).digest(), iv)
  const bytes = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final()])
  return JSON.stringify({ encrypt: bytes.toString('base64') })
}

export function newId(kind: string): string {
  return `${kind}_${randomUUID().replaceAll('-', '')}`
}
