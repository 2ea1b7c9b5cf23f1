// Joins the starter's flow with the world.
import { createInstanceStarts } from '#adapters/ecs/starts.ts'
import type { Invocation } from '#adapters/fc/invocation.ts'
import { createBook } from '#adapters/tablestore/book.ts'
import { createOpenSet } from '#adapters/tablestore/open-set.ts'
import type { StarterDeps } from '#flow/deps.ts'
import { readStarterConfig, type Environment } from '#lib/config.ts'
import { join } from '#lib/wire-flow.ts'
import { createGround, once, readBuild, readPolicy } from '#lib/wire.ts'

/** `artifact`: the folder of the build, where the policy and the build's name lie beside the code. */
export function wireStarter(env: Environment, artifact: URL): (invocation: Invocation) => StarterDeps {
  return once((first, current) => {
    const policy = readPolicy(artifact)
    const config = readStarterConfig(env)
    const ground = createGround(config, first, current)
    const { driver, ecs, common } = join(config, policy, ground, first.functionName)
    return {
      ...common,
      asks: createBook(driver, 'asks'),
      runs: createBook(driver, 'runs'),
      open: createOpenSet(driver),
      starts: createInstanceStarts(ecs),
      build: readBuild(artifact),
    }
  })
}
