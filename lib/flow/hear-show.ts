// How a request stands, for one person. This card is not kept up to date: the one that everybody has is.
import { createCard, type ChatMessage } from '#core/card.ts'
import type { RequestId } from '#core/request-id.ts'
import { createView } from '#core/view.ts'
import type { GateDeps } from './deps.ts'
import { sayRefusal, type Hearing } from './hearing.ts'
import { load } from './load.ts'

/** Whoever knows the id may look, as on the page. */
export async function showByChat(deps: GateDeps, hearing: Hearing, request: RequestId): Promise<ChatMessage> {
  const loaded = await load(deps, request)
  if (loaded === undefined) return sayRefusal(hearing, { reason: 'no_such_request' })
  const { proposal, asks, runs, standing } = loaded
  const view = createView(asks, runs, standing, hearing.language)
  const buttons = proposal.rule.approvers.includes(hearing.principal) ? 'decide' : 'look'
  return { kind: 'card', card: createCard(view, { publicUrl: deps.publicUrl, buttons }) }
}
