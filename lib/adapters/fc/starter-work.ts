// What the starter does when there is something to start. Loaded then: most sweeps find nothing.
import type { RequestId } from '#core/request-id.ts'
import type { StarterDeps } from '#flow/deps.ts'
import { start, type Started } from '#flow/start.ts'
import { sweep } from '#flow/sweep.ts'
import type { OpenEntry } from '#ports/open-set.ts'
import { failIfAny, logFaults, orFailPlainly } from './failure.ts'

export async function startOne(deps: StarterDeps, request: RequestId): Promise<Started> {
  return orFailPlainly(deps.log, `starting ${request}`, () => start(deps, request))
}

export async function startDue(deps: StarterDeps, due: readonly OpenEntry[]): Promise<Started> {
  const { log } = deps
  const { seen, worked, left, faults, started } = await orFailPlainly(log, 'sweep', () => sweep(deps, due))
  log.info('swept', { seen, worked, left, faults: faults.length })
  if (started === 'unsettled') logFaults(log, 'sweep', faults)
  else failIfAny(log, 'sweep', faults, worked)
  return started
}
