// How a request stands, for one person. This card is not kept up to date, and says so: the one that everybody has is.
import { sayInstantIn } from '#core/calendar.ts'
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
  const sayInstant = sayInstantIn(deps.policy)
  const view = createView(asks, runs, standing, hearing.language, sayInstant)
  // What can be tapped here stays when it is over, so only those get it who are asked for a yes or a no.
  const isAsked = standing.state === 'pending' && proposal.rule.approvers.includes(hearing.principal)
  const asOf = sayInstant(deps.clock.now())
  const card = createCard(view, { publicUrl: deps.publicUrl, buttons: isAsked ? 'decide' : 'look', asOf })
  return { kind: 'card', card }
}
