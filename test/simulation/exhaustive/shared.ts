// The ports as values that can be kept and gone on from in more than one way. A value is the list of changes that leads to
// it; equal ones are one value, and each change of it is carried out once, however many histories come by.
import { createPorts, keyOf, perform, type Change, type Ports } from './ports.ts'

export interface Shared {
  readonly id: number
  /** Ms since the beginning. */
  readonly at: number
  /** How often time has passed. */
  readonly passes: number
  readonly onItsWay: number
  readonly changes: readonly Change[]
}

export interface Changed {
  /** Undefined when the change was no call. */
  readonly result: unknown
  readonly after: Shared
  /** The law that is broken there, if any. */
  readonly breach: string | undefined
}

export interface Shares {
  readonly first: Shared
  /** How many values there are so far. */
  count(): number
  change(shared: Shared, change: Change): Promise<Changed>
  /** Ports of its own for whoever goes on from there alone. */
  build(shared: Shared): Promise<Ports>
}

/** `judge` is asked once about each way from one value to another. */
export async function createShares(
  changes: readonly Change[],
  judge: (ports: Ports, shared: Shared, before: Shared) => string | undefined,
): Promise<Shares> {
  const known = new Map<string, Shared>()
  const done = new Map<string, Changed>()
  // Ports that stand at a value already; whoever changes them takes them along.
  const standing = new Map<Shared, Ports>()

  const build = async (from: readonly Change[]): Promise<Ports> => {
    const ports = createPorts()
    for (const change of from) await perform(ports, change)
    return ports
  }
  const keep = (ports: Ports, led: readonly Change[]): Shared => {
    const key = keyOf(ports)
    const { at, passes } = ports
    const shared = known.get(key) ?? { id: known.size, at, passes, onItsWay: ports.onItsWay.length, changes: led }
    known.set(key, shared)
    standing.set(shared, ports)
    return shared
  }

  return {
    first: keep(await build(changes), changes),
    count: () => known.size,
    build: (shared) => build(shared.changes),
    async change(shared, change) {
      const key = `${shared.id} ${nameOf(change)}`
      const found = done.get(key)
      if (found !== undefined) return found
      const ports = standing.get(shared) ?? (await build(shared.changes))
      standing.delete(shared)
      const result = await perform(ports, change)
      const after = keep(ports, [...shared.changes, change])
      const made = { result, after, breach: after === shared ? undefined : judge(ports, after, shared) }
      done.set(key, made)
      return made
    },
  }
}

const names = new WeakMap<object, string>()

/** The same call is made at many points. */
function nameOf(change: Change): string {
  if (change.do !== 'call') return JSON.stringify(change)
  const { call, fate = '' } = change
  const name = names.get(call) ?? JSON.stringify(call)
  names.set(call, name)
  return fate + name
}
