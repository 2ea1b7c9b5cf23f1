// The environment, read once into typed values; every problem is named in one error. Secrets are a type of their own, so
// that a configuration can be shown and logged.
import { parseSigningKey } from '#adapters/webhook/keys.ts'
import { DURATIONS, durationFaults, scaleDurations, type Durations } from '#core/durations.ts'
import { isLoopback, LOOPBACK_ORIGIN } from '#core/loopback.ts'
import type { Policy } from '#core/policy.ts'
import { toRotating, type Rotating } from '#core/rotating.ts'
import * as z from '#core/zod.ts'
import { readPolicySecrets, type PolicySecrets } from './config-secrets.ts'
import { parseVariables } from './variables.ts'

export interface Config {
  readonly tablestore: { readonly endpoint: string; readonly instance: string }
  /** A host, with `<region>` where the region goes: `ecs-vpc.<region>.aliyuncs.com`. */
  readonly ecsEndpoint: string
  /** Where functions are invoked. Without one the SDK takes the public one of its account and region. */
  readonly fcEndpoint: string | undefined
  readonly gateFunction: string
  readonly starterFunction: string
  readonly durations: Durations
}

export interface GateConfig extends Config {
  /** Where people reach the gate, without a slash at the end. */
  readonly publicUrl: string
  /** Only the local cloud has chat peers of its own; the platforms are where they are. */
  readonly chatEndpoint: string | undefined
}

export interface GateSecrets extends PolicySecrets {
  readonly viewKey: Rotating
  /** `whsk_…`: the Ed25519 key that signs what the gate tells. */
  readonly signingKey: string
}

/** Thrown when the environment is not complete and right; `problems` has one sentence for each fault. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`the environment is not complete: ${problems.join('; ')}`)
    this.problems = problems
  }
}

export type Environment = Readonly<Record<string, string | undefined>>

const httpUrl = z
  .url({ protocol: /^https?$/ })
  .check(z.refine((url) => !url.endsWith('/'), 'must not end with a slash'))
const functionName = z.string().check(z.regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/, 'must be a function name'))

const commonSchema = z.object({
  TABLESTORE_ENDPOINT: httpUrl,
  TABLESTORE_INSTANCE: z
    .string()
    .check(z.regex(/^[a-z][a-z0-9-]{1,19}[a-z0-9]$/, 'must be the name of a Tablestore instance')),
  ECS_ENDPOINT: z.string().check(z.minLength(1)),
  // Function Compute keeps names that begin with FC_ to itself.
  INVOKE_ENDPOINT: z.optional(httpUrl),
  GATE_FUNCTION: functionName,
  STARTER_FUNCTION: functionName,
  TIME_SCALE: z._default(z.coerce.number().check(z.minimum(1), z.maximum(20)), 1),
})

const viewKeySchema = z.string().check(z.minLength(32, 'must have at least 32 characters'))
/** `whsk_` and 32 bytes in base64. */
const SEED_ALONE = 5 + 44
/** 32 bytes, or 64 with the public half. */
const signingKeySchema = z.string().check(
  z.regex(/^whsk_([A-Za-z0-9+/]{43}=?|[A-Za-z0-9+/]{86}={0,2})$/, {
    error: 'must be whsk_ and 32 or 64 bytes in base64',
    abort: true,
  }),
  z.refine(isSigningKey, 'its two halves do not belong together'),
)
/** Whoever it leads to is given the secrets of the chat platforms. */
const loopbackUrl = z
  .string()
  .check(
    z.regex(
      LOOPBACK_ORIGIN,
      'must be http:// on this very computer, with a port and nothing after it: it is for the local cloud only',
    ),
  )

const gateSchema = z.extend(commonSchema, {
  PUBLIC_URL: httpUrl,
  VIEW_KEY: viewKeySchema,
  VIEW_KEY_PREVIOUS: z.optional(viewKeySchema),
  GATE_SIGNING_KEY: signingKeySchema,
  CHAT_ENDPOINT: z.optional(loopbackUrl),
})

export function readStarterConfig(env: Environment): Config {
  const { values, problems } = parseVariables(commonSchema, env)
  return toConfig(values, problems)
}

/** Which secrets of others there must be follows from the policy. */
export function readGateConfig(
  env: Environment,
  policy: Policy,
): { readonly config: GateConfig; readonly secrets: GateSecrets } {
  const { values, problems: own } = parseVariables(gateSchema, env)
  const problems = [...own]
  const secrets = readPolicySecrets(env, policy, problems)
  const origin = policy.page?.origin
  if (values !== undefined && origin !== undefined && new URL(values.PUBLIC_URL).origin !== origin)
    problems.push(`PUBLIC_URL: must begin with ${origin}, the page.origin of the policy: passkeys count there alone`)
  const config = toConfig(values, problems)
  if (values === undefined) throw new ConfigError(problems)
  const viewKey = toRotating(values.VIEW_KEY, values.VIEW_KEY_PREVIOUS)
  return {
    config: { ...config, publicUrl: values.PUBLIC_URL, chatEndpoint: values.CHAT_ENDPOINT },
    secrets: { ...secrets, viewKey, signingKey: values.GATE_SIGNING_KEY },
  }
}

function toConfig(values: z.infer<typeof commonSchema> | undefined, problems: readonly string[]): Config {
  if (values === undefined || problems.length > 0) throw new ConfigError(problems)
  // Shorter graces are safe only where every clock and time limit is shortened with them.
  if (values.TIME_SCALE !== 1 && !isLoopback(new URL(values.TABLESTORE_ENDPOINT).hostname)) {
    throw new ConfigError(['TIME_SCALE is for the local cloud only'])
  }
  const durations = values.TIME_SCALE === 1 ? DURATIONS : scaleDurations(DURATIONS, values.TIME_SCALE)
  const faults = durationFaults(durations)
  if (faults.length > 0) throw new ConfigError(faults)
  return {
    tablestore: { endpoint: values.TABLESTORE_ENDPOINT, instance: values.TABLESTORE_INSTANCE },
    ecsEndpoint: values.ECS_ENDPOINT,
    fcEndpoint: values.INVOKE_ENDPOINT,
    gateFunction: values.GATE_FUNCTION,
    starterFunction: values.STARTER_FUNCTION,
    durations,
  }
}

/**
 * A gate that could sign nothing must not come up: it would take what is said, and fail at all that follows. Any 32 bytes
 * are a key; of two halves, each start of a function finds out whether they belong together.
 */
function isSigningKey(text: string): boolean {
  if (text.length <= SEED_ALONE) return true
  try {
    parseSigningKey(text)
    return true
  } catch {
    return false
  }
}
