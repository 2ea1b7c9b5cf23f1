// Everyone concerned is told how a request stands (`findTargets`), and nobody else. At each change by a hint, then again at
// growing intervals for a day to whoever could not be reached. It leaves the open set only when it is final and told.
import { parseAsks } from '#core/asks.ts'
import { findUnreminded, isReminderDue, isTimeToRemind } from '#core/reminder.ts'
import type { RequestId } from '#core/request-id.ts'
import { canStop } from '#core/standing.ts'
import { findTargets, findWebhook } from '#core/targets.ts'
import { findNews, findUntold, isTellingDue, isTellingOver, isWorthALook, type News } from '#core/telling.ts'
import type { OpenEntry } from '#ports/open-set.ts'
import { toOpenEntry } from './ask.ts'
import { finishNo } from './decide.ts'
import type { GateDeps } from './deps.ts'
import { inBatches, settleAll, type Fault, type Worked } from './in-batches.ts'
import { load, type Loaded } from './load.ts'
import { listChanges } from './send-changes.ts'
import { tellAll } from './tell-all.ts'

/** `hint`: something just changed, so tell at once. `timer`: tell what is still untold, at the times for that. */
export type Cause = 'hint' | 'timer'

export async function tell(deps: GateDeps, request: RequestId, cause: Cause): Promise<void> {
  const read = await load(deps, request)
  if (read === undefined) return
  const loaded = await finishHalfNo(deps, read)
  const { asks, runs, standing, proposal } = loaded
  const news = findNews(asks, runs, standing)
  const untold = findUntold(asks, news, findTargets(deps.policy, asks)).filter((target) =>
    isToHear(deps, loaded, news, target),
  )
  const now = deps.clock.now()
  const over = isTellingOver(news.changedAt, now, deps.durations)
  const due = cause === 'hint' || isTellingDue(news.changedAt, now, deps.durations)
  const remind = cause === 'hint' ? isTimeToRemind : isReminderDue
  const reminded = remind(proposal.request, now, deps.durations) ? findUnreminded(deps.policy, asks, standing) : []
  const told = await tellAll(deps, loaded, news, { targets: due ? untold : [], reminded, over })
  if (!standing.final) return
  if (told === untold.length || over) {
    await deps.days.put({ request, createdAt: proposal.request.createdAt })
    await deps.open.remove(request)
  } else await deps.open.raise(toOpenEntry(proposal, 'tell'))
}

/** The `tell` timer: what is open, at the times when something may have to be told, finished or cleared away. */
export async function tellDue(deps: GateDeps): Promise<Worked> {
  const now = deps.clock.now()
  const due = (await deps.open.all()).filter((entry) => isDue(entry, now, deps))
  return inBatches(deps, due, async (batch) => {
    const faults: Fault[] = []
    await settleAll(batch, (entry) => tellEntry(deps, entry, now), faults)
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
  const { durations } = deps
  if (isPastGrace(entry, now, deps) || entry.phase === 'tell') return true
  if (entry.phase === 'start' && entry.notBefore <= now) return true
  return isWorthALook(entry.createdAt, now, durations) || isReminderDue(entry, now, durations)
}

function isPastGrace({ expiresAt }: OpenEntry, now: number, { durations }: GateDeps): boolean {
  return now >= expiresAt + durations.expiryGrace
}

/** A receiver hears only of the states that it wants: of others it need not be told. */
function isToHear(deps: GateDeps, loaded: Loaded, news: News, target: string): boolean {
  return findWebhook(deps.policy, target)?.states === undefined || listChanges(deps, loaded, news, target).length > 0
}

/** The gate that put a no may have died before it could say that nothing was under way. */
async function finishHalfNo(deps: GateDeps, loaded: Loaded): Promise<Loaded> {
  const { asks, runs, standing, proposal } = loaded
  const half = asks.no !== undefined && !asks.stopped && !standing.final && canStop(runs)
  return half ? finishNo(deps, proposal, asks) : loaded
}
