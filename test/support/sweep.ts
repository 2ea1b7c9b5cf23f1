// A whole sweep, as the starter's timer makes it.
import type { StarterDeps } from '#flow/deps.ts'
import { findDue } from '#flow/due.ts'
import { sweep as sweepDue, type Swept } from '#flow/sweep.ts'

export async function sweep(deps: StarterDeps): Promise<Swept> {
  return sweepDue(deps, await findDue(deps))
}
