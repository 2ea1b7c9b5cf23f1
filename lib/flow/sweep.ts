// The starter's timer: the retry of everything. It finds every request that is to be started without any hint.
import { parseAsks } from '#core/asks.ts'
import type { Look } from '#core/ready.ts'
import type { RequestId } from '#core/request-id.ts'
import { parseRuns } from '#core/runs.ts'
import type { OpenEntry } from '#ports/open-set.ts'
import { lookNow, type Candidate } from './candidate.ts'
import type { StarterDeps } from './deps.ts'
import { inBatches, settleAll, type Fault, type Worked } from './in-batches.ts'
import { proceed, type Started } from './start.ts'

export interface Swept extends Worked {
  readonly started: Started
}

/** `entries`: those that are due. */
export async function sweep(deps: StarterDeps, entries: readonly OpenEntry[]): Promise<Swept> {
  let started: Started = 'done'
  const worked = await inBatches(deps, entries, async (batch) => {
    const faults: Fault[] = []
    const candidates = await settleAll(batch, (entry) => read(deps, entry), faults)
    const lookAt = await lookAtAll(deps, candidates, faults)
    const results = await settleAll(candidates, (each) => proceed(deps, { ...each, lookAt }), faults)
    // The process has to end: nothing new may be begun in it.
    if (results.includes('unsettled')) started = 'unsettled'
    return { faults, stop: started === 'unsettled' }
  })
  return { ...worked, started }
}

/** What the starter itself wrote is enough to follow a start; `asks` is read only when something may still be decided. */
async function read(deps: StarterDeps, { request, digest }: OpenEntry): Promise<Candidate & { request: RequestId }> {
  const own = parseRuns(await deps.runs.read(digest))
  const base = { request, lookAt: lookNow(deps), stay: 0 }
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
  faults: Fault[],
): Promise<Candidate['lookAt']> {
  const wanted = new Map<string, Set<string>>()
  for (const target of candidates.map(toTarget)) {
    if (target !== undefined)
      wanted.set(target.regionId, (wanted.get(target.regionId) ?? new Set()).add(target.instanceId))
  }
  const seen = new Map<string, ReadonlyMap<string, Look>>()
  const regions = [...wanted].map(([regionId, ids]) => ({ request: undefined, regionId, ids }))
  const look = async ({ regionId, ids }: (typeof regions)[number]): Promise<void> =>
    void seen.set(regionId, await deps.looks.look(regionId, [...ids]))
  await settleAll(regions, look, faults)
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
