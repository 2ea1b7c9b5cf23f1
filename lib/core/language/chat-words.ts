// What Startgate says in chats, keyed by what it is about: a language that misses one does not compile. All of it is plain
// text; what people wrote stands in it as they wrote it.
import type { Unclear } from '#core/command.ts'
import type { State } from '#core/standing.ts'

export interface ChatWords {
  /** Said at once, while the gate is still looking. */
  readonly looking: string
  /** It could not be handed on, and has to be said again. */
  readonly notTaken: string
  /** `identity`: as it has to stand in the policy. */
  readonly unknownPerson: (identity: string) => string
  /** `command`: what every line begins with, as /startgate; empty where the robot is spoken to alone. */
  readonly help: (command: string) => string
  readonly unclear: (problem: Unclear, word: string) => string
  /** Several instances have this name: one line for each follows. */
  readonly which: (name: string, candidates: readonly Candidate[]) => string
  readonly open: (items: readonly OpenItem[], more: number) => string
  readonly nothingOpen: string
  /** After a denial or a cancellation. */
  readonly stopped: (request: string) => string
  /** It is recorded, but a start may be under way. */
  readonly tooLate: (request: string) => string
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
    readonly reminder: (headline: string) => string
  }
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
  readonly state: State
  readonly headline: string
  readonly url: string
}
