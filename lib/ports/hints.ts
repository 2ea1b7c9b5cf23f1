import type { RequestId } from '#core/request-id.ts'

export interface Hints {
  /**
   * Asks the other function, or the gate itself, to look at a request soon. It may be lost, late or doubled, and says
   * nothing but the id: the timers find the same work without it. Never throws; a failure is logged.
   */
  send(to: 'gate' | 'starter', request: RequestId): Promise<void>
}
