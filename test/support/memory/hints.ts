import type { RequestId } from '#core/request-id.ts'
import type { Hints } from '#ports/hints.ts'
import { createMemoryCalls, type MemoryCalls } from './calls.ts'

export interface MemoryHints extends Hints {
  /** What arrived; a hint that a fault befell is not in it unless the fault was `applied`. */
  readonly sent: { readonly to: 'gate' | 'starter'; readonly request: RequestId }[]
}

export function createMemoryHints(calls: MemoryCalls = createMemoryCalls()): MemoryHints {
  const sent: MemoryHints['sent'] = []
  return {
    sent,
    async send(to, request) {
      const fault = await calls.enter({ service: 'fc', operation: 'InvokeFunction', subject: to })
      if (fault === undefined || fault.applied) sent.push({ to, request })
    },
  }
}
