// Joins the starter with the world: what it looks at first, and what a start takes, which is loaded when there is one.
import type { Invocation } from '#adapters/fc/invocation.ts'
import type { Starter } from '#adapters/fc/open.ts'
import { readStarterConfig, type Environment } from '#lib/config.ts'
import { wireRecord } from '#lib/wire-record.ts'
import { createGround, keep, once, readBuild, readPolicy } from '#lib/wire.ts'

/** `artifact`: the folder of the build, where the policy and the build's name lie beside the code. */
export function wireStarter(env: Environment, artifact: URL): (invocation: Invocation) => Starter {
  return once((first, current) => {
    const policy = readPolicy(artifact)
    const config = readStarterConfig(env)
    const ground = createGround(config, first, current)
    const { asks, runs, open } = wireRecord(config, ground)
    const { clock, random, log } = ground
    const build = readBuild(artifact)
    return {
      first: { clock, random, log, policy, build, runs, open },
      deps: keep(async () => {
        const { wireStarterFlow } = await import('#lib/wire-starter-flow.ts')
        return { ...wireStarterFlow(config, policy, ground, first.functionName), asks, runs, open, build }
      }),
    }
  })
}
