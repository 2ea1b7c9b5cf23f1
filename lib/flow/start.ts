// The starter takes a request up. Every step is one conditional put; whoever loses one stops there.
//
//   read asks, runs ─ judge the proof ─ look       dies here: nothing is written, the next sweep begins again
//   put `attempted`                                dies here: nobody can know whether the call below was sent,
//   read asks again: a no? ── put `stood_down`                so after a while the starter only looks (follow.ts)
//   call StartInstance, once                       dies here: the same; it is never sent again
//   put the answer (put-answer.ts)                 dies here: an accepted or unclear start is looked at,
//   follow it until it runs                                   a refusal that proves nothing happened is tried again
//
// Nothing starts twice: attempts are rows of one stream per proposal, each won by one starter, and a further one follows
// only an answer that proves that the last did nothing.
import { parseAsks, type Asks } from '#core/asks.ts'
import { isKeyValid } from '#core/key.ts'
import type { Proposal } from '#core/proposal.ts'
import { judgeLook, judgeReady, type ReadyQuestion } from '#core/ready.ts'
import type { RequestId } from '#core/request-id.ts'
import { headOf } from '#core/row.ts'
import { parseRuns, type RunEntry, type Runs } from '#core/runs.ts'
import { findFlaw, type SignedStatement } from '#core/vote.ts'
import { lookNow, type Candidate } from './candidate.ts'
import type { StarterDeps } from './deps.ts'
import { endWithout, standDownForNo } from './end-without.ts'
import { follow } from './follow.ts'
import { LOOK, nextAttempt, NONE, putAnswer } from './put-answer.ts'
import { putRun } from './put-run.ts'

/** `unsettled`: a StartInstance was not let go of; the process must end, or a thawing function would send it on. */
export type Started = 'done' | 'unsettled'

/** Brings one request as far as it goes now. Doing it twice, or twice at once, is harmless. */
export async function start(deps: StarterDeps, request: RequestId): Promise<Started> {
  const asks = parseAsks(await deps.asks.read(request))
  if (asks.digest === undefined) return 'done'
  const runs = parseRuns(await deps.runs.read(asks.digest))
  return proceed(deps, { digest: asks.digest, asks, runs, lookAt: lookNow(deps), stay: deps.durations.follow })
}

export async function proceed(deps: StarterDeps, candidate: Candidate): Promise<Started> {
  const { asks, runs } = candidate
  // A row that this version cannot read was written by a newer one, which knows what to do.
  if (runs.fault !== undefined || runs.next.do === 'none') return 'done'
  if (runs.next.do === 'look') {
    await follow(deps, candidate, 'earlier')
    return 'done'
  }
  if (asks.no !== undefined) {
    await standDownForNo(deps, candidate)
    return 'done'
  }
  return asks.proposal === undefined ? 'done' : attempt(deps, candidate, asks.proposal)
}

async function attempt(deps: StarterDeps, candidate: Candidate, proposal: Proposal): Promise<Started> {
  const { asks, runs, lookAt } = candidate
  const { regionId, instanceId, expiresAt } = proposal.request
  if (runs.next.do === 'again' && deps.clock.now() < runs.next.at) return 'done'
  const { policy, audience, durations } = deps
  const votes = await countVotes(deps, proposal, asks)
  const question = { asks, votes, policy, audience, durations }
  const before = judgeReady({ ...question, now: deps.clock.now() })
  const look = before.ready === 'yes' ? await lookAt(regionId, instanceId) : undefined
  // Looking takes time: nothing may be written or started once the request has expired, a key that said yes, or the hours.
  const now = deps.clock.now()
  const readiness = before.ready === 'yes' ? judgeLook({ ...question, now }, proposal, look) : before
  const stillCount = votes.filter(({ key }) => isKeyValid(key, now))
  if (now >= expiresAt || stillCount.length < votes.length) return 'done'
  switch (readiness.ready) {
    case 'not_yet':
      return 'done'
    case 'never':
      await endWithout(deps, candidate, { refused: readiness.answer })
      return 'done'
    case 'satisfied':
      await endWithout(deps, candidate, { satisfied: readiness.status })
      return 'done'
    case 'yes':
      return carryOut(deps, candidate, proposal)
  }
}

