// The environment, read once into typed values; every problem is named in one error. Secrets are a type of their own, so
// that a configuration can be shown and logged.
import * as z from 'zod'
import { DURATIONS, durationFaults, scaleDurations, type Durations } from '#core/durations.ts'
import type { Policy } from '#core/policy.ts'

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
}

export interface Rotating {
  readonly current: string
  readonly previous?: string
}

export interface GateSecrets {
  readonly viewKey: Rotating
  /** `whsk_…`: the Ed25519 key that signs what the gate tells. */
  readonly signingKey: string
  /** `whsec_…` by the name of the machine or receiver that shares it. */
  readonly callers: Readonly<Record<string, Rotating>>
  readonly receivers: Readonly<Record<string, Rotating>>
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

const httpUrl = z.url({ protocol: /^https?$/ }).refine((url) => !url.endsWith('/'), 'must not end with a slash')
const functionName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/, 'must be a function name')

const commonSchema = z.object({
  TABLESTORE_ENDPOINT: httpUrl,
  TABLESTORE_INSTANCE: z.string().regex(/^[a-z][a-z0-9-]{1,19}[a-z0-9]$/, 'must be the name of a Tablestore instance'),
  ECS_ENDPOINT: z.string().min(1),
  // Function Compute keeps names that begin with FC_ to itself.
  INVOKE_ENDPOINT: httpUrl.optional(),
  GATE_FUNCTION: functionName,
  STARTER_FUNCTION: functionName,
  TIME_SCALE: z.coerce.number().min(1).max(20).default(1),
})

const viewKeySchema = z.string().min(32, 'must have at least 32 characters')
const signingKeySchema = z.string().regex(/^whsk_[A-Za-z0-9+/]+={0,2}$/, 'must be whsk_ and a key in base64')
const sharedSecretSchema = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, 'must be whsec_ and at least 24 bytes in base64')

const gateSchema = commonSchema.extend({
  PUBLIC_URL: httpUrl,
  VIEW_KEY: viewKeySchema,
  VIEW_KEY_PREVIOUS: viewKeySchema.optional(),
  GATE_SIGNING_KEY: signingKeySchema,
})

export function readStarterConfig(env: Environment): Config {
  const { values, problems } = parse(commonSchema, env)
  return toConfig(values, problems)
}

/** Which shared secrets there must be follows from the policy. */
export function readGateConfig(
  env: Environment,
  policy: Policy,
): { readonly config: GateConfig; readonly secrets: GateSecrets } {
  const { values, problems } = parse(gateSchema, env)
  const signing = Object.keys(policy.machines).filter((name) => policy.machines[name]?.webhook?.v1)
  const callers = readShared(env, 'CALLER_SECRET', signing, problems)
  for (const name of signing)
    if (callers[name] === undefined)
      problems.push(`${toVariable('CALLER_SECRET', name)} is missing: ${name} signs with v1`)
  const receivers = readShared(env, 'RECEIVER_SECRET', Object.keys(policy.receivers), problems)
  const origin = policy.page?.origin
  if (values !== undefined && origin !== undefined && new URL(values.PUBLIC_URL).origin !== origin)
    problems.push(`PUBLIC_URL: must begin with ${origin}, the page.origin of the policy: passkeys count there alone`)
  const config = toConfig(values, problems)
  if (values === undefined) throw new ConfigError(problems)
  const viewKey = {
    current: values.VIEW_KEY,
    ...(values.VIEW_KEY_PREVIOUS === undefined ? {} : { previous: values.VIEW_KEY_PREVIOUS }),
  }
  return {
    config: { ...config, publicUrl: values.PUBLIC_URL },
    secrets: { viewKey, signingKey: values.GATE_SIGNING_KEY, callers, receivers },
  }
}

/** An empty variable counts as missing: deployment tools leave such behind. */
function parse<Schema extends z.ZodType>(
  schema: Schema,
  env: Environment,
): { values: z.infer<Schema> | undefined; problems: string[] } {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = schema.safeParse(present)
  if (parsed.success) return { values: parsed.data, problems: [] }
  const problems = parsed.error.issues.map(({ path, message }) => {
    const name = path.join('.')
    return name in present ? `${name}: ${message}` : `${name} is missing`
  })
  return { values: undefined, problems }
}

function toConfig(values: z.infer<typeof commonSchema> | undefined, problems: readonly string[]): Config {
  if (values === undefined || problems.length > 0) throw new ConfigError(problems)
  // Shorter graces are safe only where every clock and time limit is shortened with them.
  if (values.TIME_SCALE !== 1 && !isLoopback(values.TABLESTORE_ENDPOINT)) {
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

function isLoopback(url: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname)
}

function toVariable(prefix: string, name: string): string {
  return `${prefix}_${name.toUpperCase().replaceAll('-', '_')}`
}

function readShared(
  env: Environment,
  prefix: string,
  names: readonly string[],
  problems: string[],
): Record<string, Rotating> {
  const secrets: Record<string, Rotating> = {}
  for (const name of names) {
    const variable = toVariable(prefix, name)
    const [current, previous] = [variable, `${variable}_PREVIOUS`].map((each) => readSecret(env, each, problems))
    if (current !== undefined) secrets[name] = { current, ...(previous === undefined ? {} : { previous }) }
  }
  return secrets
}

function readSecret(env: Environment, variable: string, problems: string[]): string | undefined {
  const value = env[variable]
  if (value === undefined || value === '') return undefined
  const parsed = sharedSecretSchema.safeParse(value)
  if (!parsed.success) problems.push(`${variable}: ${parsed.error.issues[0]?.message ?? 'is not right'}`)
  return value
}
