// A start was sent, or may have been: what a look at the instance then means.
import type { Durations } from './durations.ts'
import type { Look } from './ready.ts'
import { toDetail, type Answer, type RunEntry, type Runs } from './runs.ts'

export type Verdict =
  /** How it ended. */
  | { readonly put: RunEntry }
  /** `second_look`: it looks as if an accepted start fell back to Stopped; only another look a while later makes it certain. */
  | { readonly wait: 'later' | 'second_look' }

export interface FollowQuestion {
  readonly runs: Runs
  /** Undefined when the instance was not shown. */
  readonly look: Pick<Look, 'status' | 'locks' | 'expiresAt'> | undefined
  readonly now: number
  readonly durations: Durations
  /** True when an earlier look of the same invocation asked for a second one. */
  readonly second: boolean
}

type Seen = NonNullable<FollowQuestion['look']>

const none = { do: 'none' } as const

export function judgeFollow({ runs, look, now, durations, second }: FollowQuestion): Verdict {
  const { last, attempt } = runs
  if (last === undefined || attempt === undefined) throw new TypeError('there is nothing to follow before an attempt')
  // A dry run starts nothing, so the state of the instance tells nothing about it.
  if (attempt.body.dryRun) return { put: { type: 'refused', body: { answer: { code: 'DryRunUnclear' }, next: none } } }
  const attemptedAt = attempt.at
  const accepted = last.type === 'accepted'
  switch (look?.status) {
    case 'Running':
      return seen(look.status, !accepted)
    case 'Starting':
    case 'Pending':
      // Without an accepted answer somebody started it: perhaps this call, perhaps another hand. It will not be sent again.
      return accepted ? waitOrStuck() : seen(look.status, true)
    case 'Stopping':
      return seen(look.status, true)
    case 'Stopped':
      if (accepted) return fallenBack(last.at, look)
      return now - attemptedAt < durations.stillStopped ? later : stuck(toAnswer('StillStopped', look, now))
    default:
      return waitOrStuck()
  }

  function fallenBack(acceptedAt: number, stopped: Seen): Verdict {
    if (now - acceptedAt < durations.stillStopped) return later
    if (!second) return { wait: 'second_look' }
    return { put: { type: 'failed', body: { answer: toAnswer('FellBack', stopped, now), next: none } } }
  }

  function waitOrStuck(): Verdict {
    return now - attemptedAt < durations.giveUpLooking ? later : stuck({ code: 'NotSeen' })
  }
}

const later: Verdict = { wait: 'later' }

function seen(status: string, inferred: boolean): Verdict {
  return { put: { type: 'running', body: { inferred, status, next: none } } }
}

function stuck(answer: Answer): Verdict {
  return { put: { type: 'stuck', body: { answer, next: none } } }
}

/** ECS tells nobody why an instance is Stopped again; what keeps it from running now is as near as a look comes. */
function toAnswer(
  code: 'FellBack' | 'StillStopped',
  { locks, expiresAt = Number.POSITIVE_INFINITY }: Seen,
  now: number,
): Answer {
  const reasons = [
    ...(locks.length > 0 ? [`locked: ${locks.join(', ')}`] : []),
    ...(expiresAt <= now ? ['the instance has expired'] : []),
  ]
  return { code, ...(reasons.length > 0 ? { detail: toDetail(reasons.join('; ')) } : {}) }
}