async function carryOut(deps: StarterDeps, candidate: Candidate, proposal: Proposal): Promise<Started> {
  const { digest, asks, runs } = candidate
  const { id, accountId, regionId, instanceId, initLocalDisk, dryRun } = proposal.request
  const begun = deps.clock.monotonic()
  const target = { request: id, accountId, regionId, instanceId, dryRun }
  const attempted = await putRun(deps, digest, runs, {
    type: 'attempted',
    body: { ...target, asks: headOf(asks.rows), next: LOOK },
  })
  if (attempted === 'taken') return 'done'

  // Whoever says no writes first and reads `runs` second; this is the other half: of the two, one sees the other.
  const again = await readAgain(deps, id)
  const late = deps.clock.monotonic() - begun > deps.durations.attemptedToCall
  const why = whyNot(again, late)
  if (why !== undefined) {
    const next = why === 'stopped' ? NONE : nextAttempt(deps, proposal, attempted, 'again_soon')
    await putRun(deps, digest, attempted, { type: 'stood_down', body: { why, next } })
    await deps.hints.send('gate', id)
    if ('failed' in again) throw again.failed
    return 'done'
  }

  const answer = await deps.starts.start({ ...target, initLocalDisk })
  if (answer.kind === 'unsettled') return giveUp(deps, digest, attempted)
  const answered = await putAnswer(deps, digest, proposal, attempted, answer)
  await deps.hints.send('gate', id)
  if (answered !== 'taken' && answer.kind === 'accepted') {
    await follow(deps, { ...candidate, runs: answered }, 'accepted_now')
  }
  return 'done'
}

/** Whoever cannot read still knows that nothing was sent, and must be able to say so. */
async function readAgain({ asks }: StarterDeps, request: RequestId): Promise<Asks | { readonly failed: unknown }> {
  try {
    return parseAsks(await asks.read(request))
  } catch (error) {
    return { failed: error }
  }
}

type Why = Extract<RunEntry, { type: 'stood_down' }>['body']['why']

function whyNot(again: Asks | { readonly failed: unknown }, late: boolean): Why | undefined {
  if ('failed' in again) return 'unreadable'
  if (again.no !== undefined) return 'stopped'
  if (again.fault !== undefined) return 'unreadable'
  return late ? 'too_slow' : undefined
}

/** The process has to end whether or not this row can be put: `attempted` alone makes the sweep look into it. */
async function giveUp(deps: StarterDeps, digest: string, runs: Runs): Promise<Started> {
  const answer = { code: 'NoAnswer', detail: 'no answer before the deadline' }
  try {
    await putRun(deps, digest, runs, { type: 'unclear', body: { answer, next: LOOK } })
  } catch (error) {
    deps.log.error('run.unclear.failed', { request: runs.attempt?.body.request, digest, error })
  }
  return 'unsettled'
}

/** The approvals that count, each verified here and now; what is wrong with the others goes to the log. */
async function countVotes(deps: StarterDeps, proposal: Proposal, asks: Asks): Promise<ReadyQuestion['votes']> {
  const { policy, audience, durations } = deps
  const votes: SignedStatement[] = []
  // Nothing will be started from it, so nothing of it is worth a signature check: it may hold any number of rows.
  if (asks.fault !== undefined) return votes
  for (const { n, evidence } of asks.approvals) {
    const verified = await deps.evidence.verify(evidence, policy)
    const flaw =
      'flaw' in verified
        ? verified.flaw
        : findFlaw(verified.signed, { proposal, decision: 'approve', audience, now: deps.clock.now(), durations })
    if ('signed' in verified && flaw === undefined) votes.push(verified.signed)
    else deps.log.warn('approval.refused', { request: proposal.request.id, n, flaw })
  }
  return votes
}
