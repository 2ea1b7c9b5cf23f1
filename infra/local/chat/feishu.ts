// The local Feishu: the part of its API that the gate calls, with its codes, and what people have on their screens.
import { parseJson } from '#core/json.ts'
import * as z from '#core/zod.ts'
import { newId, sign, toHandshake, toSaid, toTapped, type FeishuApp } from './feishu-calls.ts'
import { readContent, type FeishuContent } from './feishu-card.ts'
import type { ChatPeer, PeerAnswer, PeerCall, Place, Shown } from './peer.ts'

export interface FeishuPeerOptions extends FeishuApp {
  /** `oc_…`: the groups that the robot was added to. */
  readonly groups: readonly string[]
  /** Epoch ms; default: the clock of this computer. */
  readonly now?: () => number
}

export interface FeishuPeer extends ChatPeer {
  /** All tokens given out so far are worth nothing from now on. */
  revokeTokens(): void
}

interface Message extends FeishuContent {
  readonly id: string
  readonly where: Place
  readonly type: string
  readonly at: number
  readonly edits: number
  readonly withdrawn?: true
}

const HOUR = 60 * 60 * 1000
const TOKEN_LIVES = 2 * HOUR
const CHANGEABLE = 14 * 24 * HOUR
const LONGEST_CARD = 30 * 1024

const tokenRequestSchema = z.object({ app_id: z.string(), app_secret: z.string() })
const sendRequestSchema = z.object({
  receive_id: z.string(),
  msg_type: z.string(),
  content: z.string(),
  uuid: z.optional(z.string().check(z.maxLength(50))),
})
const patchRequestSchema = z.object({ content: z.string() })

export function createFeishuPeer(options: FeishuPeerOptions): FeishuPeer {
  const { now = Date.now } = options
  const messages = new Map<string, Message>()
  const byUuid = new Map<string, { readonly id: string; readonly at: number }>()
  const tokens = new Map<string, { readonly until: number }>()
  let down = false
  let calls = 0

  const giveToken = (body: unknown): PeerAnswer => {
    const asked = tokenRequestSchema.safeParse(body).data
    if (asked?.app_id !== options.app) return refuse(10003, 'invalid param')
    if (asked.app_secret !== options.appSecret) return refuse(10014, 'app secret invalid')
    const token = newId('t')
    tokens.set(token, { until: now() + TOKEN_LIVES })
    return { status: 200, body: { code: 0, msg: 'ok', tenant_access_token: token, expire: TOKEN_LIVES / 1000 } }
  }

  const isAuthorized = ({ headers }: PeerCall): boolean => {
    const token = tokens.get((headers['authorization'] ?? '').replace(/^Bearer /, ''))
    return token !== undefined && now() < token.until
  }

  const send = (where: Place['kind'] | undefined, body: unknown): PeerAnswer => {
    const asked = sendRequestSchema.safeParse(body).data
    if (asked === undefined || where === undefined) return refuse(230001, 'invalid request parameter')
    const { receive_id: id, msg_type: type, content, uuid } = asked
    if (!id.startsWith(where === 'person' ? 'ou_' : 'oc_')) return refuse(230001, 'invalid receive_id')
    if (where === 'group' && !options.groups.includes(id))
      return refuse(230002, 'The bot can not be outside the group.')
    const sent = uuid === undefined ? undefined : byUuid.get(uuid)
    if (sent !== undefined && now() - sent.at < HOUR) return accept(sent.id)
    const read = readContent(type, content)
    if (read === undefined) return refuse(230099, 'Failed to create card content')
    const message = { id: newId('om'), where: { kind: where, id }, type, at: now(), edits: 0, ...read }
    messages.set(message.id, message)
    if (uuid !== undefined) byUuid.set(uuid, { id: message.id, at: now() })
    return accept(message.id)
  }

  const patch = (id: string, body: unknown): PeerAnswer => {
    const content = patchRequestSchema.safeParse(body).data?.content
    const message = messages.get(id)
    if (content === undefined || message === undefined) return refuse(230001, 'invalid request parameter')
    if (message.withdrawn === true) return refuse(230011, 'The message is recalled.')
    if (message.type !== 'interactive') return refuse(230001, 'This message is NOT a card.')
    if (now() - message.at > CHANGEABLE) return refuse(230031, 'Message can only be modified within 14 days')
    const read = readContent(message.type, content)
    if (read === undefined) return refuse(230099, 'Failed to create card content')
    messages.set(id, { ...message, ...read, edits: message.edits + 1 })
    return { status: 200, body: { code: 0, msg: 'success', data: {} } }
  }

  const serve = (call: PeerCall): PeerAnswer | undefined => {
    const { pathname, searchParams } = new URL(call.path, 'http://feishu')
    const body = parseJson(call.body)
    const route = `${call.method} ${pathname.replace(/^(\/open-apis\/im\/v1\/messages\/)[^/]+$/, '$1:id')}`
    if (route === 'POST /open-apis/auth/v3/tenant_access_token/internal') return giveToken(body)
    if (!isAuthorized(call))
      return refuse(99991663, 'Invalid access token for authorization. Please make a test attempt.')
    if (Buffer.byteLength(call.body) > LONGEST_CARD)
      return refuse(230025, 'The length of the message content reaches its limit.')
    switch (route) {
      case 'POST /open-apis/im/v1/messages':
        return send(toKind(searchParams.get('receive_id_type')), body)
      case 'PATCH /open-apis/im/v1/messages/:id':
        return patch(pathname.split('/').at(-1) ?? '', body)
      default:
        return undefined
    }
  }

  return {
    platform: 'feishu',
    tenant: options.tenant,
    said(user, where, text, said = {}) {
      const at = said.at ?? now()
      return sign(options, toSaid(options, user, where, text, said, at), at)
    },
    tapped(user, message, value, tapped = {}) {
      const at = tapped.at ?? now()
      return sign(options, toTapped(options, user, message, value, tapped, at), at)
    },
    handshake() {
      const challenge = newId('challenge')
      return { call: sign(options, toHandshake(challenge), now()), answer: { challenge } }
    },
    authenticates: {
      headers: ['x-lark-request-timestamp', 'x-lark-request-nonce', 'x-lark-signature'],
      body: true,
    },
    shown: () => [...messages.values()].filter(({ withdrawn }) => withdrawn !== true).map(toShown),
    remove(id) {
      const message = messages.get(id)
      if (message !== undefined) messages.set(id, { ...message, withdrawn: true })
    },
    setDown: (next) => void (down = next),
    serve(call) {
      calls += 1
      return down ? { status: 503, body: undefined } : serve(call)
    },
    calls: () => calls,
    revokeTokens: () => tokens.clear(),
  }
}

function toKind(type: string | null): Place['kind'] | undefined {
  switch (type) {
    case 'open_id':
      return 'person'
    case 'chat_id':
      return 'group'
    default:
      return undefined
  }
}

function toShown({ id, where, text, buttons, edits }: Message): Shown {
  return { id, where, text, buttons, edits }
}

function accept(id: string): PeerAnswer {
  return { status: 200, body: { code: 0, msg: 'success', data: { message_id: id } } }
}

function refuse(code: number, msg: string): PeerAnswer {
  return { status: 400, body: { code, msg } }
}
