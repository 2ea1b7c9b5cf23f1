// The form of what comes in and goes out over HTTP. What comes in is parsed with these; the API's description is made of both.
import { instanceOrAliasSchema } from '#core/alias.ts'
import { digestSchema, proposalSchema, requesterSchema } from '#core/proposal.ts'
import { requestIdSchema } from '#core/request-id.ts'
import { headSchema } from '#core/row.ts'
import { evidenceSchema } from '#core/statement.ts'
import { accountIdSchema, instanceIdSchema, lineSchema, nameSchema, regionIdSchema } from '#core/words.ts'
import * as z from '#core/zod.ts'

const isoSchema = z.iso.datetime({ offset: true })

export const askSchema = z.strictObject({
  instanceId: instanceOrAliasSchema.check(z.describe('An instance id, or an alias of the policy.')),
  reason: lineSchema.check(z.describe('One line that approvers will read.')),
  accountId: z.optional(accountIdSchema).check(z.describe('Default: the account of the alias, or else of the gate.')),
  regionId: z.optional(regionIdSchema).check(z.describe('Default: the region of the alias, or else of the gate.')),
  initLocalDisk: z
    ._default(z.boolean(), false)
    .check(z.describe('Wipes the local disks. Needs a rule that allows it.')),
  dryRun: z
    ._default(z.boolean(), false)
    .check(z.describe('Goes all the way, but ECS only says whether it would start.')),
  notBefore: z.optional(isoSchema).check(z.describe('Start not before this instant, at most 7 days ahead.')),
  onBehalfOf: z.optional(nameSchema).check(z.describe('The person behind a machine; may not approve either.')),
})

/** An Idempotency-Key or webhook-id: names this ask among all of its caller's. */
export const askKeySchema = z
  .string()
  .check(z.regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 visible ASCII characters'))

export const decisionSchema = z.strictObject({
  decision: z.enum(['approve', 'deny']),
  evidence: evidenceSchema.check(z.describe('The signed statement. It is its own authentication.')),
})

export const cancellationSchema = z.strictObject({ reason: z.optional(lineSchema) })

export const listQuerySchema = z.strictObject({
  day: z.iso.date().check(z.describe('In UTC.')),
  cursor: z.optional(z.string().check(z.maxLength(200))),
})

export const eventsQuerySchema = z.strictObject({
  after: z
    ._default(
      z
        .string()
        .check(
          z.regex(/^(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})$/, 'must be two numbers, as `next` of the answer before'),
        ),
      '0.0',
    )
    .check(z.describe('How many rows of `asks` and of `runs` are known already.')),
})

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
