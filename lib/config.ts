// The environment, read once into typed values; every problem is named in one error. What both functions have, and all that the
// starter has.
import { DURATIONS, durationFaults, scaleDurations, type Durations } from '#core/durations.ts'
import { isLoopback } from '#core/loopback.ts'
import * as z from '#core/zod.ts'
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

export const httpUrl = z
  .url({ protocol: /^https?$/ })
  .check(z.refine((url) => !url.endsWith('/'), 'must not end with a slash'))
const functionName = z.string().check(z.regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/, 'must be a function name'))

export const commonSchema = z.object({
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

export function readStarterConfig(env: Environment): Config {
  const { values, problems } = parseVariables(commonSchema, env)
  return toConfig(values, problems)
}

export function toConfig(values: z.infer<typeof commonSchema> | undefined, problems: readonly string[]): Config {
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
