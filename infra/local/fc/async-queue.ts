// Asynchronous invocations: accepted at once, run later, and run again as the function's configuration says.

import { setMaxListeners } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { FunctionDefinition, Outcome } from './definition.ts'

export interface AsyncQueueOptions {
  readonly definition: FunctionDefinition
  readonly invoke: (event: Buffer, options: { readonly retryCount: number }) => Promise<Outcome>
  /** How many times faster than real the pauses and the greatest age are. */
  readonly timeScale: number
  readonly onDropped: (reason: string) => void
}

export interface AsyncQueue {
  /** Settles when the event has been answered or dropped; the caller need not wait. */
  push(event: Buffer): Promise<void>
  /** Drops whatever waits for another attempt. */
  close(): void
}

const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 60_000

/**
 * An event whose function failed is tried again up to `maxAsyncRetryAttempts` times; one that was throttled was not tried
 * at all, and is tried until it is too old.
 */
export function createAsyncQueue({ definition, invoke, timeScale, onDropped }: AsyncQueueOptions): AsyncQueue {
  const closing = new AbortController()
  // Each event that waits listens, and there may be any number of them.
  setMaxListeners(0, closing.signal)

  return {
    async push(event) {
      let failures = 0
      let waited = 0
      for (let attempt = 0; !closing.signal.aborted; attempt += 1) {
        const outcome = await invoke(event, { retryCount: failures })
        if (outcome.kind === 'answered') return
        if (outcome.kind === 'failed') failures += 1
        if (failures > definition.maxAsyncRetryAttempts) return onDropped(`it failed ${failures} times`)
        const pause = Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS)
        waited += pause
        if (waited > definition.maxAsyncEventAgeInSeconds * 1000) return onDropped('it is too old')
        await sleep(pause / timeScale, closing.signal)
      }
    },
    close: () => closing.abort(),
  }
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal })
  } catch {
    // Closed meanwhile.
  }
}
