// What the verbs of a chat share.
import type { ChatMessage } from '#core/card.ts'
import type { ChatEvent } from '#core/chat.ts'
import { CHAT_WORDS } from '#core/language/chat-tables.ts'
import type { Say } from '#core/language/chat-words.ts'
import type { Language } from '#core/language/language.ts'
import { toProblem } from '#core/problem.ts'
import type { Proposal } from '#core/proposal.ts'
import { isRefused, type Refusal, type Refused } from '#core/refusal.ts'
import type { Stopped } from './decide.ts'

/** Somebody whom the policy knows, and the language to answer in. */
export interface Hearing<Event extends ChatEvent = ChatEvent> {
  readonly event: Event
  readonly principal: string
  readonly language: Language
  /** How people speak to it on this platform. */
  readonly say: Say
}

export function toText(text: string): ChatMessage {
  return { kind: 'text', text }
}

export function sayRefusal({ language }: Pick<Hearing, 'language'>, refusal: Refusal): ChatMessage {
  return toText(CHAT_WORDS[language].refused(toProblem(refusal, language).detail))
}

export function sayStopped(hearing: Hearing, outcome: Stopped | Refused): ChatMessage {
  if (isRefused(outcome)) return sayRefusal(hearing, outcome.refusal)
  const words = CHAT_WORDS[hearing.language]
  const { proposal } = outcome
  const [instance, { id }] = [nameInstance(proposal), proposal.request]
  return toText(outcome.outcome === 'stopped' ? words.stopped(instance, id) : words.tooLate(instance, id, hearing.say))
}

/** What it is called, and its id. */
export function nameInstance({ request: { instanceId }, instance: { name } }: Proposal): string {
  return name === '' ? instanceId : `${name} (${instanceId})`
}
