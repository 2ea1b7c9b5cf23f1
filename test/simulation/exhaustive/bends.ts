// Faults that are put into the flow by the ports it is given, to see that the models notice each of them.
import type { RequestId } from '#core/request-id.ts'
import type { Row } from '#core/row.ts'
import type { GateDeps, StarterDeps } from '#flow/deps.ts'
import type { Book } from '#ports/book.ts'
import type { OpenSet } from '#ports/open-set.ts'

/** What was read once is not read again. */
export function readsAsksOnce(deps: StarterDeps): StarterDeps {
  const { asks } = deps
  return { ...deps, asks: { latest: asks.latest, read: once((stream) => asks.read(stream)) } }
}

/** `runs` are read before the no is put, not after it. */
export function readsRunsFirst(deps: GateDeps): GateDeps {
  const { asks, runs } = deps
  const readRuns = once((stream) => runs.read(stream))
  const read: Book['read'] = async (stream) => {
    const rows = await asks.read(stream)
    const [requested] = rows
    if (requested !== undefined) await readRuns((requested.body as { readonly digest: string }).digest)
    return rows
  }
  return { ...deps, asks: { ...bookOf(asks), read }, runs: { latest: runs.latest, read: readRuns } }
}

/** Of two that claim one row both believe that they won. */
export function gatePutsAlways(deps: GateDeps): GateDeps {
  return { ...deps, asks: putsAlways(deps.asks) }
}

/** As above, of the row that decides who starts. */
export function startsAlways(deps: StarterDeps): StarterDeps {
  const runs = bookOf(deps.runs)
  const always = putsAlways(runs)
  return { ...deps, runs: { ...runs, put: (row) => (row.type === 'attempted' ? always : runs).put(row) } }
}

/** An answer that was lost passes for a connection that was never opened. */
export function takesLostForNotSent(deps: StarterDeps): StarterDeps {
  return {
    ...deps,
    starts: {
      async start(call) {
        const answer = await deps.starts.start(call)
        return answer.kind === 'no_answer' ? { kind: 'not_sent', detail: answer.detail } : answer
      },
    },
  }
}

/** The entry of an ask that died is removed though somebody has renewed it. */
export function removesRenewed(deps: GateDeps): GateDeps {
  const open = openOf(deps.open)
  return { ...deps, open: { ...open, removeIfUnchanged: ({ request }) => open.remove(request) } }
}

/** Approved first, raised second. */
export function raisesLate(deps: GateDeps): GateDeps {
  const open = openOf(deps.open)
  let raise = async (): Promise<unknown> => undefined
  const put: Book['put'] = async (row) => {
    const outcome = await deps.asks.put(row)
    await raise()
    return outcome
  }
  return {
    ...deps,
    asks: { ...bookOf(deps.asks), put },
    open: {
      ...open,
      async raise(entry) {
        raise = () => open.raise(entry)
        return true
      },
    },
  }
}

/** A final request leaves the open set before anybody has been told. */
export function removesUntold(deps: GateDeps): GateDeps {
  return {
    ...deps,
    messenger: {
      async deliver(receiver, telling) {
        if (telling.kind === 'state' && telling.view.final) await deps.open.remove(telling.view.id as RequestId)
        return deps.messenger.deliver(receiver, telling)
      },
    },
  }
}

function putsAlways(book: Book): Book {
  return {
    ...bookOf(book),
    async put(row) {
      await book.put(row)
      return 'mine'
    },
  }
}

function once(read: (stream: string) => Promise<readonly Row[]>): (stream: string) => Promise<readonly Row[]> {
  const seen = new Map<string, Promise<readonly Row[]>>()
  return (stream) => {
    const rows = seen.get(stream) ?? read(stream)
    seen.set(stream, rows)
    return rows
  }
}

/** The ports of a model make their methods up as they are asked for, so there is nothing to spread. */
function bookOf({ read, latest, put }: Book): Book {
  return { read, latest, put }
}

function openOf({ all, add, raise, remove, removeIfUnchanged }: OpenSet): OpenSet {
  return { all, add, raise, remove, removeIfUnchanged }
}
