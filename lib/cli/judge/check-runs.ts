// Whether the entries of `runs` can follow each other: nothing is sent twice, and nothing comes after the end.
import { lookUp } from '#core/catalogue.ts'
import type { Policy } from '#core/policy.ts'
import type { Proposal } from '#core/proposal.ts'
import { findRule } from '#core/rule.ts'
import type { RunEvent, Runs } from '#core/runs.ts'
import { toChecks, type Check } from './check.ts'

export interface RunsQuestion {
  readonly runs: Runs
  readonly policy: Policy
  readonly proposal: Proposal
}

export function checkRuns({ runs, policy, proposal }: RunsQuestion): readonly Check[] {
  const { request, instance } = proposal
  const rule = findRule(policy, request.requester.principal, { ...request, tags: instance.tags })
  return toChecks('runs', 'What was done follows the rules for attempts.', [
    ...runs.events.map((event, index) => {
      const fault = findFault(event, runs.events[index - 1], request.dryRun)
      return fault && `Entry ${event.n} of runs (${event.type}) ${fault}.`
    }),
    ...runs.events.map(({ n, actor }) =>
      'function' in actor && actor.function === 'starter' ? undefined : `Entry ${n} of runs is not the starter’s.`,
    ),
    rule !== undefined && runs.attempts > rule.attempts
      ? `There were ${runs.attempts} attempts, and rule ${rule.name} allows ${rule.attempts}.`
      : undefined,
  ])
}

function findFault(event: RunEvent, before: RunEvent | undefined, dryRun: boolean): string | undefined {
  const after = before?.body.next.do ?? 'again'
  if (after === 'none') return 'comes after the end'
  const { next } = event.body
  switch (event.type) {
    case 'attempted':
      if (after === 'look') return 'is a second start while the first may have had an effect'
      return next.do === 'look' ? undefined : 'does not say that only looking may follow'
    case 'accepted':
      if (before?.type !== 'attempted') return 'answers no attempt'
      return next.do === 'look' || (dryRun && next.do === 'none') ? undefined : 'is accepted, and yet not looked after'
    case 'unclear':
      if (before?.type !== 'attempted') return 'answers no attempt'
      return next.do === 'look' ? undefined : 'is unclear, and yet not only looked into'
    case 'refused':
      return findRefusalFault(event, before)
    case 'stood_down':
      return before?.type === 'attempted' || after === 'confirm' ? undefined : 'gives up what was never begun'
    case 'satisfied':
      return after === 'look' ? 'says that nothing had to be started, after an attempt' : undefined
    case 'running':
    case 'failed':
    case 'stuck':
      if (after !== 'look') return 'tells the end of no attempt'
      return next.do === 'none' ? undefined : 'tells the end, and yet goes on'
  }
}

/** Only an answer that proves that nothing happened may be followed by another attempt. */
function findRefusalFault(
  { body: { answer, next } }: Extract<RunEvent, { type: 'refused' }>,
  before: RunEvent | undefined,
): string | undefined {
  const attempted = before?.type === 'attempted'
  const unsettled = before?.body.next.do === 'look' && !attempted
  if (unsettled && answer.code !== 'DryRunUnclear') return 'refuses what was sent already'
  if (attempted && !lookUp(answer.code, answer.status).provesNothingHappened)
    return `is no proof that nothing happened (${answer.code})`
  return next.do === 'look' ? 'is refused, and yet looked into' : undefined
}
