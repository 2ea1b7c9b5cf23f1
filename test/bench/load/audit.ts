// What must be true at the end, whatever went wrong in between. It is judged by what people were answered, by what receivers
// heard and by the log of the local ECS, each against the record; the record alone is never believed.
import { createEvidenceVerifier } from '#adapters/evidence/verifier.ts'
import { parseAsks } from '#core/asks.ts'
import { DURATIONS, scaleDurations } from '#core/durations.ts'
import type { Policy } from '#core/policy.ts'
import type { RequestId } from '#core/request-id.ts'
import { parseRuns } from '#core/runs.ts'
import { receiptSchema } from '#lib/cli/answers.ts'
import { judgeReceipt } from '#lib/cli/judge/judge-receipt.ts'
import type { Operation } from '#infra/local/spine.ts'
import { TIME_SCALE, type Deployment } from '#support/deployment.ts'
import { each } from '#support/play.ts'
import { AUDIENCE } from '#support/team.ts'
import type { Inbox } from './inbox.ts'
import type { Played } from './people.ts'
import { persist } from './persist.ts'
import { findStartFaults, type Found, type StartFault } from './start-faults.ts'

export interface Violation {
  readonly what: StartFault['what'] | 'not accepted' | 'lost' | 'not told' | 'not verified'
  readonly request: string
  readonly detail: string
}

export interface Audited {
  readonly accepted: number
  /** Timer events that the platform gave up, as it says itself: nothing was recorded, and the next tick asks again. */
  readonly dropped: number
  /** Requests by the state that they ended in. */
  readonly ends: Readonly<Record<string, number>>
  /** From the recorded approval that was the last one needed to the recorded sight of the instance running. */
  readonly startMs: readonly number[]
  /** When the last final word about each request arrived, epoch ms. */
  readonly toldAt: readonly number[]
  readonly violations: readonly Violation[]
}

export interface AuditQuestion {
  readonly deployment: Deployment
  readonly policy: Policy
  readonly inbox: Inbox
  readonly played: readonly Played[]
  /** Every StartInstance call that reached the local ECS, in the order of arrival. */
  readonly calls: readonly Operation[]
  /** How many events of the gate the platform said that it gave up. */
  readonly givenUp: number
  readonly onAudited: () => void
}

const AT_ONCE = 6
const ignore = (): void => undefined

export async function audit(question: AuditQuestion): Promise<Audited> {
  const { deployment, played, onAudited } = question
  const calls = groupBy(question.calls, ({ subject }) => subject)
  const starts = groupBy(deployment.cloud.ecs.instances.starts(), ({ instanceId }) => instanceId)
  const days = new Set(deployment.cloud.tablestore.rows('days').map(({ primaryKey }) => String(primaryKey['request'])))
  const violations: Violation[] = []
  const ends: Record<string, number> = {}
  const startMs: number[] = []
  const toldAt: number[] = []
  let dropped = 0

  await each(
    played,
    async (one) => {
      const { instanceId } = one.arrival
      const found = { calls: calls.get(instanceId) ?? [], starts: starts.get(instanceId) ?? [] }
      const blame = (what: Violation['what'], detail: string): void =>
        void violations.push({ what, request: `${one.id ?? 'without id'} (${instanceId})`, detail })
      for (const { what, detail } of findStartFaults(one, found)) blame(what, detail)
      if (one.problem !== undefined) blame('not accepted', one.problem)
      if (one.id === undefined) {
        if (one.problem === undefined) dropped += 1
      } else {
        const end = await judge(question, one, one.id, found, blame)
        ends[end.state] = (ends[end.state] ?? 0) + 1
        if (end.startMs !== undefined) startMs.push(end.startMs)
        if (end.toldAt !== undefined) toldAt.push(end.toldAt)
        if (!days.delete(one.id)) blame('lost', 'it is not among the finished requests')
      }
      onAudited()
    },
    AT_ONCE,
  )
  for (const id of days)
    violations.push({ what: 'lost', request: id, detail: 'it is recorded, and nobody knows of it' })
  for (const { primaryKey } of deployment.cloud.tablestore.rows('open'))
    violations.push({ what: 'lost', request: String(primaryKey['request']), detail: 'it is open still' })
  if (dropped > question.givenUp)
    violations.push({ what: 'lost', request: 'timers', detail: `${dropped} asks by timers led to nothing` })
  return { accepted: played.length - dropped, dropped, ends, startMs, toldAt, violations }
}

type Blame = (what: Violation['what'], detail: string) => void

interface End {
  readonly state: string
  readonly startMs?: number
  readonly toldAt?: number
}

/** Each state, and how many starts it can go with. */
const STARTS: Readonly<Record<string, readonly number[]>> = { running: [1], stuck: [0, 1] }

async function judge(
  { deployment, policy, inbox }: AuditQuestion,
  { arrival, heads, stopped }: Played,
  id: RequestId,
  { starts }: Found,
  blame: Blame,
): Promise<End> {
  const path = `/v1/start-requests/${id}/receipt`
  const answer = await persist(ignore, 'receipt', () => deployment.call('GET', path))
  const receipt = receiptSchema.parse(answer.body)
  const durations = scaleDurations(DURATIONS, TIME_SCALE)
  const verifier = createEvidenceVerifier()
  const now = Date.now()
  const judgement = await judgeReceipt({ receipt, policy, verifier, heads, audience: AUDIENCE, now, durations })
  const wrong = judgement.checks.filter(({ verdict }) => verdict === 'wrong')
  if (!judgement.verified) blame('not verified', wrong.map(({ text }) => text).join(' '))
  const { state = 'unknown' } = judgement.outcome ?? {}

  if (!(STARTS[state] ?? [0]).includes(starts.length))
    blame('contradiction', `it ended as ${state}, and was started ${starts.length} times`)
  if (stopped && !['denied', 'cancelled'].includes(state))
    blame('contradiction', `somebody was told "stopped", and it ended as ${state}`)
  const concerned = arrival.entrance === 'webhook' && !arrival.forSomebody ? ['ops-room'] : ['ops-room', 'alice-inbox']
  const heard = concerned.map((receiver) => inbox.heard(id, receiver))
  for (const [index, words] of heard.entries()) {
    const said = words.map((word) => word.state)
    if (!said.includes(state)) blame('not told', `${concerned[index]} was not told of ${state}`)
    if (said.some((other) => other !== state)) blame('contradiction', `${concerned[index]} was told ${said.join(', ')}`)
  }
  const approved = parseAsks(receipt.asks).events.findLast(({ type }) => type === 'approved')?.at
  const ran = parseRuns(receipt.runs).events.find(({ type }) => type === 'running')?.at
  const toldAt = Math.max(...heard.flat().map(({ at }) => at))
  return {
    state,
    ...(approved !== undefined && ran !== undefined && { startMs: ran - approved }),
    ...(Number.isFinite(toldAt) && { toldAt }),
  }
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}
