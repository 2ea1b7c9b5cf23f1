// A team's own tool hears of every change of state that it wants, in order, one message after the other.
import { listMissed, type Change } from '#core/changes.ts'
import { findWebhook } from '#core/targets.ts'
import { findHeard, numberOf, type News, type Telling } from '#core/telling.ts'
import { createView } from '#core/view.ts'
import type { Delivered } from './delivered.ts'
import type { GateDeps } from './deps.ts'
import { foldLoaded, type Loaded } from './load.ts'

/** What this receiver has not heard of, as far as it wants to; last how it stands now. */
export function listChanges(deps: GateDeps, loaded: Loaded, news: News, receiver: string): readonly Change[] {
  const { asks, runs, standing, proposal } = loaded
  const states = findWebhook(deps.policy, receiver)?.states
  const missed = listMissed(
    asks,
    runs,
    findHeard(asks, receiver),
    news,
    (some, done, now) => foldLoaded(deps, proposal, some, done, now).standing,
  )
  const latest = { asks, runs, standing, upto: news.upto, at: deps.clock.now() }
  return [...missed, latest].filter((change) => states?.some((state) => state === change.standing.state) ?? true)
}

/** Stops at the first that fails: what comes after it waits, so that nothing arrives out of its order. */
export async function sendChanges(deps: GateDeps, loaded: Loaded, news: News, receiver: string): Promise<Delivered> {
  // A slow receiver goes on at the next time, from where it got to: whoever else is told has to be recorded in time.
  const until = deps.clock.monotonic() + deps.durations.functionTimeout / 3
  let soFar: Delivered['soFar']
  for (const change of listChanges(deps, loaded, news, receiver)) {
    const inTime = deps.clock.monotonic() < until
    const sent = inTime
      ? await deps.messenger.deliver(receiver, toTelling(change))
      : { ok: false, why: 'it is too slow' }
    if (!sent.ok) {
      deps.log.warn('telling.failed', { request: loaded.proposal.request.id, target: receiver, why: sent.why })
      return { target: receiver, ...(soFar === undefined ? {} : { soFar }) }
    }
    soFar = { upto: change.upto, state: change.standing.state, how: 'delivered' }
  }
  return { target: receiver, how: 'delivered' }
}

function toTelling({ asks, runs, standing, upto, at }: Change): Telling {
  const view = createView(asks, runs, standing)
  const { state, final } = standing
  const id = `${view.id}.${upto.asks}.${upto.runs}.${state}`
  return { kind: 'state', id, at, number: numberOf({ upto, final }), view }
}
