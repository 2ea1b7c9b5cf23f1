// The requests of one day: those finished, from `days`, and those still open. Costs in proportion to that day and what is open.
import type { RequestId } from '#core/request-id.ts'
import type { DayEntry } from '#ports/days.ts'
import type { GateDeps } from './deps.ts'
import { load, type Loaded } from './load.ts'

export interface Listed {
  readonly items: readonly Loaded[]
  /** Where the next page begins; undefined at the end. */
  readonly cursor: DayEntry | undefined
}

const PAGE = 20

/** `day`: `2026-11-23`, in UTC. Oldest first. */
export async function list(deps: GateDeps, day: string, cursor?: DayEntry): Promise<Listed> {
  // In this order: a request moves from `open` to `days`, and must be met in one of them.
  const open = await deps.open.all()
  const finished = await deps.days.list(day, cursor, PAGE)
  const stillOpen = open
    .filter(({ createdAt }) => dayOf(createdAt) === day)
    .filter((entry) => cursor === undefined || compare(entry, cursor) > 0)
  // A request that is being finished stands in both.
  const byId = new Map<RequestId, DayEntry>(
    [...stillOpen, ...finished.entries].map(({ request, createdAt }) => [request, { request, createdAt }]),
  )
  const merged = [...byId.values()].sort(compare)
  const page = merged.slice(0, PAGE)
  const loaded = await Promise.all(page.map(({ request }) => load(deps, request)))
  const more = merged.length > PAGE || finished.cursor !== undefined
  return { items: loaded.filter((each) => each !== undefined), cursor: more ? page.at(-1) : undefined }
}

export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

function compare(one: DayEntry, other: DayEntry): number {
  return one.createdAt - other.createdAt || (one.request < other.request ? -1 : one.request > other.request ? 1 : 0)
}
