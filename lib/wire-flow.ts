// Joins the flow with the world, for both functions: what they share.
import { createInstanceLooks } from '#adapters/ecs/looks.ts'
import { createEvidenceVerifier } from '#adapters/evidence/verifier.ts'
import { createHints } from '#adapters/fc/hints.ts'
import type { Policy } from '#core/policy.ts'
import type { Config } from '#lib/config.ts'
import { toAudience, type Ground } from '#lib/wire.ts'

/** `starter` is the name that approvals are worth something for. */
export function join(config: Config, policy: Policy, ground: Ground, starter: string) {
  const { durations } = config
  const { clock, random, log, accountId, credentials } = ground
  const ecs = { endpoint: config.ecsEndpoint, accountId, credentials, durations }
  const functions = { gate: config.gateFunction, starter: config.starterFunction }
  const common = {
    clock,
    random,
    log,
    durations,
    policy,
    audience: toAudience(ground, starter),
    evidence: createEvidenceVerifier(),
    looks: createInstanceLooks(ecs),
    hints: createHints({ ...ground, functions, durations }),
  }
  return { ecs, functions, common }
}
