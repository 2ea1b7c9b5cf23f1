// Both functions tell `startgate doctor` about themselves. Whoever may invoke them may ask; RAM says who that is.
import { toFacts, toPlainError } from './failure.ts'
import { parseInvocation } from './invocation.ts'
import type { Examine } from './open.ts'

export interface Examination {
  /** To be called when a timer has called the function. */
  noteTimer(): void
  answer(context: unknown, instances: readonly string[]): Promise<object>
}

export function createExamination(examine: Examine): Examination {
  let lastTimer: number | undefined
  return {
    noteTimer: () => void (lastTimer = Date.now()),
    async answer(context, instances) {
      try {
        return await examine({ invocation: parseInvocation(context), instances, lastTimer })
      } catch (error) {
        console.error(JSON.stringify({ level: 'error', event: 'doctor.failed', ...toFacts(error) }))
        throw toPlainError('the function could not examine itself; its log says why')
      }
    },
  }
}
