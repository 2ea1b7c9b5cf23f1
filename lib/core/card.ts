// A card: what everybody in a chat sees of a request, and what they can tap. Platforms only lay it out.
import { CHAT_WORDS } from './language/chat-tables.ts'
import type { Language } from './language/language.ts'
import type { RequestId } from './request-id.ts'
import { ENOUGH_DIGITS, type Head } from './row.ts'
import type { State } from './standing.ts'
import type { View } from './view.ts'

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
  /** Which request, and its heads as `startgate verify --head` takes them, cut short: `req_… · asks:3:01ab · runs:2:45cd`. */
  readonly footer: string
  readonly buttons: readonly CardButton[]
}

export type CardButton =
  /** Opens the page, where a yes is signed. The only one once nothing can be stopped any more. */
  | { readonly kind: 'review'; readonly label: string; readonly url: string }
  /** Sends the request's id back, and nothing else. `confirm`: asked before it is sent, where the platform can. */
  | { readonly kind: 'deny'; readonly label: string; readonly confirm: string }

/** What is put into a chat. */
export type ChatMessage =
  | { readonly kind: 'card'; readonly card: Card }
  /** Plain text; it may have several lines. */
  | { readonly kind: 'text'; readonly text: string }

const TONES: Readonly<Record<State, Card['tone']>> = {
  pending: 'waiting',
  ready: 'under_way',
  waiting: 'under_way',
  expiring: 'under_way',
  stopping: 'under_way',
  starting: 'under_way',
  running: 'good',
  satisfied: 'good',
  dry_run_passed: 'good',
  failed: 'bad',
  stuck: 'bad',
  denied: 'over',
  cancelled: 'over',
  expired: 'over',
}

/** In these a no still stops it. */
const STOPPABLE: readonly State[] = ['pending', 'ready', 'waiting']

/**
 * In the language of the view, and with its times. `publicUrl`: where people reach the gate, without a slash at the end.
 * `buttons`: whether who sees the card may be somebody who can decide, or can only look. `asOf`: the time, as people read
 * it, from which on nobody changes the card any more; undefined for one that is kept up to date.
 */
export function createCard(
  view: View,
  {
    publicUrl,
    buttons,
    asOf,
  }: { readonly publicUrl: string; readonly buttons: 'decide' | 'look'; readonly asOf?: string },
): Card {
  const { language, id, state, final, headline, warnings, heads } = view
  const words = CHAT_WORDS[language].card
  const decide = buttons === 'decide' && STOPPABLE.includes(state)
  const url = `${publicUrl}/r/${id}`
  return {
    language,
    request: id,
    title: words.titles[state],
    tone: TONES[state],
    headline,
    facts: [
      // Until when it could be decided is over with the rest.
      ...view.facts.filter(({ key }) => !final || key !== 'expires').map(({ label, value }) => ({ label, value })),
      ...listApprovals(view),
      ...(asOf === undefined ? [] : [{ label: words.asOf, value: words.unchanged(asOf) }]),
    ],
    warnings: warnings.map(({ text }) => text),
    footer: [id, ...sayHead('asks', heads.asks), ...sayHead('runs', heads.runs)].join(' · '),
    buttons: decide
      ? [
          { kind: 'review', label: words.review, url },
          { kind: 'deny', label: words.deny, confirm: words.confirmDeny },
        ]
      : [{ kind: 'review', label: words.look, url }],
  }
}

function listApprovals({ language, state, approvals: { by, needed, open } }: View): Card['facts'] {
  const words = CHAT_WORDS[language].card
  if (state !== 'pending') {
    // The headline names who said no, and a yes beside it would only confuse.
    const tells = by.length > 0 && state !== 'denied' && state !== 'cancelled'
    return tells ? [{ label: words.yeses, value: words.names(by) }] : []
  }
  return [
    { label: words.yeses, value: words.given(by, needed) },
    ...(open.length === 0 ? [] : [{ label: words.open, value: words.names(open) }]),
  ]
}

/** A book in which nothing stands yet has no head. */
function sayHead(book: 'asks' | 'runs', { n, hash }: Head): readonly string[] {
  return n === 0 ? [] : [`${book}:${n}:${hash.slice(0, ENOUGH_DIGITS)}`]
}
