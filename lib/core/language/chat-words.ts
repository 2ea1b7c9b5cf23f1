// What Startgate says in chats, keyed by what it is about: a language that misses one does not compile. All of it is plain
// text; what people wrote stands in it as they wrote it.
import type { Unclear } from '#core/command.ts'
import type { State } from '#core/standing.ts'

export interface ChatWords {
  /** Said at once, while the gate is still looking. */
  readonly looking: string
  /** It could not be handed on, and has to be said again. */
  readonly notTaken: string
  /** `identity`: the line that has to be added to the policy. */
  readonly unknownPerson: (identity: string) => string
  readonly help: (command: string) => string
  readonly unclear: (problem: Unclear, word: string) => string
  /** Several instances have this name: one line for each follows. */
  readonly which: (name: string, candidates: readonly Candidate[]) => string
  readonly open: (items: readonly OpenItem[], more: number) => string
  readonly nothingOpen: string
  readonly stopped: (request: string) => string
  readonly tooLate: (request: string) => string
  /** A problem's detail, as a sentence of its own. */
  readonly refused: (detail: string) => string
  readonly card: {
    readonly titles: Readonly<Record<State, string>>
    readonly yeses: string
    readonly open: string
    readonly nobody: string
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
