// The starter's timer: the retry of everything. It finds every request that is to be started without any hint.
import { parseAsks } from '#core/asks.ts'
import type { Look } from '#core/ready.ts'
import { parseRuns } from '#core/runs.ts'
import type { OpenEntry } from '#ports/open-set.ts'
import { lookNow, type Candidate } from './candidate.ts'
import type { StarterDeps } from './deps.ts'
import { proceed, type Started } from './start.ts'

export interface Swept {
  readonly seen: number
  readonly worked: number
  readonly left: number
  readonly faults: readonly unknown[]
  readonly started: Started
}

const AT_ONCE = 20

/** Goes on after an item fails; the caller fails loudly with the counts once all had their turn. */
export async function sweep(deps: StarterDeps): Promise<Swept> {
  const until = deps.clock.monotonic() + deps.durations.functionTimeout - deps.durations.sweepLast
  const entries = (await deps.open.all()).filter(
    ({ phase, notBefore }) => phase === 'start' && notBefore <= deps.clock.now(),
  )
  const queue = [...deps.random.shuffle(entries)]
  const faults: unknown[] = []
  let started: Started = 'done'
  let worked = 0
  while (queue.length > 0 && started === 'done' && deps.clock.monotonic() < until) {
    const batch = queue.splice(0, AT_ONCE)
    worked += batch.length
    const candidates = keepFulfilled(await Promise.allSettled(batch.map((entry) => read(deps, entry))), faults)
    const looks = await lookAtAll(deps, candidates, faults)
    const results = keepFulfilled(
      await Promise.allSettled(candidates.map((each) => proceed(deps, { ...each, lookAt: looks }))),
      faults,
    )
    if (results.includes('unsettled')) started = 'unsettled'
  }
  return { seen: entries.length, worked, left: queue.length, faults, started }
}

/** What the starter itself wrote is enough to follow a start; `asks` is read only when something may still be decided. */
async function read(deps: StarterDeps, { request, digest }: OpenEntry): Promise<Candidate> {
  const own = parseRuns(await deps.runs.read(digest))
  const base = { lookAt: lookNow(deps), stay: 0 }
  if (own.next.do === 'look') return { ...base, digest, runs: own, asks: parseAsks([]) }
  const asks = parseAsks(await deps.asks.read(request))
  // The gate's pointer may be wrong; the digest that counts is the one of the proposal itself.
  const stream = asks.digest ?? digest
  const runs = stream === digest ? own : parseRuns(await deps.runs.read(stream))
  return { ...base, digest: stream, runs, asks }
}

/** One call per region for the whole batch. A region that cannot be looked at fails its own items only. */
async function lookAtAll(
  deps: StarterDeps,
  candidates: readonly Candidate[],
  faults: unknown[],
): Promise<Candidate['lookAt']> {
  const wanted = new Map<string, Set<string>>()
  for (const target of candidates.map(toTarget)) {
    if (target !== undefined)
      wanted.set(target.regionId, (wanted.get(target.regionId) ?? new Set()).add(target.instanceId))
  }
  const seen = new Map<string, ReadonlyMap<string, Look>>()
  const regions = [...wanted].map(async ([regionId, ids]) =>
    seen.set(regionId, await deps.looks.look(regionId, [...ids])),
  )
  keepFulfilled(await Promise.allSettled(regions), faults)
  return async (regionId, instanceId) => {
    const looks = seen.get(regionId)
    if (looks === undefined) throw new Error(`the instances in ${regionId} could not be looked at`)
    return looks.get(instanceId)
  }
}

function toTarget({ asks, runs }: Candidate): { readonly regionId: string; readonly instanceId: string } | undefined {
  if (runs.next.do === 'none') return undefined
  return runs.next.do === 'look' ? runs.attempt?.body : asks.proposal?.request
}

function keepFulfilled<Value>(results: readonly PromiseSettledResult<Value>[], faults: unknown[]): Value[] {
  for (const result of results) if (result.status === 'rejected') faults.push(result.reason)
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
}
