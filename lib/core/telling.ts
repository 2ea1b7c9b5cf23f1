// Who has to be told what, and when again: a pure function of the record and the time, so that nothing else is stored.
import type { Asks } from './asks.ts'
import type { Durations } from './durations.ts'
import type { Problem } from './problem.ts'
import type { Runs } from './runs.ts'
import type { Standing, State } from './standing.ts'
import type { View } from './view.ts'

/** One message, the same for every receiver. `id` stays the same for a repeat of the same news. */
export type Telling =
  | {
      readonly kind: 'state'
      readonly id: string
      /** When it changed, or, for how it stands now, when that is said: epoch ms. */
      readonly at: number
      /** Of two messages about one request the one with the larger number is the later. */
      readonly number: number
      readonly view: View
    }
  /** A timer's ask that was refused: there is no request to look at. */
  | {
      readonly kind: 'schedule_refused'
      readonly id: string
      readonly at: number
      readonly schedule: string
      readonly owner: string
      readonly problem: Problem
    }

/** The record up to here is what a telling is about; `state` matters where time alone made it. */
export interface News {
  readonly upto: { readonly asks: number; readonly runs: number }
  readonly state: State
  readonly final: boolean
  readonly changedAt: number
}

export function findNews(asks: Asks, runs: Runs, { state, final, since }: Standing): News {
  const told = asks.rows.filter(({ type }) => type !== 'posted')
  const lastRun = runs.rows.at(-1)
  const changes = [told.at(-1)?.at ?? 0, lastRun?.at ?? 0, ...(final ? [since] : [])]
  return { upto: { asks: told.at(-1)?.n ?? 0, runs: lastRun?.n ?? 0 }, state, final, changedAt: Math.max(...changes) }
}

/**
 * Counts the rows that the news is about, and an end once more, as time alone can make one. So it grows with every change
 * of a request, by more than one where rows came in between that are no news.
 */
export function numberOf({ upto, final }: Pick<News, 'upto' | 'final'>): number {
  return upto.asks + upto.runs + (final ? 1 : 0)
}

/** What a target was last told of, or was given up on. Of two tellings at once the one that knew more. */
export type Heard = Pick<News, 'upto'> & { readonly state: string }

const NOTHING: Heard = { upto: { asks: 0, runs: 0 }, state: '' }

export function findHeard(asks: Asks, target: string): Heard {
  const of = asks.events.flatMap(({ type, body }) =>
    type === 'posted' && Object.hasOwn(body.to, target) ? [body] : [],
  )
  return of.reduce<Heard>((most, each) => (sum(each) >= sum(most) ? each : most), NOTHING)
}

function sum({ upto }: Heard): number {
  return upto.asks + upto.runs
}

/** The targets that have not heard this news yet; one that was given up counts as told. */
export function findUntold(asks: Asks, news: News, targets: readonly string[]): readonly string[] {
  return targets.filter((target) => !hasHeard(findHeard(asks, target), news))
}

function hasHeard({ upto, state }: Heard, news: News): boolean {
  return upto.asks >= news.upto.asks && upto.runs >= news.upto.runs && (!news.final || state === news.state)
}

/**
 * True for a while after each offset from the change, and from the last offset on for good. The while is a tick and the
 * largest difference of clocks: gates that take turns, one ahead and one behind, would else both miss it.
 */
export function isTellingDue(changedAt: number, now: number, durations: Durations): boolean {
  const { tick, clockSkew } = durations
  return isInWindow(changedAt, now, durations, tick + clockSkew) || isTellingOver(changedAt, now, durations)
}

/** True in the tick that follows each offset after `at`, and once in every round for as long as people take. */
export function isWorthALook(at: number, now: number, durations: Durations): boolean {
  return isInWindow(at, now, durations, durations.tick) || (now - at) % durations.tellRound < durations.tick
}

function isInWindow(at: number, now: number, { tellAgain }: Durations, width: number): boolean {
  const age = now - at
  return tellAgain.some((offset) => offset <= age && age < offset + width)
}

/** From here on a target that fails once more is given up. */
export function isTellingOver(changedAt: number, now: number, { tellAgain }: Pick<Durations, 'tellAgain'>): boolean {
  return now - changedAt >= Math.max(...tellAgain)
}
