// The open requests that concern a person: those asked by or for them, and those that they may approve or take back; all of
// them with `mayRead`.
import { sayInstantIn } from '#core/calendar.ts'
import type { ChatMessage } from '#core/card.ts'
import type { OpenItem } from '#core/language/chat-words.ts'
import { CHAT_WORDS } from '#core/language/chat-tables.ts'
import type { Proposal } from '#core/proposal.ts'
import { createView } from '#core/view.ts'
import type { GateDeps } from './deps.ts'
import { nameInstance, toText, type Hearing } from './hearing.ts'
import { load, type Loaded } from './load.ts'

const SHOWN = 10
const AT_ONCE = 20
/** Whoever asks for a list waits for it, and an open request costs two reads. Beyond these it is `startgate list`'s task. */
const MOST_READ = 200

export async function listOpen(deps: GateDeps, hearing: Hearing): Promise<ChatMessage> {
  const { principal, language } = hearing
  const words = CHAT_WORDS[language]
  const concerned = (await loadOpen(deps)).filter(
    ({ proposal, standing }) => !standing.final && concerns(deps, proposal, principal),
  )
  if (concerned.length === 0) return toText(words.nothingOpen)
  const items = concerned.slice(0, SHOWN).map((loaded) => toItem(deps, hearing, loaded))
  return toText(words.open(items, concerned.length - items.length))
}

/** Newest first. */
async function loadOpen(deps: GateDeps): Promise<readonly Loaded[]> {
  const newest = (await deps.open.all()).toSorted((one, other) => other.createdAt - one.createdAt).slice(0, MOST_READ)
  const all: Loaded[] = []
  for (let from = 0; from < newest.length; from += AT_ONCE) {
    const batch = newest.slice(from, from + AT_ONCE)
    const loaded = await Promise.all(batch.map(({ request }) => load(deps, request)))
    all.push(...loaded.filter((each) => each !== undefined))
  }
  return all
}

function concerns({ policy }: GateDeps, { request, rule }: Proposal, principal: string): boolean {
  const { requester } = request
  const mayCancel = policy.rules.find(({ name }) => name === rule.name)?.mayCancel ?? []
  const all = [requester.principal, requester.onBehalfOf, ...rule.approvers, ...mayCancel, ...policy.mayRead]
  return all.includes(principal)
}

function toItem(deps: GateDeps, { language }: Hearing, { proposal, asks, runs, standing }: Loaded): OpenItem {
  const { id, requester, reason, expiresAt } = proposal.request
  const sayInstant = sayInstantIn(deps.policy)
  return {
    id,
    instance: nameInstance(proposal),
    requester: requester.principal,
    reason,
    headline: createView(asks, runs, standing, language, sayInstant).headline,
    expires: sayInstant(expiresAt),
    url: `${deps.publicUrl}/r/${id}`,
  }
}
