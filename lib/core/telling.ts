// Who has to be told what, and when again: a pure function of the record and the time, so that nothing else is stored.
import type { Asks } from './asks.ts'
import type { Durations } from './durations.ts'
import type { Policy } from './policy.ts'
import type { Problem } from './problem.ts'
import type { Proposal } from './proposal.ts'
import type { Runs } from './runs.ts'
import type { Standing, State } from './standing.ts'
import type { View } from './view.ts'

/** One message, the same for every receiver. `id` stays the same for a repeat of the same news. */
export type Telling =
  | { readonly kind: 'state'; readonly id: string; readonly at: number; readonly view: View }
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

/** The log hears everything; it is what a team without any receiver has. */
export const LOG_TARGET = 'log'

export function findNews(asks: Asks, runs: Runs, { state, final, since }: Standing): News {
  const told = asks.rows.filter(({ type }) => type !== 'posted')
  const lastRun = runs.rows.at(-1)
  const changes = [told.at(-1)?.at ?? 0, lastRun?.at ?? 0, ...(final ? [since] : [])]
  return { upto: { asks: told.at(-1)?.n ?? 0, runs: lastRun?.n ?? 0 }, state, final, changedAt: Math.max(...changes) }
}

/** The requester's receivers, those of the person behind it, and the rule's: nobody else hears of it. */
export function findTargets(policy: Policy, { request, rule }: Proposal): readonly string[] {
  const { principal, onBehalfOf } = request.requester
  const owner = policy.schedules[principal]?.owner
  const names = [principal, onBehalfOf, owner].filter((name) => name !== undefined)
  const receivers = [
    ...names.flatMap((name) => policy.people[name]?.tell ?? policy.machines[name]?.tell ?? []),
    ...(policy.rules.find(({ name }) => name === rule.name)?.tell ?? []),
  ]
  return [LOG_TARGET, ...new Set(receivers)]
}

/** The targets that have not heard this news yet; one that was given up counts as told. */
export function findUntold(asks: Asks, news: News, targets: readonly string[]): readonly string[] {
  const posts = asks.events.filter((event) => event.type === 'posted')
  return targets.filter(
    (target) =>
      !posts.some(
        ({ body: { upto, state, to } }) =>
          Object.hasOwn(to, target) &&
          upto.asks >= news.upto.asks &&
          upto.runs >= news.upto.runs &&
          (!news.final || state === news.state),
      ),
  )
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
