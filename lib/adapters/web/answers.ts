// The form of what goes out over HTTP, for the API's description and whoever reads the answers; the functions make them without.
import { proposalSchema, requesterSchema } from '#core/proposal.ts'
import { requestIdSchema } from '#core/request-id.ts'
import { headSchema } from '#core/row.ts'
import { digestSchema, instanceIdSchema, nameSchema } from '#core/words.ts'
import * as z from '#core/zod.ts'

const isoSchema = z.iso.datetime({ offset: true })

const headsSchema = z.strictObject({ asks: headSchema, runs: headSchema })

export const summarySchema = z.strictObject({
  id: requestIdSchema,
  state: z.string().check(z.describe('pending, ready, waiting, starting, running, denied, …')),
  digest: digestSchema.check(z.describe('SHA-256 of the proposal: what an approval names.')),
  says: z.string().check(z.describe('The line that an approver signs.')),
  review: z.url(),
  expiresAt: isoSchema,
  head: headsSchema.check(z.describe('The last rows of both books of the record.')),
})
export type Summary = z.infer<typeof summarySchema>

export const viewSchema = z.strictObject({
  language: z.enum(['en', 'zh']).check(z.describe('Of all its sentences but `says`.')),
  id: requestIdSchema,
  state: z.string(),
  final: z.boolean(),
  headline: z.string(),
  says: z.string(),
  digest: digestSchema,
  facts: z.array(z.strictObject({ key: z.string(), label: z.string(), value: z.string() })),
  warnings: z.array(z.strictObject({ key: z.string(), text: z.string() })),
  approvals: z.strictObject({
    needed: z.int(),
    by: z.array(z.string()),
    open: z.array(z.string()),
    groups: z
      .array(z.strictObject({ group: z.string(), approvers: z.array(z.string()) }))
      .check(z.describe('Those of which one yes is needed and nobody has said it.')),
  }),
  timeline: z.array(z.strictObject({ at: z.int(), who: z.string(), what: z.string() })),
  heads: headsSchema,
})

export const detailSchema = z.extend(summarySchema, { proposal: proposalSchema, view: viewSchema, final: z.boolean() })

export const decidedSchema = z.extend(summarySchema, {
  outcome: z
    .optional(z.enum(['stopped', 'too_late']))
    .check(z.describe('Of a denial or cancellation. too_late: a start may be under way, or is being checked.')),
})

export const listSchema = z.strictObject({
  items: z.array(
    z.extend(summarySchema, {
      headline: z.string(),
      instanceId: instanceIdSchema,
      requester: requesterSchema,
      createdAt: z.iso.datetime(),
    }),
  ),
  cursor: z.optional(z.string()).check(z.describe('For the next page; missing at the end.')),
})

const rowSchema = z.strictObject({
  book: z.enum(['asks', 'runs']),
  stream: z.string(),
  n: z.int().check(z.minimum(1)),
  id: z.string(),
  type: z.string(),
  at: z.int(),
  actor: z.union([z.strictObject({ principal: nameSchema }), z.strictObject({ function: z.string() })]),
  body: z.unknown(),
  prev: z.string(),
  hash: digestSchema,
})

export const eventsSchema = z.strictObject({ events: z.array(rowSchema), heads: headsSchema, next: z.string() })

export const receiptSchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('startgate-receipt'),
  audience: z.string(),
  asks: z.array(rowSchema),
  runs: z.array(rowSchema),
})

export const healthSchema = z.strictObject({ healthy: z.boolean(), problems: z.array(z.string()), open: z.int() })

export const keySetSchema = z.strictObject({
  keys: z.array(
    z.strictObject({
      kty: z.literal('OKP'),
      crv: z.literal('Ed25519'),
      x: z.string(),
      kid: z.string(),
      use: z.literal('sig'),
      alg: z.literal('EdDSA'),
    }),
  ),
})
export type PublicJwk = z.infer<typeof keySetSchema>['keys'][number]

export const problemSchema = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z.optional(z.array(z.strictObject({ path: z.string(), message: z.string() }))),
})
