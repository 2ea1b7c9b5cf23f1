// The fold of both books: where a request stands. Time ends what no writer ends, so no state waits for anybody.
import { toYeses, type Asks } from './asks.ts'
import type { Durations } from './durations.ts'
import { headOf, type Head } from './row.ts'
import { isEnough } from './rule.ts'
import type { Runs } from './runs.ts'
import { FINAL_STATES, type STATES } from './words.ts'

export type FinalState = (typeof FINAL_STATES)[number]
export type State = (typeof STATES)[number]

export function isFinalState(state: string): state is FinalState {
  return FINAL_STATES.some((each) => each === state)
}

export interface Standing {
  readonly state: State
  /** Final is final: no row and no time changes it any more. */
  readonly final: boolean
  /** When the state began, epoch ms: retry times of telling count from here. */
  readonly since: number
  /** When it may be started, if that lies ahead, epoch ms; else 0. At or after `expiresAt` it will not be. */
  readonly startsFrom: number
  readonly heads: { readonly asks: Head; readonly runs: Head }
}

/**
 * `asks` must hold a proposal. A `stopped` row wins over everything in `runs`: it was put only after reading that no
 * start was under way, and whoever attempts one after that reading finds the no at its own second look, and stands down.
 * `opening`: the earliest instant from a given one on at which the rule allows a start; what is final never depends on it.
 */
export function foldStanding(
  asks: Asks,
  runs: Runs,
  now: number,
  durations: Durations,
  opening: Opening = anyTime,
): Standing {
  const standing = stateOf(asks, runs, now, durations, opening)
  return { startsFrom: 0, ...standing, heads: { asks: headOf(asks.rows), runs: headOf(runs.rows) } }
}

type Opening = (from: number) => number | undefined
const anyTime: Opening = (from) => from

type Stage = Pick<Standing, 'state' | 'final' | 'since'> & Partial<Pick<Standing, 'startsFrom'>>

function stateOf(asks: Asks, runs: Runs, now: number, durations: Durations, opening: Opening): Stage {
  const { no, proposal } = asks
  if (proposal === undefined) throw new TypeError('a stream without a request has no standing')
  const { last, next } = runs
  const changedAt = latestChange(asks, runs)
  if (asks.stopped && no !== undefined) return { state: no.kind, final: true, since: no.at }
  if (last !== undefined && next.do === 'none') {
    const state = endState(asks, runs)
    return { state, final: isFinalState(state), since: last.at }
  }
  // What a newer starter wrote may be a start that was sent: time must not end it.
  if (runs.fault !== undefined) return { state: 'starting', final: false, since: changedAt }
  if (last !== undefined && next.do === 'look') return { state: 'starting', final: false, since: last.at }
  const { expiresAt, notBefore } = proposal.request
  const expiredAt = expiresAt + durations.expiryGrace
  if (now >= expiredAt) return { state: no?.kind ?? 'expired', final: true, since: expiredAt }
  if (no !== undefined) return { state: 'stopping', final: false, since: no.at }
  if (now >= expiresAt) return { state: 'expiring', final: false, since: expiresAt }
  const earliest = Math.max(notBefore ?? 0, next.do === 'again' ? next.at : 0)
  const from = opening(Math.max(earliest, now)) ?? expiresAt
  const startsFrom = from > now ? from : 0
  // The gate verified each yes; the starter counts again, with proof.
  if (!isEnough(proposal.rule, toYeses(asks))) return { state: 'pending', final: false, since: changedAt, startsFrom }
  if (startsFrom > 0) return { state: 'waiting', final: false, since: changedAt, startsFrom }
  return { state: 'ready', final: false, since: opening(Math.max(earliest, changedAt)) ?? now }
}

function endState(asks: Asks, { last, attempt }: Runs): State {
  switch (last?.type) {
    case 'running':
    case 'satisfied':
    case 'stuck':
      return last.type
    case 'accepted':
      return attempt?.body.dryRun ? 'dry_run_passed' : 'running'
    case 'stood_down':
      // Without a no `asks` was read before it was put: whether it is a denial or a cancellation shows at the next reading.
      return last.body.why === 'stopped' ? (asks.no?.kind ?? 'stopping') : 'failed'
    default:
      return 'failed'
  }
}

/** When something last happened that people would want to know; what was told is not such a thing. */
function latestChange(asks: Asks, runs: Runs): number {
  const changes = [...asks.rows.filter(({ type }) => type !== 'posted'), ...runs.rows]
  return Math.max(...changes.map(({ at }) => at))
}

/**
 * Whether a no can still stop the request for certain: nothing was attempted yet, or each attempt is proven to have
 * done nothing. While a row waits to be confirmed the starter is at work, and it alone will see the no.
 */
export function canStop({ next, fault }: Runs): boolean {
  return next.do === 'again' && fault === undefined
}
