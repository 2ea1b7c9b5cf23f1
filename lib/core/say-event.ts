// One row of a book as a line of the timeline.
import type { AskEvent } from './asks.ts'
import { fromIdentity } from './chat.ts'
import type { Language } from './language/language.ts'
import { WORDS } from './language/tables.ts'
import type { Actor } from './row.ts'
import type { RunEvent } from './runs.ts'
import { findAnswerWords, sayAnswer } from './say-state.ts'
import { platformSchema } from './words.ts'

export interface TimelineLine {
  /** Epoch ms. */
  readonly at: number
  readonly who: string
  /** The rest of the sentence that begins with `who`. */
  readonly what: string
}

export function sayAsk(event: AskEvent, language: Language = 'en'): TimelineLine {
  return { at: event.at, who: sayActor(event.actor, language), what: sayAskBody(event, language) }
}

export function sayRun(event: RunEvent, language: Language = 'en'): TimelineLine {
  return { at: event.at, who: sayActor(event.actor, language), what: sayRunBody(event, language) }
}

function sayActor(actor: Actor, language: Language): string {
  return 'principal' in actor ? actor.principal : WORDS[language].events.actors[actor.function]
}

function sayAskBody({ type, body }: AskEvent, language: Language): string {
  const { events } = WORDS[language]
  switch (type) {
    case 'requested':
      return events.requested(body.proposal.request.reason, body.proposal.request.dryRun)
    case 'approved':
      return events.approved(body.reason)
    case 'denied':
      return events.denied(body.reason, 'chat' in body ? sayChat(body.chat, language) : undefined)
    case 'cancelled':
      return events.cancelled(body.reason, body.chat === undefined ? undefined : sayChat(body.chat, language))
    case 'stopped':
      return events.stopped
    case 'posted':
      return events.posted(listTold(body.to, language))
  }
}

/** On whose word it was said; who is who there is not for everybody who may look at the request. */
function sayChat(identity: string, language: Language): string {
  return WORDS[language].facts.via(fromIdentity(identity).platform)
}

/** Of chats only how many messages each platform got: who is who there is not for everybody who may look at the request. */
function listTold(to: Readonly<Record<string, string>>, language: Language): readonly (readonly [string, string])[] {
  const { via } = WORDS[language].facts
  const told: { readonly target: string; readonly how: string; count: number }[] = []
  for (const [name, outcome] of Object.entries(to)) {
    const platform = platformSchema.options.find((each) => name.startsWith(`${each}/`))
    const target = platform === undefined ? name : via(platform)
    const how = platform === undefined || outcome === 'gave_up' ? outcome : 'delivered'
    const same = told.find((each) => each.target === target && each.how === how)
    if (same === undefined) told.push({ target, how, count: 1 })
    else same.count += 1
  }
  return told.map(({ target, how, count }) => [count === 1 ? target : `${target} × ${count}`, how])
}

function sayRunBody({ type, body }: RunEvent, language: Language): string {
  const { events } = WORDS[language]
  switch (type) {
    case 'attempted':
      return events.attempted(body.dryRun)
    case 'accepted':
      return events.accepted(body.requestId)
    case 'refused':
      return events.refused(body.answer.code, findAnswerWords(body.answer, language).says)
    case 'unclear':
      return events.unclear(body.answer.code)
    case 'stood_down':
      return events.stood_down(body.why)
    case 'running':
      return events.running(body.status, body.inferred)
    case 'failed':
    case 'stuck':
      return events[type](sayAnswer(body.answer, language))
    case 'satisfied':
      return events.satisfied(body.status)
  }
}
