import type { DayEntry, Days } from '#ports/days.ts'
import { applyRepeatable, createMemoryCalls, MemoryUnclearError, type MemoryCalls } from './calls.ts'

export interface MemoryDays extends Days {
  entries(): readonly DayEntry[]
}

export function createMemoryDays(calls: MemoryCalls = createMemoryCalls()): MemoryDays {
  const held = new Map<string, DayEntry>()
  const sorted = (): DayEntry[] => [...held.values()].toSorted(compare)

  const list: Days['list'] = async (day, cursor, limit) => {
    const call = { service: 'days', operation: 'GetRange', subject: day }
    const fault = await calls.enter(call)
    if (fault?.kind === 'unclear') throw new MemoryUnclearError(call)
    if (fault !== undefined) return list(day, cursor, limit)
    const rest = sorted().filter(
      (entry) => toDay(entry.createdAt) === day && (cursor === undefined || compare(entry, cursor) > 0),
    )
    const entries = rest.slice(0, limit)
    return { entries, cursor: entries.length < rest.length ? entries.at(-1) : undefined }
  }

  return {
    list,
    entries: sorted,
    put: (entry) =>
      applyRepeatable(calls, { service: 'days', operation: 'PutRow', subject: entry.request }, () => {
        held.set(`${entry.createdAt} ${entry.request}`, { ...entry })
      }),
  }
}

function compare(one: DayEntry, other: DayEntry): number {
  return one.createdAt - other.createdAt || (one.request < other.request ? -1 : one.request > other.request ? 1 : 0)
}

function toDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
