import { parseAsks, type Asks } from '#core/asks.ts'
import type { RequestId } from '#core/request-id.ts'
import { createOpening } from '#core/rule.ts'
import { parseRuns, type Runs } from '#core/runs.ts'
import { foldStanding, type Standing } from '#core/standing.ts'
import type { Proposal } from '#core/proposal.ts'
import type { ReadableBook } from '#ports/book.ts'
import type { CommonDeps } from './deps.ts'

/** Both books of one request as they were read, and what they come to. */
export interface Loaded {
  readonly proposal: Proposal
  readonly asks: Asks
  readonly runs: Runs
  readonly standing: Standing
}

type Readers = Pick<CommonDeps, 'clock' | 'durations' | 'policy'> & {
  readonly asks: ReadableBook
  readonly runs: ReadableBook
}

/** Undefined when there is no such request, or none that this version can read. Two reads. */
export async function load(deps: Readers, request: RequestId): Promise<Loaded | undefined> {
  const now = deps.clock.now()
  return loadRuns(deps, parseAsks(await deps.asks.read(request)), now)
}

/** `now`: when reading began. What is read may be older than the reading's end, and time must not end a start it missed. */
export async function loadRuns(deps: Readers, asks: Asks, now: number): Promise<Loaded | undefined> {
  if (asks.proposal === undefined || asks.digest === undefined) return undefined
  const runs = parseRuns(await deps.runs.read(asks.digest))
  return foldLoaded(deps, asks.proposal, asks, runs, now)
}

/** The hours and freezes are those of the policy that this function has; the starter judges by its own. */
export function foldLoaded(
  { durations, policy }: Pick<CommonDeps, 'durations' | 'policy'>,
  proposal: Proposal,
  asks: Asks,
  runs: Runs,
  now: number,
): Loaded {
  // Never earlier than any telling: an end that was told by a clock that is ahead stays one for those behind it.
  const told = asks.events.flatMap(({ type, at }) => (type === 'posted' ? [at] : []))
  const standing = foldStanding(asks, runs, Math.max(now, ...told), durations, createOpening(policy, proposal))
  return { proposal, asks, runs, standing }
}
