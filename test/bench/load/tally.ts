// Counts of what happened on the way: calls and faults of the local cloud, repeats of the callers, words of the functions.
import { parseJson } from '#core/json.ts'
import type { Operation } from '#infra/local/spine.ts'

export type Counts = Readonly<Record<string, number>>

export interface Tally {
  call(operation: Operation): void
  repeat(why: string): void
  /** One line that a function printed. */
  log(text: string): void
  /** Cloud calls by service. */
  readonly calls: Counts
  /** Faults by service and kind. */
  readonly faults: Counts
  /** What callers had to send again, by what came instead of an answer. */
  readonly repeats: Counts
  /** Warnings and errors in the log of the functions, by event. */
  readonly warnings: Counts
}

export function createTally(): Tally {
  const [calls, faults, repeats, warnings] = [{}, {}, {}, {}] as [
    Record<string, number>,
    Record<string, number>,
    Record<string, number>,
    Record<string, number>,
  ]
  return {
    calls,
    faults,
    repeats,
    warnings,
    call({ service, fault }) {
      add(calls, service)
      if (fault !== undefined) add(faults, `${service} ${fault}`)
    },
    repeat: (why) => add(repeats, why),
    log(text) {
      const line = parseJson(text)
      if (typeof line !== 'object' || line === null || !('level' in line) || !('event' in line)) return
      if (line.level !== 'info') add(warnings, String(line.event))
    },
  }
}

export function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

function add(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1
}
