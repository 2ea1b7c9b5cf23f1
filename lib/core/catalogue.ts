// What each answer to StartInstance means: whether it proves that nothing happened, what may follow, and what to tell people.
import { entry, LOOKING, type CatalogueEntry } from './catalogue-entry.ts'
import { ECS_ANSWERS } from './catalogue-of-ecs.ts'

/** What the starter finds out by itself, before an answer or instead of one. */
const FINDINGS: readonly CatalogueEntry[] = [
  entry(
    'NotSent',
    'again_later',
    'operator',
    'ECS could not be reached from the starter.',
    'Check the network of the function, then ask again.',
  ),
  entry('NoAnswer', 'look', 'nobody', 'There was no clear answer from ECS.', LOOKING),
  entry(
    'PolicyChanged',
    'ended',
    'requester',
    'The policy of the starter does not allow this.',
    'Ask again, so that today’s rule applies.',
  ),
  entry(
    'AnotherDeployment',
    'ended',
    'operator',
    'This request was made for another deployment of Startgate.',
    'Ask there.',
  ),
  entry('OutOfBounds', 'ended', 'requester', 'The times of this request are not what the rule allows.', 'Ask again.'),
  entry(
    'InstanceChanged',
    'ended',
    'requester',
    'The instance is not what the approvers saw any more.',
    'Ask again, so that they see it as it is.',
  ),
  entry(
    'InstanceNotFound',
    'ended',
    'operator',
    'The instance does not exist any more, or the starter’s role may not see it.',
    'Check both, then ask again.',
  ),
  entry(
    'InstanceLocked',
    'ended',
    'operator',
    'The instance is locked.',
    'See its events in the ECS console, then ask again.',
  ),
  entry(
    'AlreadyRunning',
    'ended',
    'requester',
    'The instance runs already, so its local disks could not be wiped.',
    'Stop it first, then ask again.',
  ),
  entry(
    'FellBack',
    'ended',
    'operator',
    'ECS accepted the start, but the instance is Stopped again.',
    'See its events and its system log in the ECS console.',
  ),
  entry(
    'StillStopped',
    'ended',
    'operator',
    'A start may have been sent, but the instance is still Stopped.',
    'Look at it in the ECS console, then ask again.',
  ),
  entry(
    'NotSeen',
    'ended',
    'operator',
    'A start may have been sent, but the instance was not seen running in 30 minutes.',
    'Look at it in the ECS console.',
  ),
  entry(
    'DryRunUnclear',
    'ended',
    'requester',
    'The answer to the dry run was lost; nothing was started.',
    'Ask again.',
  ),
  entry(
    'NoMoreAttempts',
    'ended',
    'requester',
    'As many attempts as the rule allows were made, and none started the instance.',
    'Ask again later.',
  ),
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
  return broken
    ? entry([code, status], 'look', 'nobody', 'ECS had an error.', LOOKING)
    : entry(
        code,
        'ended',
        'operator',
        `Alibaba Cloud refused the start with ${code}.`,
        'See the code in its API Error Center, then ask again.',
      )
}
