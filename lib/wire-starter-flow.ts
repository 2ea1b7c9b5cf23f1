// Joins what a start takes with the world.
import { createInstanceStarts } from '#adapters/ecs/starts.ts'
import type { Policy } from '#core/policy.ts'
import type { StarterDeps } from '#flow/deps.ts'
import type { Config } from '#lib/config.ts'
import { join } from '#lib/wire-flow.ts'
import type { Ground } from '#lib/wire.ts'

export function wireStarterFlow(
  config: Config,
  policy: Policy,
  ground: Ground,
  starter: string,
): Omit<StarterDeps, 'asks' | 'runs' | 'open' | 'build'> {
  const { ecs, common } = join(config, policy, ground, starter)
  return { ...common, starts: createInstanceStarts(ecs) }
}
