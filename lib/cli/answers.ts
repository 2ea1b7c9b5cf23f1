// What the gate may answer. It is believed in nothing: unknown members are dropped, and what is missing is a fault.
import * as z from 'zod'
import { digestSchema, proposalSchema, requesterSchema } from '#core/proposal.ts'
import { requestIdSchema } from '#core/request-id.ts'
import { actorSchema, headSchema } from '#core/row.ts'
import { audienceSchema, instanceIdSchema, instantSchema } from '#core/words.ts'

const text = z.string().max(4000)
const instant = z.union([instantSchema, z.iso.datetime({ offset: true }).transform((iso) => Date.parse(iso))])
const headsSchema = z.object({ asks: headSchema, runs: headSchema })

export const summarySchema = z.object({
  id: requestIdSchema,
  state: z.string().max(40),
  digest: digestSchema,
  says: text,
  review: text.optional(),
  expiresAt: instant,
  head: headsSchema,
})
export type Summary = z.infer<typeof summarySchema>

/** An answer to a decision or a cancellation. */
export const decidedSchema = summarySchema.extend({ outcome: z.string().max(40).optional() })

export const shownSchema = summarySchema.extend({
  proposal: proposalSchema,
  final: z.boolean(),
  view: z.object({
    headline: text,
    warnings: z.array(z.object({ key: z.string().max(40), text })).max(50),
    timeline: z.array(z.object({ at: instantSchema, who: text, what: text })).max(500),
  }),
})
export type Shown = z.infer<typeof shownSchema>

const itemSchema = summarySchema.extend({
  headline: text,
  instanceId: instanceIdSchema,
  requester: requesterSchema,
  createdAt: instant,
})
export type Item = z.infer<typeof itemSchema>

export const listSchema = z.object({
  items: z.array(itemSchema).max(1000),
  cursor: z.string().max(2000).nullish(),
})

/** Strict: a member that the hash does not cover could say anything. */
const rowSchema = z.strictObject({
  book: z.enum(['asks', 'runs']),
  stream: z.string().max(100),
  n: z.int().min(1),
  id: z.string().max(100),
  type: z.string().max(40),
  at: instantSchema,
  actor: actorSchema,
  body: z.unknown(),
  prev: z.string().max(64),
  hash: digestSchema,
})
const rowsSchema = z.array(rowSchema).max(1000)

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
  errors: z
    .array(z.object({ path: text, message: text }))
    .max(100)
    .optional(),
})
