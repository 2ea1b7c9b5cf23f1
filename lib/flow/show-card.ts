// A card in a chat: put there once, then changed in place at every piece of news.
import type { Asks } from '#core/asks.ts'
import { sayInstantIn } from '#core/calendar.ts'
import { hasRoom } from '#core/caps.ts'
import { createCard, type ChatMessage } from '#core/card.ts'
import { fromTarget, toTarget, type Address } from '#core/chat.ts'
import { digestOf } from '#core/digest.ts'
import { CHAT_WORDS } from '#core/language/chat-tables.ts'
import type { Language } from '#core/language/language.ts'
import { WORDS } from '#core/language/tables.ts'
import { toReminder } from '#core/reminder.ts'
import { buttonsAt } from '#core/targets.ts'
import type { News } from '#core/telling.ts'
import { createView, type View } from '#core/view.ts'
import type { Posted } from '#ports/chat.ts'
import type { Delivered } from './delivered.ts'
import type { GateDeps } from './deps.ts'
import { nameInstance } from './hearing.ts'
import type { Loaded } from './load.ts'

export async function showCard(deps: GateDeps, loaded: Loaded, news: News, to: Address): Promise<Delivered> {
  const target = toTarget(to)
  const message = toCard(deps, loaded, to)
  const ids = findMessages(loaded.asks, target)
  const [edited] = await Promise.all([edit(deps, to, ids, message), news.final && closeReminder(deps, loaded, to)])
  if (edited.ok || edited.gone !== true) return toDelivered(deps, loaded, to, edited)
  const posted = await post(deps, loaded, to, target, message, ids.at(-1))
  // A platform that knows the key may have found the message of an earlier try, as it was then.
  const first = news.upto.asks === 1 && news.upto.runs === 0 && !news.final
  if (first || !posted.ok) return toDelivered(deps, loaded, to, posted)
  const delivered = toDelivered(deps, loaded, to, await edit(deps, to, [posted.id], message))
  // Not told yet, but the message must be found again.
  const soFar = { upto: { asks: 0, runs: 0 }, state: news.state, how: posted.id }
  return delivered.how === undefined ? { target, soFar } : delivered
}

/** Whatever was just told in chats, as it stands by now; false when some of it failed. */
export async function showAgain(deps: GateDeps, loaded: Loaded, told: readonly Delivered[]): Promise<boolean> {
  const shown = await Promise.all(
    told.map(async ({ target, how, soFar }) => {
      const address = fromTarget(target)
      if (address === undefined) return true
      const own = [how, soFar?.how].filter((id) => id !== undefined)
      const ids = new Set([...findMessages(loaded.asks, target), ...own])
      return (await edit(deps, address, [...ids], toCard(deps, loaded, address))).ok
    }),
  )
  return shown.every((ok) => ok)
}

/** A message of its own, as a card that changes makes no sound. Returns its id; undefined when it failed. */
export async function remind(deps: GateDeps, loaded: Loaded, to: Address): Promise<string | undefined> {
  const { language, headline, id } = viewAt(deps, loaded, to)
  const { request } = loaded.proposal
  const said = CHAT_WORDS[language].card.reminder({
    instance: nameInstance(loaded.proposal),
    requester: WORDS[language].facts.requester(request.requester),
    reason: request.reason,
    headline,
    expires: sayInstantIn(deps.policy)(request.expiresAt),
  })
  const text = `${said}\n${deps.publicUrl}/r/${id}`
  const posted = await post(deps, loaded, to, toReminder(toTarget(to)), { kind: 'text', text })
  return toDelivered(deps, loaded, to, posted).how
}

/** It has nothing to remind of any more. Where that cannot be shown, the card says it. */
async function closeReminder(deps: GateDeps, loaded: Loaded, to: Address): Promise<void> {
  const { language, headline, id } = viewAt(deps, loaded, to)
  const said = CHAT_WORDS[language].card.reminded(nameInstance(loaded.proposal), headline)
  const text = `${said}\n${deps.publicUrl}/r/${id}`
  await edit(deps, to, findMessages(loaded.asks, toReminder(toTarget(to))), { kind: 'text', text })
}

const GAVE_UP = 'gave_up'

/** Mostly one: two gates that told at once may have put one each, and one that was deleted is followed by another. */
function findMessages({ events }: Asks, target: string): readonly string[] {
  const ids = events.flatMap(({ type, body }) =>
    type === 'posted' && Object.hasOwn(body.to, target) ? [body.to[target] ?? GAVE_UP] : [],
  )
  return [...new Set(ids)].filter((id) => id !== GAVE_UP)
}

/** What could not be recorded would be put again and again. `gone`: the message in whose place it is put. */
async function post(
  deps: GateDeps,
  { asks, proposal }: Loaded,
  to: Address,
  target: string,
  message: ChatMessage,
  gone?: string,
): Promise<Posted> {
  if (!hasRoom(asks.rows, {}, 'telling')) return { ok: false, why: 'the record is full' }
  return deps.chat.post(to, message, toMessageKey(proposal.request.id, target, gone))
}

/** The same whenever the message may be the same. */
export function toMessageKey(about: string, target: string, gone?: string): string {
  const what = { about, target, ...(gone === undefined ? {} : { gone }) }
  return digestOf('startgate-message/v1', what).slice(0, 32)
}

export function languageAt({ policy }: Pick<GateDeps, 'policy'>, { platform }: Address): Language {
  return policy.chats[platform]?.language ?? 'en'
}

/** The id of the last one that is there; failed when one of these is, and `gone` when there is none. */
async function edit({ chat }: GateDeps, to: Address, ids: readonly string[], message: ChatMessage): Promise<Posted> {
  const edited = await Promise.all(ids.map(async (id) => chat.edit(to, id, message)))
  const there = edited.filter((each) => each.ok || each.gone !== true)
  return there.find(({ ok }) => !ok) ?? there.at(-1) ?? { ok: false, why: 'there is no message', gone: true }
}

function toDelivered(deps: GateDeps, { proposal }: Loaded, to: Address, posted: Posted): Delivered {
  const target = toTarget(to)
  if (posted.ok) return { target, how: posted.id }
  deps.log.warn('telling.failed', { request: proposal.request.id, target, why: posted.why })
  return { target }
}

function toCard(deps: GateDeps, loaded: Loaded, to: Address): ChatMessage {
  const buttons = buttonsAt(deps.policy, loaded.proposal, to)
  return { kind: 'card', card: createCard(viewAt(deps, loaded, to), { publicUrl: deps.publicUrl, buttons }) }
}

function viewAt(deps: GateDeps, { asks, runs, standing }: Loaded, to: Address): View {
  return createView(asks, runs, standing, languageAt(deps, to), sayInstantIn(deps.policy))
}
