// The functions of s.yaml, run from the built artifact against the local cloud.

import { readFileSync } from 'node:fs'
import { parseServiceFile } from '#infra/s-yaml.ts'
import type { Endpoints } from './cloud.ts'
import type { LocalSpine } from './create-spine.ts'
import { type FunctionCompute, createFunctionCompute } from './fc/function-compute.ts'
import { type FunctionDefinitions, toDefinitions } from './fc/from-s-yaml.ts'
import type { FunctionComputeOptions } from './fc/local-function.ts'

export interface DeployedFunctionsOptions extends Omit<
  FunctionComputeOptions,
  'spine' | 'definitions' | 'artifact' | 'environment'
> {
  /** The directory that is deployed: `dist/function`. */
  readonly artifact: string
  /** What the gate alone gets besides the endpoints: its secrets, `VIEW_KEY` and `GATE_SIGNING_KEY` among them. */
  readonly environment: Readonly<Record<string, string>>
  /** At most so many instances of each function, where this machine has fewer processors than s.yaml counts on. */
  readonly reservedConcurrency?: { readonly gate: number; readonly starter: number }
}

/** For the `functions` option of `createLocalCloud`. */
export function deployedFunctions(options: DeployedFunctionsOptions): (place: CloudPlace) => FunctionCompute {
  const { artifact, environment, reservedConcurrency, ...rest } = options
  const deployed = readDefinitions()
  const definitions = {
    gate: { ...deployed.gate, ...(reservedConcurrency && { reservedConcurrency: reservedConcurrency.gate }) },
    starter: { ...deployed.starter, ...(reservedConcurrency && { reservedConcurrency: reservedConcurrency.starter }) },
  }

  return ({ spine, endpoints }) => {
    for (const role of ['gate', 'starter'] as const) {
      const { functionName } = definitions[role]
      // RAM would refuse every hint, and nobody would see why.
      if (functionName !== spine.names[role])
        throw new Error(`RAM knows the ${role} as ${spine.names[role]}, not ${functionName}`)
    }
    return createFunctionCompute({
      ...rest,
      spine,
      definitions,
      artifact: { gate: artifact, starter: artifact },
      environment: toEnvironments({ ...rest, environment }, { spine, endpoints }),
    })
  }
}

export interface CloudPlace {
  readonly spine: LocalSpine
  readonly endpoints: Endpoints
}

export function readDefinitions(): FunctionDefinitions {
  return toDefinitions(parseServiceFile(readFileSync(new URL('../../s.yaml', import.meta.url), 'utf8')))
}

/** What each function finds in its environment, besides the platform's own variables. */
export function toEnvironments(
  { environment, timeScale = 1 }: Pick<DeployedFunctionsOptions, 'environment' | 'timeScale'>,
  { spine, endpoints }: CloudPlace,
): Readonly<Record<'gate' | 'starter', Readonly<Record<string, string>>>> {
  const shared = {
    TABLESTORE_ENDPOINT: endpoints.ots,
    TABLESTORE_INSTANCE: spine.names.instance,
    // A host, as the SDK wants it.
    ECS_ENDPOINT: new URL(endpoints.ecs[spine.region] ?? '').host,
    INVOKE_ENDPOINT: endpoints.fc,
    GATE_FUNCTION: spine.names.gate,
    STARTER_FUNCTION: spine.names.starter,
    TIME_SCALE: String(timeScale),
  }
  return { gate: { ...shared, PUBLIC_URL: endpoints.http['gate'] ?? '', ...environment }, starter: shared }
}
