// Who may ask, for which instances, and whose yes is needed: one strict file, compiled into the build.
import * as z from 'zod'
import { aliasSchema, instanceOrAliasSchema } from './alias.ts'
import { freezeSchema, hoursSchema, timeZoneSchema } from './calendar-form.ts'
import { HORIZON } from './calendar.ts'
import { digestOf, type Digest } from './digest.ts'
import { DAY, HOUR, MINUTE, SECOND } from './durations.ts'
import { keySchema } from './key-form.ts'
import { chatSchema, chatsSchema, receiverSchema } from './policy-chats.ts'
import { toPolicyFaults } from './policy-faults.ts'
import { lintPolicy, type PolicyFault } from './policy-lint.ts'
import { resolveNames } from './resolve-names.ts'
import { accountIdSchema, lineSchema, nameSchema, regionIdSchema } from './words.ts'

const UNITS = { s: SECOND, m: MINUTE, h: HOUR, d: DAY } as const

const durationSchema = z
  .string()
  .regex(/^[1-9][0-9]{0,4}[smhd]$/, 'a duration looks like 30m, 2h or 1d')
  .transform((text) => Number(text.slice(0, -1)) * UNITS[text.at(-1) as keyof typeof UNITS])

const names = z.array(nameSchema)

/** What a browser binds passkeys to: a name of the DNS under TLS, or this very computer. */
const ORIGIN = /^(https:\/\/([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])?|http:\/\/localhost)(:[0-9]+)?$/

const originSchema = z
  .url({ abort: true })
  .refine(
    (url) => ORIGIN.test(url) && new URL(url).origin === url,
    'an origin is https:// and a host name, with a port if it has one, and nothing after it',
  )

const personSchema = z.strictObject({
  keys: z.array(keySchema).default([]).describe('Public keys, each valid from `from` until `until`.'),
  tell: names.default([]).describe('Receivers that hear of the requests of this person.'),
  chat: chatSchema,
})

