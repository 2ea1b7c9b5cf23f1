// Hints as asynchronous invocations. Whatever becomes of one, the timers find the same work.
import type { Durations } from '#core/durations.ts'
import type { Hints } from '#ports/hints.ts'
import type { Log } from '#ports/world.ts'
import { invoke, type InvokeOptions } from './invoke.ts'

export interface HintOptions extends InvokeOptions {
  /** The deployed names. */
  readonly functions: { readonly gate: string; readonly starter: string }
  readonly durations: Pick<Durations, 'recordTimeout'>
  readonly log: Log
}

export function createHints(options: HintOptions): Hints {
  const { functions, durations, log } = options
  return {
    async send(to, request) {
      const failure = await invoke(options, functions[to], { hint: request }, durations.recordTimeout)
      if (failure !== undefined) log.warn('hint.failed', { to, request, code: failure })
    },
  }
}
