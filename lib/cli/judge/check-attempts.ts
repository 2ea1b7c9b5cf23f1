// Whether each attempt was allowed when it was made, asked of the rules that the starter itself had to follow.
import { parseAsks } from '#core/asks.ts'
import { judgeLook, judgeReady, type Look, type Readiness } from '#core/ready.ts'
import type { Policy } from '#core/policy.ts'
import type { Proposal } from '#core/proposal.ts'
import type { RunEvent, Runs } from '#core/runs.ts'
import { findFlaw } from '#core/vote.ts'
import { toChecks, type Check } from './check.ts'
import { FLAWS, type DecisionsQuestion } from './check-decisions.ts'

export interface AttemptsQuestion extends DecisionsQuestion {
  readonly runs: Runs
  readonly policy: Policy
}

type Attempt = Extract<RunEvent, { type: 'attempted' }>

export function checkAttempts(question: AttemptsQuestion): readonly Check[] {
  const attempts = question.runs.events.filter((event) => event.type === 'attempted')
  if (attempts.length === 0) return [{ key: 'attempt', verdict: 'ok', text: 'No start was attempted.' }]
  return attempts.flatMap((attempt) => {
    const faults = [...findForeign(attempt, question), ...findUnproven(attempt, question)]
    const what = `The attempt (entry ${attempt.n} of runs)`
    return toChecks(
      'attempt',
      `${what} was allowed when it was made.`,
      faults.map((fault) => `${what} was not allowed: ${fault}.`),
    )
  })
}

/** An attempt at something else than what was proposed. */
function findForeign({ body }: Attempt, { proposal: { request } }: AttemptsQuestion): readonly string[] {
  const pairs = [
    ['request', body.request, request.id],
    ['account', body.accountId, request.accountId],
    ['region', body.regionId, request.regionId],
    ['instance', body.instanceId, request.instanceId],
    ['dry run', body.dryRun, request.dryRun],
  ] as const
  return pairs.filter(([, tried, asked]) => tried !== asked).map(([name, tried]) => `its ${name} was ${tried}`)
}

/** Judged at the time of the attempt, by what stood in `asks` up to the entry that the starter says it acted on. */
function findUnproven(attempt: Attempt, question: AttemptsQuestion): readonly string[] {
  const { asks: all, proposal, policy, durations, decisions } = question
  const { n, hash } = attempt.body.asks
  if (n === 0 || all.rows[n - 1]?.hash !== hash) return ['the entry of asks that it rests on is missing or another one']
  const asks = parseAsks(all.rows.slice(0, n))
  const now = attempt.at
  if (asks.rows.some(({ at }) => at > now + durations.clockSkew)) return ['it rests on entries that were made after it']
  const judged = decisions
    .filter(({ event }) => event.type === 'approved' && event.n <= n)
    .map(({ event, verified }) => ({
      approver: event.body.approver,
      verified,
      flaw:
        'flaw' in verified
          ? verified.flaw
          : findFlaw(verified.signed, { proposal, decision: 'approve', audience: proposal.audience, now, durations }),
    }))
  const votes = judged.flatMap(({ verified, flaw }) =>
    'signed' in verified && flaw === undefined ? [verified.signed] : [],
  )
  const ready = { asks, votes, policy, audience: proposal.audience, now, durations }
  const before = judgeReady(ready)
  const readiness = before.ready === 'yes' ? judgeLook(ready, proposal, toLook(proposal)) : before
  if (readiness.ready === 'yes') return []
  const uncounted = judged.flatMap(({ approver, flaw }) => (flaw === undefined ? [] : [`${approver}: ${FLAWS[flaw]}`]))
  return [[sayReadiness(readiness), ...uncounted].join('; ')]
}

/** The instance as the approvers saw it: what the starter saw then, nobody else can know. */
function toLook({ request, instance }: Proposal): Look {
  const { accountId, regionId, instanceId } = request
  return { ...instance, accountId, regionId, instanceId, status: 'Stopped', locks: [] }
}

function sayReadiness(readiness: Exclude<Readiness, { ready: 'yes' }>): string {
  switch (readiness.ready) {
    case 'not_yet':
      return NOT_YET[readiness.why]
    case 'never':
      return `by this policy ${readiness.answer.detail ?? readiness.answer.code}`
    case 'satisfied':
      return 'it ran already'
  }
}

const NOT_YET: Readonly<Record<Extract<Readiness, { ready: 'not_yet' }>['why'], string>> = {
  unreadable: 'what stood in asks could not be relied on',
  stopped: 'somebody had said no',
  approvals: 'it did not have enough valid approvals',
  not_before: 'it was too early',
  expired: 'it had expired',
  clock: 'the request had not been made yet',
  hours: 'it was outside of the hours of its rule',
  freeze: 'it was in a freeze',
  stopping: 'the instance was stopping',
  pending: 'the instance was not ready',
}
