import { cut } from '#adapters/chat/fit.ts'
import { notOurs } from '#adapters/chat/not-ours.ts'
import { readJson } from '#adapters/chat/read-json.ts'
import { addressSchema, chatEventSchema, personSchema, type Address } from '#core/chat.ts'
import type { PolicyDocument } from '#core/policy.ts'
import { isRequestId } from '#core/request-id.ts'
import * as z from '#core/zod.ts'
import type { Parsed } from '#ports/chat-platform.ts'
import type { Clock } from '#ports/world.ts'
import { readCall } from './call.ts'
import { toGroupId } from './group-id.ts'
import { DENY } from './template.ts'
import { isTrackIdOf } from './track-id.ts'

export interface ParseOptions {
  readonly chat: Pick<NonNullable<PolicyDocument['chats']['dingtalk']>, 'corp' | 'app' | 'robot'>
  readonly clock: Pick<Clock, 'now'>
}

const LONGEST_TEXT = 4000

const messageSchema = z.object({
  msgtype: z.string(),
  msgId: z.string().check(z.minLength(1), z.maxLength(256)),
  senderCorpId: z.string(),
  /** The userid; empty for people of other organisations, and before the robot is published. */
  senderStaffId: z.string().check(z.minLength(1)),
  chatbotCorpId: z.string(),
  robotCode: z.string(),
  conversationType: z.string(),
  conversationId: z.string(),
})
const textSchema = z.object({ text: z.object({ content: z.string() }) })

export const callbackSchema = z.object({
  type: z.string(),
  corpId: z.string(),
  userId: z.string(),
  outTrackId: z.string(),
  content: z.string(),
})
export const contentSchema = z.object({
  cardPrivateData: z.object({ actionIds: z.array(z.string()), params: z.object({ request: z.string() }) }),
})

export function createParse({ chat, clock }: ParseOptions): (bytes: Uint8Array) => Parsed {
  function parseMessage(body: string): Parsed {
    const message = readJson(body, messageSchema)
    if (message === undefined) return { flaw: 'message' }
    const { msgtype, msgId, senderCorpId, senderStaffId, chatbotCorpId, robotCode, ...conversation } = message
    if (chatbotCorpId !== chat.corp) return notOurs('corp', chatbotCorpId)
    if (senderCorpId !== chat.corp) return notOurs('corp', senderCorpId)
    if (robotCode !== chat.robot) return notOurs('robot', robotCode)
    const said = readJson(body, textSchema)
    if (msgtype !== 'text' || said === undefined) return { kind: 'ignored' }
    const by = { platform: 'dingtalk', tenant: senderCorpId, user: senderStaffId }
    const where = toAddress(conversation, senderStaffId)
    if (where === undefined) return { flaw: 'conversation' }
    // A command is short: the rest of a longer text is not worth a refusal that nobody would see.
    const text = cut(said.text.content.trim(), LONGEST_TEXT)
    const event = chatEventSchema.safeParse({ kind: 'said', id: msgId, by, at: clock.now(), where, text })
    return event.success ? event.data : { flaw: 'message' }
  }

  function parseCallback(body: string, at: string): Parsed {
    const callback = readJson(body, callbackSchema)
    if (callback === undefined) return { flaw: 'callback' }
    const { type, corpId, userId, outTrackId, content } = callback
    if (corpId !== chat.corp) return notOurs('corp', corpId)
    if (!isTrackIdOf(chat.app, outTrackId)) return { flaw: 'card' }
    const by = personSchema.safeParse({ platform: 'dingtalk', tenant: corpId, user: userId })
    if (!by.success) return { flaw: 'callback' }
    const tapped = readJson(content, contentSchema)
    if (type !== 'actionCallback' || tapped === undefined) return { kind: 'ignored' }
    const { actionIds, params } = tapped.cardPrivateData
    if (actionIds.length !== 1 || actionIds[0] !== DENY || !isRequestId(params.request)) return { kind: 'ignored' }
    // A click has no id of its own.
    const id = `${outTrackId}/${userId}/${at}`
    return { kind: 'tapped', id, by: by.data, at: clock.now(), button: 'deny', request: params.request }
  }

  return (bytes) => {
    const call = readCall(bytes)
    if (call === undefined) return { flaw: 'bytes' }
    return call.kind === 'robot' ? parseMessage(call.body) : parseCallback(call.body, call.at)
  }
}

/** `conversationType` is 1 for a talk with the robot alone, and 2 for a group. */
function toAddress(
  { conversationType, conversationId }: { readonly conversationType: string; readonly conversationId: string },
  user: string,
): Address | undefined {
  const ids: Readonly<Record<string, Pick<Address, 'kind'> & { readonly id: string | undefined }>> = {
    '1': { kind: 'person', id: user },
    '2': { kind: 'group', id: toGroupId(conversationId) },
  }
  return addressSchema.safeParse({ platform: 'dingtalk', ...ids[conversationType] }).data
}
