// What must hold of a request in the end, whatever befell the calls that were made for it.
import { createEvidenceVerifier } from '#adapters/evidence/verifier.ts'
import { DURATIONS, scaleDurations } from '#core/durations.ts'
import type { Policy } from '#core/policy.ts'
import type { RequestId } from '#core/request-id.ts'
import type { FinalState } from '#core/standing.ts'
import type { Receipt } from '#lib/cli/answers.ts'
import { judgeReceipt } from '#lib/cli/judge/judge-receipt.ts'
import { TIME_SCALE, type Deployment, type PolicyChange } from './deployment.ts'
import type { Cell, PlayedCell } from './fault-matrix.ts'
import { callsFor, startsOf, toldOf } from './play.ts'
import { AUDIENCE, teamDocument, teamPolicy } from './team.ts'

/** `calls`: of StartInstance that reached ECS. `starts`: those that had an effect. */
export interface Ending {
  readonly state: FinalState
  readonly calls: number
  readonly starts: number
}

/** `grave`: no slow machine makes up for it. */
export interface Wrong {
  readonly cell: Cell
  readonly what: string
  readonly grave: boolean
}

export async function findWrong(
  deployment: Deployment,
  { cell, request, fault }: PlayedCell,
  { expected, policy }: { readonly expected: Ending; readonly policy: PolicyChange | undefined },
): Promise<Wrong | undefined> {
  const { id } = request
  const days = deployment.cloud.tablestore.rows('days').filter(({ primaryKey }) => primaryKey['request'] === id)
  const wrong = [...(await judge(deployment, id, policy)), ...(cell.flow.findNever?.(deployment, request) ?? [])]
  const found = {
    state: (await deployment.show(id)).state,
    calls: callsFor(deployment, cell.instanceId),
    starts: startsOf(deployment, cell.instanceId),
  }
  const stopped = found.state === 'denied' || found.state === 'cancelled'
  const grave = wrong.length > 0 || found.starts > (stopped ? 0 : 1)
  const unsaid = (await cell.flow.findUnsaid?.(deployment, request)) ?? []
  const facts = { ...found, hits: fault.hits(), days: days.length, told: toldOf(deployment, id).at(-1), unsaid, wrong }
  const wanted = { ...expected, hits: 1, days: 1, told: expected.state, unsaid: [], wrong: [] }
  const what = JSON.stringify(facts)
  return what === JSON.stringify(wanted) ? undefined : { cell, what: `${cell.name}: ${what}`, grave }
}

/** As `startgate verify` does. */
async function judge(
  deployment: Deployment,
  id: RequestId,
  policy: PolicyChange | undefined,
): Promise<readonly string[]> {
  const receipt = (await deployment.receipt(id)) as Receipt
  const { checks } = await judgeReceipt({
    receipt,
    policy: policyOf(deployment, policy),
    verifier: createEvidenceVerifier(),
    heads: [],
    audience: AUDIENCE,
    now: Date.now(),
    durations: scaleDurations(DURATIONS, TIME_SCALE),
  })
  return checks.flatMap(({ verdict, text }) => (verdict === 'wrong' ? [text] : []))
}

function policyOf({ origin, receiver }: Deployment, change: PolicyChange = (same) => same): Policy {
  const receivers = Object.fromEntries(
    ['ops-room', 'alice-inbox'].map((name) => [name, { url: `${receiver.url}/${name}` }]),
  )
  return teamPolicy(change({ ...teamDocument(), page: { origin }, receivers }, { origin }))
}
