// Calls as DingTalk makes them: messages to the robot, encrypted, and clicks on cards, which are not. Either signature covers
// the time alone.
import { createCipheriv, createHmac, randomBytes, randomUUID } from 'node:crypto'
import type { Place, SignedCall, SignOptions } from './peer.ts'

export interface DingtalkApp {
  /** The corpId of the organisation. */
  readonly corp: string
  /** The AppKey. */
  readonly app: string
  readonly robot: string
  readonly appSecret: string
  /** 43 characters. */
  readonly aesKey: string
  /** With which the callback of the cards was registered. */
  readonly cardSecret: string
}

const PADDED_TO = 32

/** In a group people mention the robot first; DingTalk takes that out and leaves the space. */
export function toSaid(
  { corp, robot }: DingtalkApp,
  user: string,
  where: Place,
  text: string,
  { id = newMessageId(), tenant = corp }: SignOptions,
  at: number,
): object {
  const isGroup = where.kind === 'group'
  return {
    conversationId: isGroup ? where.id : 'cidWithOnePerson==',
    conversationType: isGroup ? '2' : '1',
    ...(isGroup && { conversationTitle: 'Operations', isInAtList: true }),
    atUsers: isGroup ? [{ dingtalkId: '$:LWCP_v1:$robot' }] : [],
    chatbotCorpId: corp,
    chatbotUserId: '$:LWCP_v1:$robot',
    msgId: id,
    createAt: at,
    senderNick: 'Somebody',
    isAdmin: false,
    senderStaffId: user,
    senderId: '$:LWCP_v1:$sender',
    senderCorpId: tenant,
    sessionWebhook: 'https://oapi.dingtalk.com/robot/sendBySession?session=local',
    sessionWebhookExpiredTime: at + 5_400_000,
    robotCode: robot,
    msgtype: 'text',
    text: { content: isGroup ? ` ${text}` : text },
  }
}

/** The headers are those of a message to the robot. */
export function signMessage(app: DingtalkApp, message: object, at: number): SignedCall {
  const timestamp = String(at)
  const sign = mac(app.appSecret, `${timestamp}\n${app.appSecret}`)
  const encrypted = encrypt(app.aesKey, JSON.stringify(message), app.app)
  return toCall({ timestamp, sign }, { encrypt: encrypted })
}

/** A click has no id: `id` of the options has no place in it. */
export function signClick(
  { corp, cardSecret }: DingtalkApp,
  user: string,
  trackId: string,
  request: string,
  { tenant = corp }: SignOptions,
  at: number,
): SignedCall {
  const timestamp = String(at)
  const content = { cardPrivateData: { actionIds: ['deny'], params: { request } } }
  return toCall(
    { 'x-ddpaas-signature-timestamp': timestamp, 'x-ddpaas-signature': mac(cardSecret, timestamp) },
    { type: 'actionCallback', outTrackId: trackId, corpId: tenant, userId: user, content: JSON.stringify(content) },
  )
}

/** 16 random bytes, the length, the message and the trailer, padded to blocks of 32 bytes. */
export function encrypt(aesKey: string, message: string, trailer: string): string {
  const key = Buffer.from(`${aesKey}=`, 'base64')
  const body = Buffer.from(message)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  const content = Buffer.concat([randomBytes(16), length, body, Buffer.from(trailer)])
  const padding = PADDED_TO - (content.length % PADDED_TO)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([content, Buffer.alloc(padding, padding)])
  return Buffer.concat([cipher.update(padded), cipher.final()]).toString('base64')
}

function toCall(headers: Readonly<Record<string, string>>, body: object): SignedCall {
  const type = { 'content-type': 'application/json; charset=utf-8' }
  return { path: '/v1/chat/dingtalk', headers: { ...type, ...headers }, body: Buffer.from(JSON.stringify(body)) }
}

function mac(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64')
}

function newMessageId(): string {
  return `msg/${randomUUID()}==`
}
