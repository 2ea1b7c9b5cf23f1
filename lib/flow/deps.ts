// What the flow is given. The types keep each function to its own book: the gate cannot put a run, the starter no ask.
import type { Durations } from '#core/durations.ts'
import type { Policy } from '#core/policy.ts'
import type { Rotating } from '#core/rotating.ts'
import type { Book, ReadableBook } from '#ports/book.ts'
import type { Chat } from '#ports/chat.ts'
import type { Days } from '#ports/days.ts'
import type { EvidenceVerifier } from '#ports/evidence.ts'
import type { Hints } from '#ports/hints.ts'
import type { InstanceLooks, InstanceStarts } from '#ports/instances.ts'
import type { Messenger } from '#ports/messenger.ts'
import type { OpenSet, ReadableOpenSet } from '#ports/open-set.ts'
import type { Clock, Log, Random } from '#ports/world.ts'

export interface CommonDeps {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly durations: Durations
  readonly policy: Policy
  /** `<accountId>/<region>/<starter function name>`, from the function's own context. */
  readonly audience: string
  readonly evidence: EvidenceVerifier
  readonly looks: InstanceLooks
  readonly hints: Hints
}

export interface GateDeps extends CommonDeps {
  readonly asks: Book
  readonly runs: ReadableBook
  readonly open: OpenSet
  readonly days: Days
  readonly messenger: Messenger
  readonly chat: Chat
  /** Where people reach the gate, without a slash at the end. */
  readonly publicUrl: string
  readonly accountId: string
  readonly regionId: string
  readonly viewKey: Rotating
}

/** What the starter needs to note that it is there and to see that there is nothing to do, which is what it mostly does. */
export type FirstDeps = Pick<StarterDeps, 'clock' | 'random' | 'log' | 'policy' | 'build' | 'runs' | 'open'>

export interface StarterDeps extends CommonDeps {
  readonly asks: ReadableBook
  readonly runs: Book
  readonly open: ReadableOpenSet
  readonly starts: InstanceStarts
  readonly build: string
}
