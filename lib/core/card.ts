// A card: what everybody in a chat sees of a request, and what they can tap. Platforms only lay it out.
import type { Language } from './language/language.ts'
import type { RequestId } from './request-id.ts'

/** Everything here is plain text that somebody else may have written: whoever lays it out escapes it. */
export interface Card {
  readonly language: Language
  readonly request: RequestId
  /** What the card is about, in a few words. */
  readonly title: string
  readonly tone: 'waiting' | 'under_way' | 'good' | 'bad' | 'over'
  /** How it stands, and what to do next. */
  readonly headline: string
  readonly facts: readonly { readonly label: string; readonly value: string }[]
  readonly warnings: readonly string[]
  /** Which request, and up to where of its record: `req_… · asks 3 01ab… · runs 2 45cd…`. */
  readonly footer: string
  /** Empty once nothing can be decided any more but by looking. */
  readonly buttons: readonly CardButton[]
}

export type CardButton =
  /** Opens the page, where a yes is signed. */
  | { readonly kind: 'review'; readonly label: string; readonly url: string }
  /** Sends the request's id back, and nothing else. `confirm`: asked before it is sent, where the platform can. */
  | { readonly kind: 'deny'; readonly label: string; readonly confirm: string }

/** What is put into a chat. */
export type ChatMessage =
  | { readonly kind: 'card'; readonly card: Card }
  /** Plain text; it may have several lines. */
  | { readonly kind: 'text'; readonly text: string }
