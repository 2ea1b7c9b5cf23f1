// After a start was sent, or may have been, the starter only looks until it can say how it ended. It never sends again.
import { parseAsks } from '#core/asks.ts'
import { judgeFollow, type Verdict } from '#core/follow.ts'
import type { RunEntry, Runs } from '#core/runs.ts'
import { lookNow, type Candidate } from './candidate.ts'
import type { StarterDeps } from './deps.ts'
import { putRun } from './put-run.ts'

/** `accepted_now`: no instance runs at once, and a look would only show it starting. Who does not stay leaves it to the next sweep. */
export async function follow(
  deps: StarterDeps,
  candidate: Pick<Candidate, 'digest' | 'runs' | 'lookAt' | 'stay'>,
  since: 'accepted_now' | 'earlier',
): Promise<void> {
  const { digest, runs, stay } = candidate
  const { durations, clock } = deps
  const { last, attempt } = runs
  if (attempt === undefined || last === undefined) return
  if (last.type === 'attempted') {
    // Its owner may still be at it: the platform has not killed it yet.
    if (clock.now() < attempt.at + durations.functionTimeout + durations.ownerGone) return
    const asks = parseAsks(await deps.asks.read(attempt.body.request))
    // Put only after reading that nothing was under way, so the owner found the no and never called.
    if (asks.stopped)
      return finish(deps, digest, runs, { type: 'stood_down', body: { why: 'stopped', next: { do: 'none' } } })
  }
  const until = clock.monotonic() + stay
  let lookAt = candidate.lookAt
  let wait: Wait | undefined = since === 'accepted_now' ? 'later' : undefined
  for (;;) {
    if (wait === 'later' && clock.monotonic() + durations.lookEvery >= until) return
    if (wait !== undefined) {
      await clock.sleep(wait === 'second_look' ? durations.lookAgain : durations.lookEvery)
      lookAt = lookNow(deps)
    }
    const look = await lookAt(attempt.body.regionId, attempt.body.instanceId)
    const second = wait === 'second_look'
    const verdict = judgeFollow({ runs, look, now: clock.now(), durations, second })
    if ('put' in verdict) return finish(deps, digest, runs, verdict.put)
    wait = verdict.wait
  }
}

type Wait = Extract<Verdict, { wait: unknown }>['wait']

async function finish(deps: StarterDeps, digest: string, runs: Runs, entry: RunEntry): Promise<void> {
  const request = runs.attempt?.body.request
  const put = await putRun(deps, digest, runs, entry)
  if (put !== 'taken' && request !== undefined) await deps.hints.send('gate', request)
}
