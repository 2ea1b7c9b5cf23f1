// Every cloud call that was made: the last lines in full, and counts for ever.

import type { Operation, Service } from './spine.ts'

interface OperationCount {
  readonly service: Service
  readonly operation: string
  readonly role: string
  readonly calls: number
}

export interface OperationLog {
  record(operation: Operation): void
  /** A position in the log: what is recorded from now on comes after it. */
  mark(): number
  /** The lines after a mark, oldest first. Throws a RangeError when some of them are no longer kept. */
  since(mark?: number): readonly Operation[]
  /** Calls by service, operation and role: of all time, or after a mark (which throws like `since`). */
  counts(mark?: number): readonly OperationCount[]
}

const LINES_KEPT = 50_000

export function createOperationLog(linesKept: number = LINES_KEPT): OperationLog {
  // A ring: line n lies at n % linesKept until line n + linesKept takes its place.
  const lines: Operation[] = []
  const counts = new Map<string, OperationCount>()
  let next = 0

  const since = (mark: number): Operation[] => {
    if (mark < next - linesKept) throw new RangeError(`the log keeps ${linesKept} lines; ${mark} is before them`)
    const result: Operation[] = []
    for (let n = mark; n < next; n += 1) {
      const line = lines[n % linesKept]
      if (line !== undefined) result.push(line)
    }
    return result
  }

  return {
    record(operation) {
      lines[next % linesKept] = operation
      next += 1
      count(counts, operation)
    },
    mark: () => next,
    since: (mark) => since(mark ?? Math.max(0, next - linesKept)),
    counts(mark) {
      if (mark === undefined) return [...counts.values()]
      const after = new Map<string, OperationCount>()
      for (const operation of since(mark)) count(after, operation)
      return [...after.values()]
    },
  }
}

function count(counts: Map<string, OperationCount>, { service, operation, role }: Operation): void {
  const key = `${service} ${operation} ${role}`
  counts.set(key, { service, operation, role, calls: (counts.get(key)?.calls ?? 0) + 1 })
}
