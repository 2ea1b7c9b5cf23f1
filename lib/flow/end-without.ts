// Ends a request that needs no start, or may not have one, without any attempt. As with a start, the starter writes first and
// reads again second, so that of "it is over" and "it was stopped" only one is ever said.
import { parseAsks } from '#core/asks.ts'
import type { Answer, Next, RunEntry } from '#core/runs.ts'
import type { Candidate } from './candidate.ts'
import type { StarterDeps } from './deps.ts'
import { putRun } from './put-run.ts'

/** Why no attempt is made: it may not be started, or it runs already in this state. */
export type Ending = { readonly refused: Answer } | { readonly satisfied: string }

export async function endWithout(deps: StarterDeps, candidate: Candidate, ending: Ending): Promise<void> {
  const { digest, asks, runs } = candidate
  const request = asks.proposal?.request.id
  if (request === undefined) return
  const confirming = await putRun(deps, digest, runs, toEntry(ending, { do: 'confirm' }), request)
  if (confirming === 'taken') return
  const again = parseAsks(await deps.asks.read(request))
  if (again.no !== undefined) return standDownForNo(deps, { ...candidate, asks: again, runs: confirming })
  await putRun(deps, digest, confirming, toEntry(ending, { do: 'none' }), request)
  await deps.hints.send('gate', request)
}

/**
 * A no while an ending waits to be confirmed: the gate leaves it to the starter, which says here that nothing happened.
 * In every other case the gate finishes the no by itself.
 */
export async function standDownForNo(deps: StarterDeps, { digest, asks, runs }: Candidate): Promise<void> {
  if (runs.next.do !== 'confirm') return
  const request = asks.proposal?.request.id
  await putRun(deps, digest, runs, { type: 'stood_down', body: { why: 'stopped', next: { do: 'none' } } }, request)
  if (request !== undefined) await deps.hints.send('gate', request)
}

function toEntry(ending: Ending, next: Next): RunEntry {
  return 'refused' in ending
    ? { type: 'refused', body: { answer: ending.refused, next } }
    : { type: 'satisfied', body: { status: ending.satisfied, next } }
}
