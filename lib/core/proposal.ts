// What would run, exactly: the request, the instance as it was seen, and the rule that applies. Immutable; approvers sign its digest.
import { digestOf, type Digest } from './digest.ts'
import { requestIdSchema } from './request-id.ts'
import {
  accountIdSchema,
  audienceSchema,
  digestSchema,
  instanceIdSchema,
  instantSchema,
  lineSchema,
  nameSchema,
  platformSchema,
  regionIdSchema,
  toReadableInstant,
} from './words.ts'
import * as z from './zod.ts'

export const requesterSchema = z.strictObject({
  principal: nameSchema,
  via: z.enum(['api', 'webhook', 'timer', ...platformSchema.options]),
  /** The person behind a machine or a schedule; may not approve either. */
  onBehalfOf: z.optional(nameSchema),
})
export type Requester = z.infer<typeof requesterSchema>

/** The instance as DescribeInstances showed it when the request came in. */
export const seenInstanceSchema = z.strictObject({
  name: z.string(),
  type: z.string(),
  zone: z.string(),
  imageId: z.string(),
  chargeType: z.string(),
  status: z.string(),
  stoppedMode: z.string(),
  tags: z.record(z.string(), z.string()),
})

/** What the policy's rule asked for when the request came in. Today's rule must be satisfied too, whenever it is judged. */
export const appliedRuleSchema = z.strictObject({
  name: nameSchema,
  approvals: z.int().check(z.minimum(1)),
  approvers: z.array(nameSchema).check(z.minLength(1)),
  tool: z.enum(['any', 'own-tool']),
  /** At least one yes from each of these groups, by the members who may say it; absent when the rule asks for none. */
  oneOfEach: z.optional(
    z
      .array(z.strictObject({ group: nameSchema, approvers: z.array(nameSchema).check(z.minLength(1)) }))
      .check(z.minLength(1)),
  ),
  /** Milliseconds. */
  validFor: z.int().check(z.minimum(1)),
})
export type AppliedRule = z.infer<typeof appliedRuleSchema>

export const proposalSchema = z.strictObject({
  v: z.literal(1),
  audience: audienceSchema,
  policy: digestSchema,
  action: z.literal('ecs:StartInstance'),
  request: z.strictObject({
    id: requestIdSchema,
    accountId: accountIdSchema,
    regionId: regionIdSchema,
    instanceId: instanceIdSchema,
    initLocalDisk: z.boolean(),
    dryRun: z.boolean(),
    reason: lineSchema,
    requester: requesterSchema,
    createdAt: instantSchema,
    notBefore: z.nullable(instantSchema),
    expiresAt: instantSchema,
  }),
  instance: seenInstanceSchema,
  rule: appliedRuleSchema,
})
export type Proposal = z.infer<typeof proposalSchema>

export function digestProposal(proposal: Proposal): Digest {
  return digestOf('startgate-proposal/v1', proposal)
}

/**
 * The one line that an approver says yes to. Made of ids and times only: a name or a reason is text that somebody else
 * chose, and could be worded to mislead.
 */
export function sayProposal({ audience, request, rule }: Proposal): string {
  const parts = [
    `${request.dryRun ? 'dry-run the start of' : 'start'} ${request.instanceId} in ${request.regionId} of account ${request.accountId}`,
    `wipe local disks: ${request.initLocalDisk ? 'YES' : 'no'}`,
    ...(request.notBefore === null ? [] : [`not before ${toReadableInstant(request.notBefore)}`]),
    `valid until ${toReadableInstant(request.expiresAt)}`,
    `by rule ${rule.name}`,
    `asked by ${sayRequester(request.requester)}`,
    `for ${request.id} at ${audience}`,
  ]
  return parts.join(', ')
}

export function sayRequester({ principal, onBehalfOf }: Requester): string {
  return onBehalfOf === undefined ? principal : `${principal} on behalf of ${onBehalfOf}`
}
