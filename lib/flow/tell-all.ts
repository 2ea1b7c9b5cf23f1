// Tells many targets one piece of news, and records what became of it.
import type { AskEntry } from '#core/asks.ts'
import { hasRoom } from '#core/caps.ts'
import { fromTarget, toTarget, type Address } from '#core/chat.ts'
import { toReminder } from '#core/reminder.ts'
import { sayState } from '#core/say-state.ts'
import { LOG_TARGET } from '#core/targets.ts'
import type { News } from '#core/telling.ts'
import type { Delivered } from './delivered.ts'
import type { GateDeps } from './deps.ts'
import { load, type Loaded } from './load.ts'
import { putAsk } from './put-ask.ts'
import { sendChanges } from './send-changes.ts'
import { remind, showAgain, showCard } from './show-card.ts'

export interface Audience {
  readonly targets: readonly string[]
  /** Approvers who are reminded; whether that works out changes nothing about what was told. */
  readonly reminded: readonly Address[]
  /** Who cannot be reached now is given up. */
  readonly over: boolean
}

type Posted = Extract<AskEntry, { type: 'posted' }>['body']

/**
 * Sent first, recorded second: a crash in between repeats the message, with the same id, and never loses it. Returns how
 * many of the targets need not be told again.
 */
export async function tellAll(
  deps: GateDeps,
  loaded: Loaded,
  news: News,
  { targets, reminded, over }: Audience,
): Promise<number> {
  // What can neither be recorded nor end would be said for ever.
  if (over && !hasRoom(loaded.asks.rows, {}, 'telling')) return targets.length
  const [told, reminders] = await Promise.all([
    Promise.all(targets.map((target) => deliver(deps, loaded, news, target))),
    Promise.all(reminded.map((address) => remind(deps, loaded, address))),
  ])
  const done = told.flatMap(({ target, how }) =>
    how !== undefined ? [[target, how]] : over ? [[target, 'gave_up']] : [],
  )
  const sent = reminders.flatMap((id, at) => {
    const address = reminded[at]
    return id === undefined || address === undefined ? [] : [[toReminder(toTarget(address)), id]]
  })
  const to = Object.fromEntries([...done, ...sent]) as Posted['to']
  const bodies = [
    ...listPartly(told),
    ...(Object.keys(to).length === 0 ? [] : [{ upto: news.upto, state: news.state, to }]),
  ]
  let current = { loaded, isTold: true }
  for (const body of bodies) {
    const put = await putPosted(deps, current.loaded, body, told)
    current = { loaded: put.loaded, isTold: current.isTold && put.isTold }
  }
  // A change that got no answer may have come after somebody else's, who may be done by now.
  if (told.some(({ how }) => how === undefined)) await makeUp(deps, current.loaded, { ...news, to: {} }, told)
  return current.isTold ? done.length : 0
}

/** How far those got who failed half-way, in one row for all who got equally far. */
function listPartly(told: readonly Delivered[]): readonly Posted[] {
  const bodies = new Map<string, Posted>()
  for (const { target, soFar } of told) {
    if (soFar === undefined) continue
    const { upto, state, how } = soFar
    const key = `${upto.asks} ${upto.runs} ${state}`
    bodies.set(key, { upto, state, to: { ...bodies.get(key)?.to, [target]: how } })
  }
  return [...bodies.values()]
}

async function deliver(deps: GateDeps, loaded: Loaded, news: News, target: string): Promise<Delivered> {
  const address = fromTarget(target)
  if (address !== undefined) return showCard(deps, loaded, news, address)
  if (target === LOG_TARGET) return logNews(deps, loaded)
  return sendChanges(deps, loaded, news, target)
}

function logNews({ log }: GateDeps, { proposal, asks, runs, standing }: Loaded): Delivered {
  const { state, heads } = standing
  const headline = sayState(standing, proposal, asks, runs)
  log.info('told', { request: proposal.request.id, state, headline, asks: heads.asks.n, runs: heads.runs.n })
  return { target: LOG_TARGET, how: 'delivered' }
}

interface Put {
  readonly loaded: Loaded
  /** False: somebody may still see what was, and all have to be told again. */
  readonly isTold: boolean
}

/** Whoever told at the same time may be done, and then nobody else comes by to show what one lost change left. */
const TRIES = 3

/**
 * Losing the number to another row changes nothing about what was told: it is recorded at the next one. If the other row is
 * a telling too, either of the two may have been the last to change a card: the later one to record shows them all again.
 */
async function putPosted(
  deps: GateDeps,
  loaded: Loaded,
  body: Posted,
  told: readonly Delivered[],
  tries = TRIES,
): Promise<Put> {
  const { asks, proposal } = loaded
  const { id } = proposal.request
  if (!hasRoom(asks.rows, body, 'telling')) return { loaded, isTold: true }
  const after = await putAsk(deps, id, asks, { function: 'gate' }, { type: 'posted', body })
  if (after !== 'taken') return { loaded: { ...loaded, asks: after }, isTold: true }
  const fresh = await load(deps, id)
  if (fresh === undefined) return { loaded, isTold: true }
  if (countPosted(fresh) === countPosted(loaded) || (await showAgain(deps, fresh, told)))
    return putPosted(deps, fresh, body, told)
  // At the number that is taken, so that it is shown as it stands by then.
  if (tries > 1) return putPosted(deps, loaded, body, told, tries - 1)
  // The messages are recorded, so that they are found, and nothing as told by them.
  return { ...(await putPosted(deps, fresh, { ...body, upto: NOTHING }, told)), isTold: false }
}

const NOTHING = { asks: 0, runs: 0 }

/** If anybody has told meanwhile: shows it again, and leaves a row, by which whoever is still at it sees the same. */
async function makeUp(
  deps: GateDeps,
  loaded: Loaded,
  { upto, state, to }: Posted,
  told: readonly Delivered[],
  tries = TRIES,
): Promise<void> {
  const fresh = await load(deps, loaded.proposal.request.id)
  if (fresh === undefined || countPosted(fresh) <= countPosted(loaded)) return
  const isShown = await showAgain(deps, fresh, told)
  if (!isShown && tries > 1) return makeUp(deps, loaded, { upto, state, to }, told, tries - 1)
  await putPosted(deps, fresh, { upto, state, to }, told)
}

function countPosted({ asks }: Loaded): number {
  return asks.rows.filter(({ type }) => type === 'posted').length
}
