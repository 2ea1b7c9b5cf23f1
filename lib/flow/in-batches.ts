import type { RequestId } from '#core/request-id.ts'
import type { CommonDeps } from './deps.ts'

export interface Worked {
  readonly seen: number
  readonly worked: number
  /** Left for the next tick: there was no time to begin with them. */
  readonly left: number
  readonly faults: readonly Fault[]
}

export interface Fault {
  /** Undefined: it is not about one request alone. */
  readonly request?: RequestId | undefined
  readonly error: unknown
}

const AT_ONCE = 20

/**
 * Works through what a timer found, in random order so that nothing starves, and begins nothing in the last part of the
 * invocation. `work` goes on after an item fails and returns its faults; the caller fails loudly with the counts at the end.
 */
export async function inBatches<Item>(
  { clock, random, durations }: Pick<CommonDeps, 'clock' | 'random' | 'durations'>,
  items: readonly Item[],
  work: (batch: readonly Item[]) => Promise<{ readonly faults: readonly Fault[]; readonly stop?: boolean }>,
): Promise<Worked> {
  const until = clock.monotonic() + durations.functionTimeout - durations.sweepLast
  const queue = [...random.shuffle(items)]
  const faults: Fault[] = []
  let stopped = false
  while (queue.length > 0 && !stopped && clock.monotonic() < until) {
    const done = await work(queue.splice(0, AT_ONCE))
    faults.push(...done.faults)
    stopped = done.stop ?? false
  }
  return { seen: items.length, worked: items.length - queue.length, left: queue.length, faults }
}

/** Does it to all of them at once. The answer are the values of what succeeded; what failed is added to `faults`. */
export async function settleAll<Item extends { readonly request?: RequestId | undefined }, Value>(
  items: readonly Item[],
  work: (item: Item) => Promise<Value>,
  faults: Fault[],
): Promise<readonly Value[]> {
  const results = await Promise.allSettled(items.map(work))
  return results.flatMap((result, at) => {
    if (result.status === 'fulfilled') return [result.value]
    faults.push({ request: items[at]?.request, error: result.reason })
    return []
  })
}
