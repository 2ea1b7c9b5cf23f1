// What each answer to StartInstance means: whether it proves that nothing happened, what may follow, and what to tell people.
import { entry, type CatalogueEntry } from './catalogue-entry.ts'
import { ECS_ANSWERS } from './catalogue-of-ecs.ts'

/** What the starter finds out by itself, before an answer or instead of one. */
const FINDINGS: readonly CatalogueEntry[] = [
  entry('NotSent', 'again_later', 'keeper', 'not_sent'),
  entry('NoAnswer', 'look', 'nobody', 'no_answer'),
  entry('PolicyChanged', 'ended', 'requester', 'policy_changed'),
  entry('AnotherDeployment', 'ended', 'requester', 'another_deployment'),
  entry('OutOfBounds', 'ended', 'requester', 'out_of_bounds'),
  entry('InstanceChanged', 'ended', 'requester', 'instance_changed'),
  entry('InstanceNotFound', 'ended', 'keeper', 'not_found'),
  entry('InstanceLocked', 'ended', 'operator', 'locked'),
  entry('AlreadyRunning', 'ended', 'operator', 'already_running'),
  entry('FellBack', 'ended', 'operator', 'fell_back'),
  entry('StillStopped', 'ended', 'operator', 'still_stopped'),
  entry('NotSeen', 'ended', 'operator', 'not_seen'),
  entry('DryRunUnclear', 'ended', 'requester', 'dry_run_unclear'),
  entry('NoMoreAttempts', 'ended', 'requester', 'no_more_attempts'),
]

export const CATALOGUE: readonly CatalogueEntry[] = [...ECS_ANSWERS, ...FINDINGS]

/**
 * An unknown code below 500 is a refusal that is never retried; any 5xx may have happened. A known code that came without
 * its status is taken at its worst.
 */
export function lookUp(code: string, status?: number): CatalogueEntry {
  const broken = status !== undefined && status >= 500
  const entries = CATALOGUE.filter((each) => each.code === code)
  const known =
    entries.find((each) => each.status === status || (each.status === undefined && !broken)) ??
    entries.find((each) => status === undefined && !each.provesNothingHappened)
  if (known !== undefined) return known
  return broken ? entry([code, status], 'look', 'nobody', 'ecs_error') : entry(code, 'ended', 'operator', 'unheard')
}
