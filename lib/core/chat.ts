// Whom and where people are on the platforms that they chat on, and what they say and tap there.
import { exampleOf } from './chat-examples.ts'
import type { PolicyDocument } from './policy.ts'
import { requestIdSchema } from './request-id.ts'
import { instantSchema, platformSchema } from './words.ts'
import * as z from './zod.ts'

/** Ids are those that the platform gives out: visible ASCII, without what separates them here. */
const ID = '[A-Za-z0-9_.+=$-]{1,128}'
export const chatIdSchema = z.string().check(z.regex(new RegExp(`^${ID}$`)))

/**
 * A person on a platform, as the policy maps it to a name: `slack:T0123/U0456`, `feishu:<tenant_key>/<open_id>`,
 * `dingtalk:<corpId>/<userid>`.
 */
export const identitySchema = z.string().check(
  z.regex(new RegExp(`^(${platformSchema.options.join('|')}):${ID}/${ID}$`), {
    error: ({ input }) => `an identity looks like ${exampleOf('person', input)}`,
  }),
)

export const personSchema = z.strictObject({ platform: platformSchema, tenant: chatIdSchema, user: chatIdSchema })
export type ChatPerson = z.infer<typeof personSchema>

/** Where a message can be put: with one person, or in a group that the robot is in. `id` is the platform's. */
export const addressSchema = z.strictObject({
  platform: platformSchema,
  kind: z.enum(['person', 'group']),
  id: chatIdSchema,
})
export type Address = z.infer<typeof addressSchema>

/** No half of a character: what has one cannot be sealed. */
function isWhole(text: string): boolean {
  return !/\p{Cs}/u.test(text)
}

const eventBase = {
  /** Names this message or click among all of its platform. */
  id: z.string().check(z.minLength(1), z.maxLength(256), z.refine(isWhole)),
  by: personSchema,
  /** When it arrived, by the gate's clock. */
  at: instantSchema,
}

/** What a person did, when the platform's word for it was verified. Nothing of it is a yes. */
export const chatEventSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('said'),
    ...eventBase,
    where: addressSchema,
    text: z.string().check(z.maxLength(4000), z.refine(isWhole)),
  }),
  z.strictObject({ kind: z.literal('tapped'), ...eventBase, button: z.literal('deny'), request: requestIdSchema }),
])
export type ChatEvent = z.infer<typeof chatEventSchema>

export function toIdentity({ platform, tenant, user }: ChatPerson): string {
  return `${platform}:${tenant}/${user}`
}

/** An identity that `identitySchema` has let pass. */
export function fromIdentity(identity: string): ChatPerson {
  const [platform, tenant, user] = identity.split(/[:/]/)
  return personSchema.parse({ platform, tenant, user })
}

export function toPrivate({ platform, user }: ChatPerson): Address {
  return { platform, kind: 'person', id: user }
}

/** As the record names it: `slack/group/C0123`. */
export function toTarget({ platform, kind, id }: Address): string {
  return `${platform}/${kind}/${id}`
}

/** Undefined for a target of another kind: a receiver's name, or the log. */
export function fromTarget(target: string): Address | undefined {
  const [platform, kind, id, ...more] = target.split('/')
  const parsed = addressSchema.safeParse({ platform, kind, id })
  return parsed.success && more.length === 0 ? parsed.data : undefined
}

/** The person whom the policy maps this identity to. */
export function findChatPrincipal({ people }: Pick<PolicyDocument, 'people'>, person: ChatPerson): string | undefined {
  const identity = toIdentity(person)
  return Object.entries(people).find(([, { chat }]) => chat.includes(identity))?.[0]
}
