import type { Durations } from '#core/durations.ts'
import type { InvokeProbe } from '#ports/probes.ts'
import { KNOCK } from './event.ts'
import { invoke, type InvokeOptions } from './invoke.ts'

export interface InvokeProbeOptions extends InvokeOptions {
  /** The deployed names. */
  readonly functions: { readonly gate: string; readonly starter: string }
  readonly durations: Pick<Durations, 'recordTimeout'>
}

export function createInvokeProbe(options: InvokeProbeOptions): InvokeProbe {
  const { functions, durations } = options
  return {
    async try(to) {
      const code = await invoke(options, functions[to], KNOCK, durations.recordTimeout)
      if (code === undefined) return { is: 'done' }
      return { is: code === 'AccessDenied' ? 'forbidden' : 'other', code }
    },
  }
}
