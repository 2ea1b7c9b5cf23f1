import { PHASES, type OpenEntry, type OpenSet } from '#ports/open-set.ts'
import { applyRepeatable, createMemoryCalls, MemoryUnclearError, type MemoryCalls } from './calls.ts'

export interface MemoryOpenSet extends OpenSet {
  entries(): readonly OpenEntry[]
}

export function createMemoryOpenSet(calls: MemoryCalls = createMemoryCalls()): MemoryOpenSet {
  const held = new Map<string, OpenEntry>()
  const write = <Result>(operation: string, subject: string, apply: () => Result): Promise<Result> =>
    applyRepeatable(calls, { service: 'open', operation, subject }, apply)

  const all = async (): Promise<readonly OpenEntry[]> => {
    const call = { service: 'open', operation: 'GetRange', subject: 'all' }
    const fault = await calls.enter(call)
    if (fault?.kind === 'unclear') throw new MemoryUnclearError(call)
    return fault === undefined ? [...held.values()] : all()
  }

  return {
    all,
    entries: () => [...held.values()],
    add: (entry) =>
      write('PutRow', entry.request, () => {
        if (held.has(entry.request)) return 'exists'
        held.set(entry.request, { ...entry })
        return 'added'
      }),
    raise: (entry) =>
      write('PutRow', entry.request, () => {
        const there = held.get(entry.request)
        if (there === undefined || PHASES[there.phase] > PHASES[entry.phase]) return false
        held.set(entry.request, { ...entry })
        return true
      }),
    remove: (request) => write('DeleteRow', request, () => void held.delete(request)),
    removeIfUnchanged: ({ request, expiresAt }) =>
      write('DeleteRow', request, () => {
        if (held.get(request)?.expiresAt === expiresAt) held.delete(request)
      }),
  }
}
