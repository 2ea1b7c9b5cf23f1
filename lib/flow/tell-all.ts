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
  const partly = told.flatMap(({ target, soFar }) =>
    soFar === undefined ? [] : [{ upto: soFar.upto, state: soFar.state, to: { [target]: soFar.how } }],
  )
  const bodies = [...partly, ...(Object.keys(to).length === 0 ? [] : [{ upto: news.upto, state: news.state, to }])]
  let current = loaded
  for (const body of bodies) current = await putPosted(deps, current, body)
  return done.length
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

/**
 * Losing the number to another row changes nothing about what was told: it is recorded at the next one. If the other row is
 * a telling too, either of the two may have been the last to change a card: the later one to record shows it again.
 */
async function putPosted(deps: GateDeps, loaded: Loaded, body: Posted): Promise<Loaded> {
  const { asks, proposal } = loaded
  const { id } = proposal.request
  if (!hasRoom(asks.rows, body, 'other')) return loaded
  const after = await putAsk(deps, id, asks, { function: 'gate' }, { type: 'posted', body })
  if (after !== 'taken') return { ...loaded, asks: after }
  const fresh = await load(deps, id)
  if (fresh === undefined) return loaded
  if (countPosted(fresh) > countPosted(loaded)) await showAgain(deps, fresh, body.to)
  return putPosted(deps, fresh, body)
}

function countPosted({ asks }: Loaded): number {
  return asks.rows.filter(({ type }) => type === 'posted').length
}