const machineSchema = z.strictObject({
  keys: z.array(keySchema).default([]).describe('Public keys that this machine signs its calls with.'),
  tell: names.default([]).describe('Receivers that hear of the requests of this machine.'),
  mayActFor: names.default([]).describe('The people, or groups of people, that this machine may ask on behalf of.'),
  webhook: z
    .strictObject({
      v1: z.boolean().default(false).describe('With a secret from the environment.'),
      v1a: z
        .array(
          z
            .string()
            .regex(/^whpk_[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/, 'a webhook key is whpk_ and 32 bytes in base64'),
        )
        .default([])
        .describe('With these Ed25519 keys.'),
    })
    .optional()
    .describe('How this machine signs its webhooks.'),
})

const scheduleSchema = z.strictObject({
  owner: nameSchema.describe('The person behind it, who may not approve its requests.'),
  ask: z
    .strictObject({
      accountId: accountIdSchema.optional().describe('Default: the account of the gate.'),
      regionId: regionIdSchema.optional().describe('Default: the region of the gate.'),
      instanceId: instanceOrAliasSchema.describe('An instance id or an alias.'),
      reason: lineSchema.describe('One line that approvers will read.'),
      startIn: durationSchema
        .optional()
        .describe('Start this long after the timer fired, so that it can be approved ahead.'),
      initLocalDisk: z.boolean().default(false).describe('Wipes the local disks; needs a rule that allows it.'),
      dryRun: z.boolean().default(false).describe('ECS only says whether it would start.'),
    })
    .describe('What is asked when a timer names this schedule.'),
})

const ruleSchema = z.strictObject({
  name: nameSchema.describe('Approvers read it in what they sign.'),
  requesters: names.min(1).describe('Who may ask: people, groups, machines, schedules.'),
  instances: z
    .strictObject({
      accounts: z.array(accountIdSchema).min(1).optional().describe('Account ids.'),
      regions: z.array(regionIdSchema).min(1).optional().describe('Region ids.'),
      ids: z.array(instanceOrAliasSchema).min(1).optional().describe('Instance ids and aliases.'),
      tags: z.record(z.string().min(1), z.string()).default({}).describe('The instance must have all of these.'),
    })
    .describe('Which instances it is for; what is left out may be anything.'),
  approvals: z.int().min(1).max(5).default(1).describe('How many different people have to say yes.'),
  approvers: names.min(1).describe('The people and groups that may say yes, with those of oneOfEach.'),
  oneOfEach: names.min(1).optional().describe('Groups that must each say yes, by at least one of their people.'),
  tool: z
    .enum(['any', 'own-tool'])
    .default('any')
    .describe('own-tool: at least one yes is signed with a tool of one’s own, not on the page.'),
  validFor: durationSchema
    .refine((ms) => ms <= HORIZON, 'a request is good for 30 days at most')
    .describe('How long a request can be approved and started, 30 days at most.'),
  hours: z
    .array(hoursSchema)
    .min(1)
    .optional()
    .describe('When a start is allowed, in the time zone of the policy; it waits until then.'),
  attempts: z
    .int()
    .min(1)
    .max(10)
    .default(3)
    .describe('StartInstance calls at most, counting those that are proven to have done nothing.'),
  mayInitLocalDisk: z.boolean().default(false).describe('Whether one may ask that the local disks be wiped.'),
  machinesAlone: z
    .literal('one approval is enough')
    .optional()
    .describe('Without these words a machine or schedule with nobody behind it needs two approvals.'),
  mayCancel: names.default([]).describe('Who may take back requests of others.'),
  tell: names.default([]).describe('Receivers that hear of requests under this rule.'),
})
export type Rule = z.infer<typeof ruleSchema>

export const policySchema = z.strictObject({
  example: z
    .boolean()
    .default(false)
    .describe('Marks the policy that ships with the source: a deploy build refuses it.'),
  page: z
    .strictObject({ origin: originSchema.describe('https:// and the host name, as the browser shows it.') })
    .optional()
    .describe('Where people open the page. Passkeys are bound to this origin and to its host name.'),
  timeZone: timeZoneSchema.default('UTC').describe('Of the hours of all rules, as IANA names it.'),
  people: z.record(nameSchema, personSchema).describe('Who can ask and approve, and their keys.'),
  groups: z
    .record(nameSchema, names)
    .default({})
    .describe('People under one name, which may stand wherever people are listed.'),
  machines: z.record(nameSchema, machineSchema).default({}).describe('What asks by itself. Machines never approve.'),
  schedules: z.record(nameSchema, scheduleSchema).default({}).describe('What timers ask for.'),
  receivers: z
    .record(nameSchema, receiverSchema)
    .default({})
    .describe('Webhook addresses and chat groups that hear how requests stand.'),
  chats: chatsSchema,
  aliases: z.record(nameSchema, aliasSchema).default({}).describe('Names that may stand for an instance id.'),
  mayRead: names.default([]).describe('Who may list requests.'),
  freezes: z.array(freezeSchema).default([]).describe('Times in which nothing is started; approved requests wait.'),
  rules: z
    .array(ruleSchema)
    .min(1)
    .describe('The first rule that matches applies; where none does, nothing is started.'),
})
export type PolicyDocument = z.infer<typeof policySchema>
/** Wherever a group or an alias was written, there are its people and its instance. */
export type Policy = PolicyDocument & { readonly digest: Digest }

export type ParsedPolicy =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly faults: readonly PolicyFault[] }

/** The digest is taken over the document as it was written, so a new default in a later version does not change it. */
export function parsePolicy(document: unknown): ParsedPolicy {
  const parsed = policySchema.safeParse(document)
  if (!parsed.success) {
    return { ok: false, faults: toPolicyFaults(parsed.error.issues, policySchema, document) }
  }
  const faults = lintPolicy(parsed.data)
  return faults.length > 0
    ? { ok: false, faults }
    : { ok: true, policy: { ...resolveNames(parsed.data), digest: digestOf('startgate-policy/v1', document) } }
}
