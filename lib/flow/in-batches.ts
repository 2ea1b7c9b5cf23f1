import type { CommonDeps } from './deps.ts'

export interface Worked {
  readonly seen: number
  readonly worked: number
  /** Left for the next tick: there was no time to begin with them. */
  readonly left: number
  readonly faults: readonly unknown[]
}

const AT_ONCE = 20

/**
 * Works through what a timer found, in random order so that nothing starves, and begins nothing in the last part of the
 * invocation. `work` goes on after an item fails and returns its faults; the caller fails loudly with the counts at the end.
 */
export async function inBatches<Item>(
  { clock, random, durations }: Pick<CommonDeps, 'clock' | 'random' | 'durations'>,
  items: readonly Item[],
  work: (batch: readonly Item[]) => Promise<{ readonly faults: readonly unknown[]; readonly stop?: boolean }>,
): Promise<Worked> {
  const until = clock.monotonic() + durations.functionTimeout - durations.sweepLast
  const queue = [...random.shuffle(items)]
  const faults: unknown[] = []
  let stopped = false
  while (queue.length > 0 && !stopped && clock.monotonic() < until) {
    const done = await work(queue.splice(0, AT_ONCE))
    faults.push(...done.faults)
    stopped = done.stop ?? false
  }
  return { seen: items.length, worked: items.length - queue.length, left: queue.length, faults }
}

/** The values of what succeeded; the reasons of what failed are added to `faults`. */
export async function settleAll<Value>(work: readonly Promise<Value>[], faults: unknown[]): Promise<readonly Value[]> {
  const results = await Promise.allSettled(work)
  for (const result of results) if (result.status === 'rejected') faults.push(result.reason)
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
}
