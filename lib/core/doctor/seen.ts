// All that `startgate doctor` judges by: what each function said of itself, and what was seen from outside.
import type { FunctionRole, Report } from './report.ts'

/** Why something could not be learned: a code of the service, or of the network. */
export interface NotLearned {
  readonly failure: string
  /** The HTTP status, where there was an answer. */
  readonly status?: number
}

export type Learned<Value> = { readonly ok: Value } | NotLearned

export interface Settings {
  readonly runtime: string
  readonly handler: string
  /** Seconds. */
  readonly timeout: number
}

export interface Trigger {
  readonly name: string
  readonly type: string
  /** As the platform keeps it, undefined where it is not understood. */
  readonly authType?: string | undefined
  readonly methods?: readonly string[] | undefined
  readonly cronExpression?: string | undefined
  readonly enable?: boolean | undefined
  readonly payload?: string | undefined
}

export interface SeenFunction {
  /** As deployed. */
  readonly name: string
  /** `at`: what the cloud’s clock showed as it answered, epoch ms, to the second. */
  readonly answer: Learned<{ readonly report: Report; readonly at: number }>
  readonly settings: Learned<Settings>
  readonly triggers: Learned<readonly Trigger[]>
  /** How often a failed asynchronous invocation is repeated. */
  readonly asyncRetries: Learned<number>
  /** Undefined: none is reserved. */
  readonly reserved: Learned<number | undefined>
}

/** What anybody sees who opens the gate's address. */
export interface SeenFront {
  readonly url: string
  readonly answer: Learned<{
    readonly status: number
    /** Lower-case names. */
    readonly headers: Readonly<Record<string, string>>
    readonly health: { readonly healthy: boolean; readonly problems: readonly string[] } | undefined
  }>
}

export interface Seen extends Readonly<Record<FunctionRole, SeenFunction>> {
  /** Undefined: nobody knows the address. */
  readonly front: SeenFront | undefined
}
