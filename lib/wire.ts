// Joins the flow with the world, for both functions: what they share. This and the `wire-` files alone pick adapters; each
// function has one of its own, so that neither loads what only the other one needs. Everything is made at the first
// invocation and kept for the life of the instance; only the credentials change with each one.
import { readFileSync } from 'node:fs'
import type * as fc from '#adapters/fc/invocation.ts'
import { createInstanceLooks } from '#adapters/ecs/looks.ts'
import { createEvidenceVerifier } from '#adapters/evidence/verifier.ts'
import { createHints } from '#adapters/fc/hints.ts'
import { createLog } from '#adapters/log.ts'
import { createDriver } from '#adapters/tablestore/driver.ts'
import { createClock, createRandom } from '#adapters/world.ts'
import { parsePolicy, type Policy } from '#core/policy.ts'
import type { Config } from '#lib/config.ts'

/** One request at a time runs in an instance, so the latest invocation is always the one that runs. */
type Current = () => fc.Invocation

export function once<Wired>(
  wire: (first: fc.Invocation, current: Current) => Wired,
): (invocation: fc.Invocation) => Wired {
  let wired: Wired | undefined
  let current: fc.Invocation
  return (invocation) => {
    current = invocation
    wired ??= wire(invocation, () => current)
    return wired
  }
}

/** What both functions share. `starter` is the name that approvals are worth something for. */
export function join(
  config: Config,
  policy: Policy,
  { accountId, regionId }: fc.Invocation,
  current: Current,
  starter: string,
) {
  const { durations } = config
  const clock = createClock()
  const credentials = (): fc.Credentials => current().credentials
  const log = createLog({ clock, call: () => current().requestId })
  const { endpoint, instance } = config.tablestore
  const driver = createDriver({ endpoint, instanceName: instance, credentials, durations, clock, log })
  const ecs = { endpoint: config.ecsEndpoint, accountId, credentials, durations }
  const functions = { gate: config.gateFunction, starter: config.starterFunction }
  const fcEndpoint = config.fcEndpoint === undefined ? {} : { endpoint: config.fcEndpoint }
  const invoking = { accountId, regionId, credentials, ...fcEndpoint }
  const hints = createHints({ ...invoking, functions, durations, log })
  const common = {
    clock,
    random: createRandom(),
    log,
    durations,
    policy,
    audience: `${accountId}/${regionId}/${starter}`,
    evidence: createEvidenceVerifier(),
    looks: createInstanceLooks(ecs),
    hints,
  }
  return { driver, ecs, invoking, common }
}

export function readPolicy(artifact: URL): Policy {
  const parsed = parsePolicy(readJson(artifact, 'policy.json'))
  // The build has refused a wrong one, so this artifact was changed by hand.
  if (!parsed.ok)
    throw new Error(
      `policy.json is refused: ${parsed.faults.map(({ path, cause }) => `${path.join('.')}: ${cause}`).join('; ')}`,
    )
  return parsed.policy
}

export function readBuild(artifact: URL): string {
  const { version, commit } = readJson(artifact, 'build.json') as { version?: unknown; commit?: unknown }
  return `${String(version)} ${String(commit)}`
}

export function readJson(artifact: URL, file: string): unknown {
  return JSON.parse(readText(artifact, file))
}

export function readText(artifact: URL, file: string): string {
  return readFileSync(new URL(file, artifact), 'utf8')
}
