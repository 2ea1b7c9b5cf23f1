// One row of a book as a line of the timeline.
import type { AskEvent } from './asks.ts'
import type { Language } from './language/language.ts'
import { WORDS } from './language/tables.ts'
import type { Actor } from './row.ts'
import type { RunEvent } from './runs.ts'
import { findAnswerWords, sayAnswer } from './say-state.ts'

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
      return events.denied(body.reason)
    case 'cancelled':
      return events.cancelled(body.reason)
    case 'stopped':
      return events.stopped
    case 'posted':
      return events.posted(Object.entries(body.to))
  }
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
