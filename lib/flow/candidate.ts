import type { Asks } from '#core/asks.ts'
import type { Look } from '#core/ready.ts'
import type { Runs } from '#core/runs.ts'
import type { StarterDeps } from './deps.ts'

/** One request as the starter read it, and how to look at its instance. */
export interface Candidate {
  readonly digest: string
  readonly asks: Asks
  readonly runs: Runs
  readonly lookAt: LookAt
  /** How long to stay with an accepted start, ms; the sweep comes back by itself and does not stay. */
  readonly stay: number
}

export type LookAt = (regionId: string, instanceId: string) => Promise<Look | undefined>

export function lookNow({ looks }: Pick<StarterDeps, 'looks'>): LookAt {
  return async (regionId, instanceId) => (await looks.look(regionId, [instanceId])).get(instanceId)
}
