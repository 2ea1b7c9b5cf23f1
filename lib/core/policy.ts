// Who may ask, for which instances, and whose yes is needed: one strict file, compiled into the build.
import * as z from 'zod'
import { digestOf, type Digest } from './digest.ts'
import { DAY, HOUR, MINUTE, SECOND } from './durations.ts'
import { keySchema } from './key.ts'
import { lintPolicy, type PolicyFault } from './policy-lint.ts'
import { accountIdSchema, instanceIdSchema, lineSchema, nameSchema, regionIdSchema } from './words.ts'

const UNITS = { s: SECOND, m: MINUTE, h: HOUR, d: DAY } as const

const durationSchema = z
  .string()
  .regex(/^[1-9][0-9]{0,4}[smhd]$/, 'a duration looks like 30m, 2h or 1d')
  .transform((text) => Number(text.slice(0, -1)) * UNITS[text.at(-1) as keyof typeof UNITS])

const names = z.array(nameSchema)

const originSchema = z
  .url()
  .refine(
    (url) => URL.parse(url)?.origin === url && (url.startsWith('https:') || URL.parse(url)?.hostname === 'localhost'),
    'an origin is https:// and a host name, with a port if it has one, and nothing after it',
  )

const personSchema = z.strictObject({
  keys: z.array(keySchema).default([]),
  /** Receivers that hear of this person's own requests. */
  tell: names.default([]),
})

const machineSchema = personSchema.extend({
  /** The people that this machine may ask on behalf of. */
  mayActFor: names.default([]),
  /** How this machine signs its webhooks: `v1` with a secret from the environment, `v1a` with the keys given here. */
  webhook: z
    .strictObject({
      v1: z.boolean().default(false),
      v1a: z.array(z.string().regex(/^whpk_[A-Za-z0-9+/]{43}=$/)).default([]),
    })
    .optional(),
})

const scheduleSchema = z.strictObject({
  owner: nameSchema,
  ask: z.strictObject({
    accountId: accountIdSchema.optional(),
    regionId: regionIdSchema.optional(),
    instanceId: instanceIdSchema,
    reason: lineSchema,
    /** Start this long after the timer fired, so that it can be approved ahead. */
    startIn: durationSchema.optional(),
    initLocalDisk: z.boolean().default(false),
    dryRun: z.boolean().default(false),
  }),
})

const ruleSchema = z.strictObject({
  name: nameSchema,
  requesters: names.min(1),
  instances: z.strictObject({
    accounts: z.array(accountIdSchema).min(1).optional(),
    regions: z.array(regionIdSchema).min(1).optional(),
    ids: z.array(instanceIdSchema).min(1).optional(),
    tags: z.record(z.string().min(1), z.string()).default({}),
  }),
  approvals: z.int().min(1).max(5).default(1),
  approvers: names.min(1),
  tool: z.enum(['any', 'own-tool']).default('any'),
  validFor: durationSchema,
  /** StartInstance calls at most, counting those that are proven to have done nothing. */
  attempts: z.int().min(1).max(10).default(3),
  mayInitLocalDisk: z.boolean().default(false),
  /** A machine or schedule with nobody behind it needs two approvals, unless the rule says this in words. */
  machinesAlone: z.literal('one approval is enough').optional(),
  mayCancel: names.default([]),
  tell: names.default([]),
})
export type Rule = z.infer<typeof ruleSchema>

const policySchema = z.strictObject({
  /** Marks the policy that ships with the source: a deploy build refuses it. */
  example: z.boolean().default(false),
  /** Where people open the page. Passkeys are bound to this origin and to its host name, and count for no other. */
  page: z.strictObject({ origin: originSchema }).optional(),
  people: z.record(nameSchema, personSchema),
  machines: z.record(nameSchema, machineSchema).default({}),
  schedules: z.record(nameSchema, scheduleSchema).default({}),
  receivers: z.record(nameSchema, z.strictObject({ url: z.url({ protocol: /^https?$/ }) })).default({}),
  /** Who may list requests. */
  mayRead: names.default([]),
  rules: z.array(ruleSchema).min(1),
})
export type PolicyDocument = z.infer<typeof policySchema>
export type Policy = PolicyDocument & { readonly digest: Digest }

export type ParsedPolicy =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly faults: readonly PolicyFault[] }

/** The digest is taken over the document as it was written, so a new default in a later version does not change it. */
export function parsePolicy(document: unknown): ParsedPolicy {
  const parsed = policySchema.safeParse(document)
  if (!parsed.success) {
    return {
      ok: false,
      faults: parsed.error.issues.map(({ path, message }) => ({
        path: path.map(String),
        cause: message,
        cure: 'correct this entry',
      })),
    }
  }
  const faults = lintPolicy(parsed.data)
  return faults.length > 0
    ? { ok: false, faults }
    : { ok: true, policy: { ...parsed.data, digest: digestOf('startgate-policy/v1', document) } }
}
