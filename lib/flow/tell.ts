// Everyone concerned is told how a request stands: the requester, the person behind it, and the receivers that its rule
// names (`findTargets`); nobody else. At each change by a hint, then again at growing intervals for a day to whoever could
// not be reached. It leaves the open set only when it is final and told.
import { hasRoom } from '#core/caps.ts'
import type { RequestId } from '#core/request-id.ts'
import {
  findNews,
  findTargets,
  findUntold,
  isTellingDue,
  isTellingOver,
  isWorthALook,
  LOG_TARGET,
  type News,
  type Telling,
} from '#core/telling.ts'
import { parseAsks, type AskEntry } from '#core/asks.ts'
import { canStop } from '#core/standing.ts'
import { createView } from '#core/view.ts'
import type { OpenEntry } from '#ports/open-set.ts'
import { toOpenEntry } from './ask.ts'
import { finishNo } from './decide.ts'
import type { GateDeps } from './deps.ts'
import { inBatches, settleAll, type Worked } from './in-batches.ts'
import { load, type Loaded } from './load.ts'
import { putAsk } from './put-ask.ts'

/** `hint`: something just changed, so tell at once. `timer`: tell what is still untold, at the times for that. */
export type Cause = 'hint' | 'timer'

export async function tell(deps: GateDeps, request: RequestId, cause: Cause): Promise<void> {
  const read = await load(deps, request)
  if (read === undefined) return
  const loaded = await finishHalfNo(deps, read)
  const news = findNews(loaded.asks, loaded.runs, loaded.standing)
  const targets = findTargets(deps.policy, loaded.proposal)
  const untold = findUntold(loaded.asks, news, targets)
  const now = deps.clock.now()
  const over = isTellingOver(news.changedAt, now, deps.durations)
  const due = cause === 'hint' || isTellingDue(news.changedAt, now, deps.durations)
  const told = untold.length > 0 && due ? await deliverAll(deps, loaded, news, untold, over) : []
  if (!loaded.standing.final) return
  if (told.length === untold.length || over) {
    await deps.days.put({ request, createdAt: loaded.proposal.request.createdAt })
    await deps.open.remove(request)
  } else await deps.open.raise(toOpenEntry(loaded.proposal, 'tell'))
}

/** The `tell` timer: what is open, at the times when something may have to be told, finished or cleared away. */
export async function tellDue(deps: GateDeps): Promise<Worked> {
  const now = deps.clock.now()
  const due = (await deps.open.all()).filter((entry) => isDue(entry, now, deps))
  return inBatches(deps, due, async (batch) => {
    const faults: unknown[] = []
    await settleAll(
      batch.map((entry) => tellEntry(deps, entry, now)),
      faults,
    )
    return { faults }
  })
}

async function tellEntry(deps: GateDeps, entry: OpenEntry, now: number): Promise<void> {
  if (!isPastGrace(entry, now, deps)) return tell(deps, entry.request, 'timer')
  const { rows, proposal, fault } = parseAsks(await deps.asks.read(entry.request))
  // An ask that died before its commit leaves an entry that points at nothing.
  if (rows.length === 0) return deps.open.removeIfUnchanged(entry)
  if (proposal !== undefined) return tell(deps, entry.request, 'timer')
  deps.log.error('request.unreadable', { request: entry.request, ...fault })
  if (isTellingOver(entry.expiresAt, now, deps.durations)) await deps.open.remove(entry.request)
}

function isDue(entry: OpenEntry, now: number, deps: GateDeps): boolean {
  if (isPastGrace(entry, now, deps)) return true
  switch (entry.phase) {
    case 'decide':
      return isWorthALook(entry.createdAt, now, deps.durations)
    case 'start':
      return entry.notBefore <= now || isWorthALook(entry.createdAt, now, deps.durations)
    case 'tell':
      return true
  }
}

function isPastGrace({ expiresAt }: OpenEntry, now: number, { durations }: GateDeps): boolean {
  return now >= expiresAt + durations.expiryGrace
}

/** The gate that put a no may have died before it could say that nothing was under way. */
async function finishHalfNo(deps: GateDeps, loaded: Loaded): Promise<Loaded> {
  const { asks, runs, standing, proposal } = loaded
  const half = asks.no !== undefined && !asks.stopped && !standing.final && canStop(runs)
  return half ? finishNo(deps, proposal, asks) : loaded
}

type StateTelling = Extract<Telling, { kind: 'state' }>

/** Sent first, recorded second: a crash in between repeats the message, with the same id, and never loses it. */
async function deliverAll(
  deps: GateDeps,
  loaded: Loaded,
  news: News,
  targets: readonly string[],
  over: boolean,
): Promise<readonly string[]> {
  const telling = toTelling(loaded, news, deps.clock.now())
  const outcomes = await Promise.all(
    targets.map(async (target) => [target, await deliver(deps, target, telling)] as const),
  )
  const to = outcomes.flatMap(([target, ok]) => (ok ? [[target, 'delivered']] : over ? [[target, 'gave_up']] : []))
  if (to.length === 0) return []
  const body = { upto: news.upto, state: news.state, to: Object.fromEntries(to) as Record<string, string> }
  await putPosted(deps, loaded, { type: 'posted', body })
  return to.map(([target]) => String(target))
}

async function deliver(deps: GateDeps, target: string, telling: StateTelling): Promise<boolean> {
  const { id, state, headline, heads } = telling.view
  if (target === LOG_TARGET) {
    deps.log.info('told', { request: id, state, headline, asks: heads.asks.n, runs: heads.runs.n })
    return true
  }
  const delivered = await deps.messenger.deliver(target, telling)
  if (!delivered.ok) deps.log.warn('telling.failed', { request: id, target, why: delivered.why })
  return delivered.ok
}

/** Losing the number to another row changes nothing about what was told: it is recorded at the next one. */
async function putPosted(deps: GateDeps, { proposal, asks }: Loaded, entry: AskEntry): Promise<void> {
  const { id } = proposal.request
  let rows: Pick<Loaded['asks'], 'rows'> = asks
  while (
    hasRoom(rows.rows, entry.body, 'other') &&
    (await putAsk(deps, id, rows, { function: 'gate' }, entry)) === 'taken'
  ) {
    rows = parseAsks(await deps.asks.read(id))
  }
}

function toTelling({ asks, runs, standing }: Loaded, { upto, state }: News, at: number): StateTelling {
  const view = createView(asks, runs, standing)
  return { kind: 'state', id: `${view.id}.${upto.asks}.${upto.runs}.${state}`, at, view }
}
