// Every word that people read about a request, keyed by what it is about: a language that misses one does not compile.
import type { Meaning, Who } from '#core/catalogue-entry.ts'
import type { AppliedRule, Proposal, Requester } from '#core/proposal.ts'
import type { RowFlaw } from '#core/row.ts'

/** A group of which one yes is needed. */
export type Group = NonNullable<AppliedRule['oneOfEach']>[number]

export interface Words {
  readonly facts: FactWords
  readonly warnings: WarningWords
  /** Why a stream is not to be acted on; part of a sentence. */
  readonly flaws: Readonly<Record<RowFlaw, string>>
  readonly states: StateWords
  readonly events: EventWords
  /** What an answer to StartInstance means, and what to do next: one sentence each. */
  readonly answers: Readonly<Record<Meaning, AnswerWords>>
  readonly unheard: (code: string) => AnswerWords
  readonly answer: (words: AnswerWords, detail: string | undefined, doneBy: string) => string
  /** Who can do what is to be done next, as a sentence of its own; empty where there is nothing to do. */
  readonly doneBy: Readonly<Record<Who, string>>
}

export interface AnswerWords {
  readonly says: string
  readonly cure: string
}

interface FactWords {
  readonly labels: {
    readonly instance: string
    readonly name: string
    readonly where: string
    readonly type: string
    readonly charge: string
    readonly status: string
    readonly requester: string
    readonly via: string
    readonly reason: string
    readonly rule: string
    readonly not_before: string
    readonly expires: string
    readonly dry_run: string
  }
  readonly where: (zone: string, regionId: string, accountId: string) => string
  readonly charge: (chargeType: string) => string
  readonly status: (instance: Proposal['instance']) => string
  readonly requester: (requester: Requester) => string
  readonly via: (via: Requester['via']) => string
  readonly rule: (rule: AppliedRule) => string
  readonly dryRun: string
}

/** Instants are given as people read them. */
interface WarningWords {
  readonly init_local_disk: string
  readonly economical_mode: string
  readonly spot: string
  readonly running_now: (status: string) => string
  readonly not_stopped: (status: string) => string
  /** Undefined: not before it expires. */
  readonly closed_now: (from: string | undefined) => string
  readonly unreadable: (n: number, flaw: string) => string
}

interface StateWords {
  /** `approvers` and `groups`: those that have not said yes; `ownTool`: nobody has with a tool of their own, and the rule wants it. */
  readonly pending: (
    missing: number,
    approvers: readonly string[],
    groups: readonly Group[],
    ownTool: boolean,
  ) => string
  readonly ready: string
  readonly waiting: (from: string) => string
  readonly again: (says: string, from: string) => string
  /** Its time comes only after it expires. */
  readonly waitingInVain: string
  readonly expiring: string
  readonly stopping: string
  readonly accepted: string
  readonly sending: string
  readonly running: string
  readonly seen: (status: string) => string
  readonly satisfied: string
  readonly denied: (no: No | undefined) => string
  readonly cancelled: (no: No | undefined) => string
  readonly expired: string
}

export interface No {
  readonly by: string
  readonly reason: string | undefined
}

/** What the actor did, before which its name stands: the two are one sentence. What a person wrote is quoted. */
interface EventWords {
  readonly actors: Readonly<Record<'gate' | 'starter', string>>
  readonly requested: (reason: string, dryRun: boolean) => string
  readonly approved: (reason: string | undefined) => string
  /** `chat`: the platform on whose word it was said. */
  readonly denied: (reason: string | undefined, chat: string | undefined) => string
  readonly cancelled: (reason: string | undefined, chat: string | undefined) => string
  readonly stopped: string
  /** Pairs of a target and what became of it. */
  readonly posted: (to: readonly (readonly [target: string, how: string])[]) => string
  readonly attempted: (dryRun: boolean) => string
  readonly accepted: (requestId: string) => string
  readonly refused: (code: string, says: string) => string
  readonly unclear: (code: string) => string
  readonly stood_down: (why: 'stopped' | 'too_slow' | 'unreadable') => string
  readonly running: (status: string, inferred: boolean) => string
  readonly failed: (answer: string) => string
  readonly stuck: (answer: string) => string
  readonly satisfied: (status: string) => string
}
