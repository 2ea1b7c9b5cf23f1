// What the gate may answer. It is believed in nothing: unknown members are dropped, and what is missing is a fault.
import { proposalSchema, requesterSchema } from '#core/proposal.ts'
import { requestIdSchema } from '#core/request-id.ts'
import { actorSchema, headSchema } from '#core/row.ts'
import { digestSchema, audienceSchema, instanceIdSchema, instantSchema } from '#core/words.ts'
import * as z from '#core/zod.ts'

const text = z.string().check(z.maxLength(4000))
const instant = z.union([
  instantSchema,
  z.pipe(
    z.iso.datetime({ offset: true }),
    z.transform((iso) => Date.parse(iso)),
  ),
])
const headsSchema = z.object({ asks: headSchema, runs: headSchema })

export const summarySchema = z.object({
  id: requestIdSchema,
  state: z.string().check(z.maxLength(40)),
  digest: digestSchema,
  says: text,
  review: z.optional(text),
  expiresAt: instant,
  head: headsSchema,
})
export type Summary = z.infer<typeof summarySchema>

/** An answer to a decision or a cancellation. */
export const decidedSchema = z.extend(summarySchema, { outcome: z.optional(z.string().check(z.maxLength(40))) })

export const shownSchema = z.extend(summarySchema, {
  proposal: proposalSchema,
  final: z.boolean(),
  view: z.object({
    headline: text,
    warnings: z.array(z.object({ key: z.string().check(z.maxLength(40)), text })).check(z.maxLength(50)),
    timeline: z.array(z.object({ at: instantSchema, who: text, what: text })).check(z.maxLength(500)),
  }),
})
export type Shown = z.infer<typeof shownSchema>

const itemSchema = z.extend(summarySchema, {
  headline: text,
  instanceId: instanceIdSchema,
  requester: requesterSchema,
  createdAt: instant,
})
export type Item = z.infer<typeof itemSchema>

export const listSchema = z.object({
  items: z.array(itemSchema).check(z.maxLength(1000)),
  cursor: z.nullish(z.string().check(z.maxLength(2000))),
})

/** Strict: a member that the hash does not cover could say anything. */
const rowSchema = z.strictObject({
  book: z.enum(['asks', 'runs']),
  stream: z.string().check(z.maxLength(100)),
  n: z.int().check(z.minimum(1)),
  id: z.string().check(z.maxLength(100)),
  type: z.string().check(z.maxLength(40)),
  at: instantSchema,
  actor: actorSchema,
  body: z.unknown(),
  prev: z.string().check(z.maxLength(64)),
  hash: digestSchema,
})
const rowsSchema = z.array(rowSchema).check(z.maxLength(1000))

export const eventsSchema = z.object({ events: rowsSchema, heads: headsSchema })

export const receiptSchema = z.object({
  v: z.literal(1),
  kind: z.literal('startgate-receipt'),
  audience: audienceSchema,
  asks: rowsSchema,
  runs: rowsSchema,
})
export type Receipt = z.infer<typeof receiptSchema>

export const problemSchema = z.object({
  title: text,
  status: z.int(),
  detail: text,
  errors: z.optional(z.array(z.object({ path: text, message: text })).check(z.maxLength(100))),
})
