// Every word of a refusal or a fault over HTTP, keyed by what it is about: a language that misses one does not compile.
import type { Refusal } from '#core/refusal.ts'

export interface ProblemWords {
  readonly problems: {
    readonly [Reason in Refusal['reason']]: Sayings<[refusal: Extract<Refusal, { readonly reason: Reason }>]>
  }
  /** `call`: under which the log has it. */
  readonly faults: Readonly<Record<'unavailable' | 'fault', Sayings<[call: string]>>>
}

interface Sayings<Facts extends readonly unknown[]> {
  readonly title: string
  readonly detail: (...facts: Facts) => string
}
