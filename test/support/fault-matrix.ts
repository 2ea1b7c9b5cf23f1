// Plays a flow once for each of its cloud calls and each way in which that call may fail, and lets the timers end it.
import type { Operation } from '#infra/local/spine.ts'
import type { Deployment } from './deployment.ts'
import { withoutHints, type Flow } from './fault-flows.ts'
import { DEATHS, FAULT_KINDS, isWrite, type FaultKind } from './fault-kinds.ts'
import { plan, type Played, type PlannedFault } from './play.ts'

/** One call of a flow that nothing disturbs. */
export interface FlowCall {
  readonly service: Operation['service']
  readonly operation: string
  /** `PutRow asks 2`: the flow's second put into `asks`. */
  readonly name: string
  /** What of its request the log of the cloud names it by. */
  readonly by: keyof Played | undefined
}

export interface Cell {
  readonly name: string
  readonly flow: Flow
  readonly calls: readonly FlowCall[]
  readonly call: FlowCall
  readonly kind: FaultKind
  readonly instanceId: string
}

/** One request of a cell: mostly there is no other. */
export interface PlayedCell {
  readonly cell: Cell
  readonly request: Played
  readonly fault: PlannedFault
}

/** Requests of other flows may still be open, and timers read them too. */
const NAMES_A_REQUEST = /req_|[0-9a-f]{64}|i-bp1/

/** The calls of the flow itself, in order: what it leads to happens in invocations that no hint begins here. */
export async function recordFlow(deployment: Deployment, flow: Flow, instanceId: string): Promise<readonly FlowCall[]> {
  const { functions, cloud } = deployment
  const { act } = await flow.prepare(deployment, instanceId)
  await functions.idle()
  const mark = cloud.spine.operations.mark()
  const request = await withoutHints(deployment, act)
  await functions.idle()
  const seen = new Map<string, number>()
  return cloud.spine.operations
    .since(mark)
    .filter(({ role }) => role === flow.role)
    .map((line) => ({ ...line, by: PARTS.find((part) => line.subject.includes(request[part])) }))
    .filter(({ by, subject }) => by !== undefined || !NAMES_A_REQUEST.test(subject))
    .slice(0, flow.calls)
    .map(({ service, operation, subject, by }) => {
      const kind = service === 'ots' ? `${operation} ${subject.split(' ')[0]}` : operation
      seen.set(kind, (seen.get(kind) ?? 0) + 1)
      return { service, operation, name: `${kind} ${seen.get(kind)}`, by }
    })
}

const PARTS = ['id', 'digest', 'instanceId'] as const

/** Every one; or a part, along a diagonal that meets all calls and all kinds. */
export function toCells(recorded: ReadonlyMap<Flow, readonly FlowCall[]>, whole: boolean): readonly Cell[] {
  const all = [...recorded].flatMap(([flow, calls]) => calls.map((call) => ({ flow, calls, call })))
  return all.flatMap((at, n) =>
    kindsOf(at)
      .filter((kind) => whole || (ALL_KINDS.indexOf(kind) + 3 * n) % 8 === 0)
      .map((kind) => ({
        ...at,
        kind,
        name: `${at.flow.name}: ${at.call.name}, ${kind.name}`,
        instanceId: `i-bp1cell${String(n).padStart(2, '0')}kind${String(ALL_KINDS.indexOf(kind)).padStart(2, '0')}`,
      })),
  )
}

const ALL_KINDS = [...FAULT_KINDS, ...DEATHS]

function kindsOf({ flow, call }: Pick<Cell, 'flow' | 'call'>): readonly FaultKind[] {
  return (flow.kills ? ALL_KINDS : FAULT_KINDS).filter(({ writesOnly }) => !writesOnly || isWrite(call))
}

/** One after the other on a deployment of their own, so that it is known whose call is the next. */
export async function playCells(deployment: Deployment, cells: readonly Cell[]): Promise<readonly PlayedCell[]> {
  const alone = cells.filter(({ flow }) => !flow.together).map((cell) => [cell])
  const together = cells.filter(({ flow }) => flow.together)
  const played: PlayedCell[] = []
  for (const group of [...alone, together]) played.push(...(await playGroup(deployment, group)))
  return played
}

async function playGroup(deployment: Deployment, cells: readonly Cell[]): Promise<readonly PlayedCell[]> {
  const { functions } = deployment
  const begun = []
  for (const cell of cells) begun.push({ cell, ...(await cell.flow.prepare(deployment, cell.instanceId)) })
  await functions.idle()
  const armed = begun.map(({ cell, request, act }) => ({ cell, act, fault: arm(deployment, cell, request) }))
  const played: PlayedCell[] = []
  for (const { cell, act, fault } of armed) {
    if (cell.kind.closesIdle) closeIdleTwice(deployment, fault)
    const request = await act()
    await functions.idle()
    const requests = cell.flow.made?.(deployment, cell.instanceId) ?? [request]
    for (const made of requests) await cell.flow.finish?.(deployment, made)
    await functions.idle()
    // Telling has its times, and misses nobody only as long as its timer fires.
    functions.fireTimer('gate', 'tell')
    await functions.idle()
    for (const made of requests) played.push({ cell, request: made, fault })
  }
  return played
}

/** What was kept while the function stood still after its last answer, and what it keeps when the fault befalls it. */
function closeIdleTwice({ cloud }: Deployment, fault: PlannedFault): void {
  cloud.closeIdle()
  // Whether it befell anything is asked in the end.
  fault.hit().then(cloud.closeIdle, () => undefined)
}

/** The n-th call of its kind from now on; for this request alone where the log names it. */
function arm(deployment: Deployment, { flow, calls, call, kind }: Cell, request: Played | undefined): PlannedFault {
  const { service, operation, by } = call
  const subject = by === undefined ? undefined : request?.[by]
  const isAlike = (other: FlowCall): boolean =>
    other.service === service && other.operation === operation && (subject === undefined || other.by === by)
  const rule = {
    role: flow.role,
    service,
    operation,
    skip: calls.slice(0, calls.indexOf(call)).filter(isAlike).length,
    ...(subject === undefined ? {} : { subject }),
  }
  return plan(deployment, rule, kind.faultOf(call))
}
