// What Startgate says in chats, keyed by what it is about: a language that misses one does not compile. All of it is plain
// text; what people wrote stands in it as they wrote it.
import type { Unclear } from '#core/command.ts'
import type { State } from '#core/standing.ts'

export interface ChatWords {
  /** Said at once, while the gate is still looking: to one person, who has tapped or written to the robot alone. */
  readonly looking: string
  /** The same in a group. */
  readonly lookingInGroup: string
  /** It could not be handed on, and has to be said again. */
  readonly notTaken: string
  /** It was taken, and the work failed; it is repeated, and may have to be said again. */
  readonly delayed: string
  /** `identity`: as it has to stand in the policy. */
  readonly unknownPerson: (identity: string) => string
  /** `group`: where it was asked, as a receiver names it; undefined where that was no group. */
  readonly help: (say: Say, group: string | undefined) => string
  readonly unclear: (problem: Unclear, word: string, say: Say) => string
  /** Why the reason of an ask cannot be recorded. */
  readonly badReason: (problem: 'too_long' | 'not_plain', say: Say) => string
  /** Several instances have this name: one line for each follows. */
  readonly which: (name: string, candidates: readonly Candidate[], say: Say) => string
  /** No instance has this name that the person may ask for. */
  readonly noSuchName: (name: string, regionId: string) => string
  readonly open: (items: readonly OpenItem[], more: number) => string
  readonly nothingOpen: string
  /** After a denial or a cancellation. */
  readonly stopped: (instance: string, request: string) => string
  /** It is recorded, but a start may be under way. */
  readonly tooLate: (instance: string, request: string, say: Say) => string
  /** A problem's detail, as a sentence of its own. */
  readonly refused: (detail: string) => string
  readonly card: {
    readonly titles: Readonly<Record<State, string>>
    readonly yeses: string
    readonly given: (by: readonly string[], needed: number) => string
    readonly open: string
    readonly names: (names: readonly string[]) => string
    readonly review: string
    readonly look: string
    readonly deny: string
    readonly confirmDeny: string
    /** What begins the line of `unchanged`. */
    readonly asOf: string
    /** Of a card that shows how it stood at this time. */
    readonly unchanged: (at: string) => string
    /** Instants are given as people read them. */
    readonly reminder: (reminder: Reminder) => string
    /** What a reminder is changed to once the request has ended. */
    readonly reminded: (instance: string, headline: string) => string
  }
}

/** A line as people have to type it where they are: on Slack behind /startgate. */
export type Say = (line: string) => string

export interface Reminder {
  readonly instance: string
  readonly requester: string
  readonly reason: string
  readonly headline: string
  readonly expires: string
}

export interface Candidate {
  readonly instanceId: string
  readonly zone: string
  readonly status: string
}

export interface OpenItem {
  readonly id: string
  readonly instance: string
  readonly requester: string
  readonly reason: string
  readonly headline: string
  /** As people read it. */
  readonly expires: string
  readonly url: string
}
