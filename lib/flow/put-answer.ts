// What an answer to StartInstance leads to: it is followed, looked into, tried again, or the end.
import type { Follow } from '#core/catalogue-entry.ts'
import { lookUp } from '#core/catalogue.ts'
import type { Proposal } from '#core/proposal.ts'
import { findRuleOf } from '#core/rule.ts'
import type { Answer, Next, Runs } from '#core/runs.ts'
import type { StartAnswer } from '#ports/instances.ts'
import type { StarterDeps } from './deps.ts'
import { putRun } from './put-run.ts'

export const NONE: Next = { do: 'none' }
export const LOOK: Next = { do: 'look' }

/** Records what ECS said, and with it what is to be done next. */
export async function putAnswer(
  deps: StarterDeps,
  digest: string,
  proposal: Proposal,
  runs: Runs,
  answer: Exclude<StartAnswer, { kind: 'unsettled' }>,
): Promise<Runs | 'taken'> {
  switch (answer.kind) {
    case 'accepted':
      return putRun(deps, digest, runs, { type: 'accepted', body: { requestId: answer.requestId, next: LOOK } })
    case 'no_answer':
      return putRun(deps, digest, runs, {
        type: 'unclear',
        body: { answer: { code: 'NoAnswer', detail: answer.detail }, next: LOOK },
      })
    case 'not_sent':
      return putCode(deps, digest, proposal, runs, { code: 'NotSent', detail: answer.detail })
    case 'answered':
      return putCode(deps, digest, proposal, runs, answer.answer, answer.retryAfter)
  }
}

async function putCode(
  deps: StarterDeps,
  digest: string,
  proposal: Proposal,
  runs: Runs,
  answer: Answer,
  pause = 0,
): Promise<Runs | 'taken'> {
  const { follow: what } = lookUp(answer.code, answer.status)
  switch (what) {
    case 'passed':
      // Said about a call that was none, it means that nothing was started.
      return proposal.request.dryRun
        ? putRun(deps, digest, runs, { type: 'accepted', body: { requestId: answer.requestId ?? '', next: NONE } })
        : putRun(deps, digest, runs, { type: 'refused', body: { answer, next: NONE } })
    case 'look':
      return putRun(deps, digest, runs, { type: 'unclear', body: { answer, next: LOOK } })
    case 'ended':
      return putRun(deps, digest, runs, { type: 'refused', body: { answer, next: NONE } })
    default:
      return putRun(deps, digest, runs, {
        type: 'refused',
        body: { answer, next: nextAttempt(deps, proposal, runs, what, pause) },
      })
  }
}

/** A further attempt only within what today's rule allows, and only after an answer that proves nothing happened. */
export function nextAttempt(
  { policy, clock, durations }: StarterDeps,
  proposal: Proposal,
  runs: Runs,
  what: Again,
  pause = 0,
): Next {
  if (runs.attempts >= (findRuleOf(policy, proposal)?.attempts ?? 1)) return NONE
  const pauses = {
    again_soon: durations.againSoon,
    again_later: durations.againLater,
    again_much_later: durations.againMuchLater,
  }
  const at = Math.ceil(clock.now() + Math.max(pauses[what], pause))
  // ECS may ask for any number, and nothing is started after that time anyway.
  return { do: 'again', at: Math.min(at, proposal.request.expiresAt) }
}

type Again = Extract<Follow, `again_${string}`>
