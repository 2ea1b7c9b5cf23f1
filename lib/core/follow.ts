// A start was sent, or may have been: what a look at the instance then means.
import type { Durations } from './durations.ts'
import type { RunEntry, Runs } from './runs.ts'

export type Verdict =
  /** How it ended. */
  | { readonly put: RunEntry }
  /** `second_look`: it looks as if an accepted start fell back to Stopped; only another look a while later makes it certain. */
  | { readonly wait: 'later' | 'second_look' }

export interface FollowQuestion {
  readonly runs: Runs
  /** `Running`, `Starting`, `Stopped`, …; undefined when the instance was not shown. */
  readonly status: string | undefined
  readonly now: number
  readonly durations: Durations
  /** True when an earlier look of the same invocation asked for a second one. */
  readonly second: boolean
}

const none = { do: 'none' } as const

export function judgeFollow({ runs, status, now, durations, second }: FollowQuestion): Verdict {
  const { last, attempt } = runs
  if (last === undefined || attempt === undefined) throw new TypeError('there is nothing to follow before an attempt')
  // A dry run starts nothing, so the state of the instance tells nothing about it.
  if (attempt.body.dryRun) return { put: { type: 'refused', body: { answer: { code: 'DryRunUnclear' }, next: none } } }
  const attemptedAt = attempt.at
  const accepted = last.type === 'accepted'
  switch (status) {
    case 'Running':
      return seen(status, !accepted)
    case 'Starting':
    case 'Pending':
      // Without an accepted answer somebody started it: perhaps this call, perhaps another hand. It will not be sent again.
      return accepted ? waitOrStuck() : seen(status, true)
    case 'Stopping':
      return seen(status, true)
    case 'Stopped':
      if (accepted) return fallenBack(last.at)
      return now - attemptedAt < durations.stillStopped ? later : stuck('StillStopped')
    default:
      return waitOrStuck()
  }

  function fallenBack(acceptedAt: number): Verdict {
    if (now - acceptedAt < durations.stillStopped) return later
    if (!second) return { wait: 'second_look' }
    return { put: { type: 'failed', body: { answer: { code: 'FellBack' }, next: none } } }
  }

  function waitOrStuck(): Verdict {
    return now - attemptedAt < durations.giveUpLooking ? later : stuck('NotSeen')
  }
}

const later: Verdict = { wait: 'later' }

function seen(status: string, inferred: boolean): Verdict {
  return { put: { type: 'running', body: { inferred, status, next: none } } }
}

function stuck(code: 'StillStopped' | 'NotSeen'): Verdict {
  return { put: { type: 'stuck', body: { answer: { code }, next: none } } }
}
