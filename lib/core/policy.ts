// Who may ask, for which instances, and whose yes is needed: one strict file, compiled into the build.
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
import * as z from './zod.ts'

const UNITS = { s: SECOND, m: MINUTE, h: HOUR, d: DAY } as const

const durationSchema = z.pipe(
  z.string().check(z.regex(/^[1-9][0-9]{0,4}[smhd]$/, 'a duration looks like 30m, 2h or 1d')),
  z.transform((text) => Number(text.slice(0, -1)) * UNITS[text.at(-1) as keyof typeof UNITS]),
)

const names = z.array(nameSchema)

/** What a browser binds passkeys to: a name of the DNS under TLS, or this very computer. */
const ORIGIN = /^(https:\/\/([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])?|http:\/\/localhost)(:[0-9]+)?$/

const originSchema = z
  .url({ abort: true })
  .check(
    z.refine(
      (url) => ORIGIN.test(url) && new URL(url).origin === url,
      'an origin is https:// and a host name, with a port if it has one, and nothing after it',
    ),
  )

const personSchema = z.strictObject({
  keys: z._default(z.array(keySchema), []).check(z.describe('Public keys, each valid from `from` until `until`.')),
  tell: z._default(names, []).check(z.describe('Receivers that hear of the requests of this person.')),
  chat: chatSchema,
})

const machineSchema = z.strictObject({
  keys: z._default(z.array(keySchema), []).check(z.describe('Public keys that this machine signs its calls with.')),
  tell: z._default(names, []).check(z.describe('Receivers that hear of the requests of this machine.')),
  mayActFor: z
    ._default(names, [])
    .check(z.describe('The people, or groups of people, that this machine may ask on behalf of.')),
  webhook: z
    .optional(
      z.strictObject({
        v1: z._default(z.boolean(), false).check(z.describe('With a secret from the environment.')),
        v1a: z
          ._default(
            z.array(
              z
                .string()
                .check(
                  z.regex(
                    /^whpk_[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/,
                    'a webhook key is whpk_ and 32 bytes in base64',
                  ),
                ),
            ),
            [],
          )
          .check(z.describe('With these Ed25519 keys.')),
      }),
    )
    .check(z.describe('How this machine signs its webhooks.')),
})

const scheduleSchema = z.strictObject({
  owner: nameSchema.check(z.describe('The person behind it, who may not approve its requests.')),
  ask: z
    .strictObject({
      accountId: z.optional(accountIdSchema).check(z.describe('Default: the account of the gate.')),
      regionId: z.optional(regionIdSchema).check(z.describe('Default: the region of the gate.')),
      instanceId: instanceOrAliasSchema.check(z.describe('An instance id or an alias.')),
      reason: lineSchema.check(z.describe('One line that approvers will read.')),
      startIn: z
        .optional(durationSchema)
        .check(z.describe('Start this long after the timer fired, so that it can be approved ahead.')),
      initLocalDisk: z
        ._default(z.boolean(), false)
        .check(z.describe('Wipes the local disks; needs a rule that allows it.')),
      dryRun: z._default(z.boolean(), false).check(z.describe('ECS only says whether it would start.')),
    })
    .check(z.describe('What is asked when a timer names this schedule.')),
})

const ruleSchema = z.strictObject({
  name: nameSchema.check(z.describe('Approvers read it in what they sign.')),
  requesters: names.check(z.minLength(1), z.describe('Who may ask: people, groups, machines, schedules.')),
  instances: z
    .strictObject({
      accounts: z.optional(z.array(accountIdSchema).check(z.minLength(1))).check(z.describe('Account ids.')),
      regions: z.optional(z.array(regionIdSchema).check(z.minLength(1))).check(z.describe('Region ids.')),
      ids: z
        .optional(z.array(instanceOrAliasSchema).check(z.minLength(1)))
        .check(z.describe('Instance ids and aliases.')),
      tags: z
        ._default(z.record(z.string().check(z.minLength(1)), z.string()), {})
        .check(z.describe('The instance must have all of these.')),
    })
    .check(z.describe('Which instances it is for; what is left out may be anything.')),
  approvals: z
    ._default(z.int().check(z.minimum(1), z.maximum(5)), 1)
    .check(z.describe('How many different people have to say yes.')),
  approvers: names.check(
    z.minLength(1),
    z.describe('The people and groups that may say yes, with those of oneOfEach.'),
  ),
  oneOfEach: z
    .optional(names.check(z.minLength(1)))
    .check(z.describe('Groups that must each say yes, by at least one of their people.')),
  tool: z
    ._default(z.enum(['any', 'own-tool']), 'any')
    .check(z.describe('own-tool: at least one yes is signed with a tool of one’s own, not on the page.')),
  validFor: durationSchema.check(
    z.refine((ms) => ms <= HORIZON, 'a request is good for 30 days at most'),
    z.describe('How long a request can be approved and started, 30 days at most.'),
  ),
  hours: z
    .optional(z.array(hoursSchema).check(z.minLength(1)))
    .check(z.describe('When a start is allowed, in the time zone of the policy; it waits until then.')),
  attempts: z
    ._default(z.int().check(z.minimum(1), z.maximum(10)), 3)
    .check(z.describe('StartInstance calls at most, counting those that are proven to have done nothing.')),
  mayInitLocalDisk: z
    ._default(z.boolean(), false)
    .check(z.describe('Whether one may ask that the local disks be wiped.')),
  machinesAlone: z
    .optional(z.literal('one approval is enough'))
    .check(z.describe('Without these words a machine or schedule with nobody behind it needs two approvals.')),
  mayCancel: z._default(names, []).check(z.describe('Who may take back requests of others.')),
  tell: z._default(names, []).check(z.describe('Receivers that hear of requests under this rule.')),
})
export type Rule = z.infer<typeof ruleSchema>

export const policySchema = z.strictObject({
  example: z
    ._default(z.boolean(), false)
    .check(z.describe('Marks the policy that ships with the source: a deploy build refuses it.')),
  page: z
    .optional(
      z.strictObject({
        origin: originSchema.check(z.describe('https:// and the host name, as the browser shows it.')),
      }),
    )
    .check(z.describe('Where people open the page. Passkeys are bound to this origin and to its host name.')),
  timeZone: z._default(timeZoneSchema, 'UTC').check(z.describe('Of the hours of all rules, as IANA names it.')),
  people: z.record(nameSchema, personSchema).check(z.describe('Who can ask and approve, and their keys.')),
  groups: z
    ._default(z.record(nameSchema, names), {})
    .check(z.describe('People under one name, which may stand wherever people are listed.')),
  machines: z
    ._default(z.record(nameSchema, machineSchema), {})
    .check(z.describe('What asks by itself. Machines never approve.')),
  schedules: z._default(z.record(nameSchema, scheduleSchema), {}).check(z.describe('What timers ask for.')),
  receivers: z
    ._default(z.record(nameSchema, receiverSchema), {})
    .check(z.describe('Webhook addresses and chat groups that hear how requests stand.')),
  chats: chatsSchema,
  aliases: z
    ._default(z.record(nameSchema, aliasSchema), {})
    .check(z.describe('Names that may stand for an instance id.')),
  mayRead: z._default(names, []).check(z.describe('Who may list requests.')),
  freezes: z
    ._default(z.array(freezeSchema), [])
    .check(z.describe('Times in which nothing is started; approved requests wait.')),
  rules: z
    .array(ruleSchema)
    .check(z.minLength(1), z.describe('The first rule that matches applies; where none does, nothing is started.')),
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
