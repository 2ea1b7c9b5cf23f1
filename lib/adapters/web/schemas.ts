// The form of what comes in over HTTP. The API's description is made of the same.
import { instanceOrAliasSchema } from '#core/alias.ts'
import { evidenceSchema } from '#core/statement.ts'
import { accountIdSchema, lineSchema, nameSchema, regionIdSchema } from '#core/words.ts'
import * as z from '#core/zod.ts'

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
  notBefore: z
    .optional(z.iso.datetime({ offset: true }))
    .check(z.describe('Start not before this instant, at most 7 days ahead.')),
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
