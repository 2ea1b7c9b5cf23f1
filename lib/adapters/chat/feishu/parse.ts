// What a verified call of Feishu says: a message to the robot, a button that was tapped, or nothing for Startgate.
import { cut } from '#adapters/chat/fit.ts'
import { notOurs } from '#adapters/chat/not-ours.ts'
import { readJson } from '#adapters/chat/read-json.ts'
import { chatEventSchema } from '#core/chat.ts'
import type { PolicyDocument } from '#core/policy.ts'
import { requestIdSchema } from '#core/request-id.ts'
import * as z from '#core/zod.ts'
import type { ChatPlatform, Parsed } from '#ports/chat-platform.ts'
import type { Clock } from '#ports/world.ts'
import { handshakeSchema } from './verify.ts'

/** The app, as the policy names it. */
export type FeishuApp = Pick<NonNullable<PolicyDocument['chats']['feishu']>, 'tenant' | 'app' | 'site'>

/** What the button of a card sends back. */
export const denyValueSchema = z.strictObject({ startgate: z.literal('deny'), request: requestIdSchema })

// Feishu adds members to its events: those that are not named here are not looked at.
const callSchema = z.object({
  schema: z.literal('2.0'),
  header: z.object({ event_id: z.string(), event_type: z.string(), tenant_key: z.string(), app_id: z.string() }),
  event: z.unknown(),
})

const mentionSchema = z.object({
  key: z.string().check(z.minLength(1)),
  name: z.string(),
  mentioned_type: z.optional(z.string()),
})
type Mention = z.infer<typeof mentionSchema>

const saidSchema = z.object({
  sender: z.object({
    sender_id: z.nullish(z.object({ open_id: z.nullish(z.string()) })),
    sender_type: z.string(),
    tenant_key: z.nullish(z.string()),
  }),
  message: z.object({
    message_id: z.string(),
    chat_id: z.string(),
    chat_type: z.string(),
    message_type: z.string(),
    content: z.string(),
    mentions: z.nullish(z.array(mentionSchema)),
  }),
})

const textSchema = z.object({ text: z.string() })

const tappedSchema = z.object({
  operator: z.object({ open_id: z.string(), tenant_key: z.nullish(z.string()) }),
  action: z.object({ value: z.unknown() }),
})

const LONGEST_TEXT = 4000

export function createParse(chat: Pick<FeishuApp, 'tenant' | 'app'>, clock: Pick<Clock, 'now'>): ChatPlatform['parse'] {
  return (bytes) => {
    const call = readJson(bytes, z.union([handshakeSchema, callSchema]))
    if (call === undefined) return { flaw: 'shape' }
    if ('challenge' in call) return { kind: 'handshake', challenge: call.challenge }
    const { header, event } = call
    if (header.tenant_key !== chat.tenant) return notOurs('tenant', header.tenant_key)
    if (header.app_id !== chat.app) return notOurs('app', header.app_id)
    switch (header.event_type) {
      case 'im.message.receive_v1':
        return parseSaid(event, chat.tenant, clock.now())
      case 'card.action.trigger':
        return parseTapped(event, header.event_id, chat.tenant, clock.now())
      default:
        return { kind: 'ignored' }
    }
  }
}

function parseSaid(event: unknown, tenant: string, at: number): Parsed {
  const parsed = saidSchema.safeParse(event)
  if (!parsed.success) return { flaw: 'shape' }
  const { sender, message } = parsed.data
  if (sender.sender_type !== 'user' || message.message_type !== 'text') return { kind: 'ignored' }
  const mentions = message.mentions ?? []
  // An app that may read whole groups hears what people say to each other, too.
  if (message.chat_type !== 'p2p' && !mentions.some(isRobotPerhaps)) return { kind: 'ignored' }
  // In a group with other organisations theirs is another one than the app's.
  if (isOther(sender.tenant_key, tenant)) return notOurs('tenant', sender.tenant_key)
  const content = readJson(message.content, textSchema)
  if (content === undefined) return { flaw: 'shape' }
  const user = sender.sender_id?.open_id
  const where = message.chat_type === 'p2p' ? { kind: 'person', id: user } : { kind: 'group', id: message.chat_id }
  return toEvent({
    kind: 'said',
    id: message.message_id,
    by: { platform: 'feishu', tenant, user },
    at,
    where: { platform: 'feishu', ...where },
    text: cut(sayMentions(content.text, mentions), LONGEST_TEXT),
  })
}

function parseTapped(event: unknown, id: string, tenant: string, at: number): Parsed {
  const parsed = tappedSchema.safeParse(event)
  if (!parsed.success) return { flaw: 'shape' }
  const { operator, action } = parsed.data
  if (isOther(operator.tenant_key, tenant)) return notOurs('tenant', operator.tenant_key)
  const value = denyValueSchema.safeParse(action.value)
  if (!value.success) return { kind: 'ignored' }
  const by = { platform: 'feishu', tenant, user: operator.open_id }
  return toEvent({ kind: 'tapped', id, by, at, button: 'deny', request: value.data.request })
}

function isOther(tenant: string | null | undefined, own: string): tenant is string {
  return typeof tenant === 'string' && tenant !== own
}

function toEvent(event: unknown): Parsed {
  const parsed = chatEventSchema.safeParse(event)
  return parsed.success ? parsed.data : { flaw: 'shape' }
}

/** Not every event says what is mentioned. */
function isRobotPerhaps({ mentioned_type: type }: Mention): boolean {
  return type !== 'user'
}

/**
 * Whoever is mentioned stands in the text as `@_user_1`. The robot, and whoever is called before the first word, is left out;
 * other people are named.
 */
function sayMentions(text: string, mentions: readonly Mention[]): string {
  const byKey = new Map(mentions.map((mention) => [mention.key, mention]))
  const words = text.trim().split(/(@_user_[0-9]+)/)
  let begun = false
  return words
    .map((word) => {
      const mention = byKey.get(word)
      begun ||= mention === undefined && word.trim() !== ''
      if (mention === undefined) return word
      return begun && (mention.mentioned_type ?? 'user') === 'user' ? `@${mention.name}` : ''
    })
    .join('')
    .trim()
}
