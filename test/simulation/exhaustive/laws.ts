// What must hold of every value that the processes share, on every way from one to another, and at the end.
import { parseAsks, type Asks } from '#core/asks.ts'
import { isRefused } from '#core/refusal.ts'
import type { Policy } from '#core/policy.ts'
import type { Row } from '#core/row.ts'
import { parseRuns, type Runs } from '#core/runs.ts'
import { foldStanding, type Standing } from '#core/standing.ts'
import { findTargets } from '#core/targets.ts'
import type { Fault } from '#flow/in-batches.ts'
import type { OpenEntry } from '#ports/open-set.ts'
import { durationsOf, policyOf, type Setting } from './deps.ts'
import type { Ports } from './ports.ts'

export interface Request {
  readonly id: string
  readonly asks: Asks
  readonly runs: Runs
  readonly standing: Standing
  readonly entry: OpenEntry | undefined
  /** Final, and everybody has been told, or was when the clocks that are ahead said so. */
  readonly settled: boolean
}

/** What the laws ask about. */
export interface Facts {
  readonly requests: ReadonlyMap<string, Request>
  readonly rows: readonly Row[]
  readonly sends: Ports['sends']
  readonly starts: number
  readonly heard: readonly string[]
}

const readAsks = keepByRows(parseAsks)
const readRuns = keepByRows(parseRuns)

/** The same few streams are met at very many points. */
function keepByRows<Value>(parse: (rows: readonly Row[]) => Value): (rows: readonly Row[]) => Value {
  const known = new Map<string, Value>()
  return (rows) => {
    const key = rows.map(({ hash }) => hash).join(' ')
    const value = known.get(key) ?? parse(rows)
    known.set(key, value)
    return value
  }
}

/** `ahead`: how far the clock that is furthest ahead is, ms. */
export function readFacts(ports: Ports, setting: Setting, ahead: number): Facts {
  const [durations, policy] = [durationsOf(setting), policyOf(setting)]
  const rows = [...ports.asks.rows(), ...ports.runs.rows()]
  const ids = [...new Set(ports.asks.rows().map(({ stream }) => stream))]
  const requests = ids.map((id): Request => {
    const asks = readAsks(ports.asks.stream(id))
    const runs = readRuns(ports.runs.stream(asks.digest ?? ''))
    const now = ports.clock.now()
    const standing = foldStanding(asks, runs, now, durations)
    const entry = ports.open.entries().find(({ request }) => request === id)
    return {
      id,
      asks,
      runs,
      standing,
      entry,
      settled: isSettled(asks, foldStanding(asks, runs, now + ahead, durations), policy),
    }
  })
  return {
    requests: new Map(requests.map((request) => [request.id, request])),
    rows,
    sends: [...ports.sends],
    starts: ports.tookAt.length,
    heard: [...ports.heard],
  }
}

/** The end is what everybody has to hear: rows that a process puts after it, before it notices, are no news. */
function isSettled(asks: Asks, { final, state }: Standing, policy: Policy): boolean {
  if (!final || asks.proposal === undefined) return false
  const told = asks.events.flatMap((event) =>
    event.type === 'posted' && event.body.state === state ? [event.body.to] : [],
  )
  return findTargets(policy, asks).every((target) => told.some((to) => Object.hasOwn(to, target)))
}

/** The first law that does not hold; undefined when all do. */
export function findBreach(facts: Facts): string | undefined {
  const { sends, starts, heard, requests } = facts
  // Even where the instance would refuse the second one: somebody may have stopped it in between.
  if (sends.slice(0, -1).some(({ proven }) => !proven))
    return 'a start was sent after one that is not proven to have done nothing'
  for (const request of requests.values()) {
    const breach = breachOf(request, facts)
    if (breach !== undefined) return breach
    const states = heard.filter((each) => each.startsWith(request.id)).map((each) => each.split(' ')[1])
    if (new Set([...states, ...(request.standing.final ? [request.standing.state] : [])]).size > 1)
      return `somebody heard that it is ${states.join(', and somebody that it is ')}, and it is ${request.standing.state}`
    if (starts > 0 && states.some((state) => state === 'denied' || state === 'cancelled'))
      return 'somebody heard "stopped", and it was started'
  }
  return undefined
}

function breachOf({ asks, runs, standing, entry, settled }: Request, { starts, sends }: Facts): string | undefined {
  if (asks.fault !== undefined || runs.fault !== undefined) return 'a row does not belong where it is'
  if (asks.stopped && starts > 0) return 'it was stopped, and it was started'
  if (sends.length > runs.attempts) return 'a start was sent without an attempt'
  if (entry === undefined && !settled)
    return `it left the open set when it was ${standing.state}, or before everybody was told`
  if (entry !== undefined && entry.phase === 'decide' && asks.approvals.length > 0 && !standing.final)
    return 'it is approved, and no sweep looks at it'
  return undefined
}

export function findBreachBetween(before: Facts, after: Facts): string | undefined {
  if (before.rows.some((row) => !after.rows.some(({ hash }) => hash === row.hash))) return 'a row is gone'
  for (const [id, { standing }] of before.requests) {
    const now = after.requests.get(id)?.standing
    if (standing.final && now?.state !== standing.state)
      return `it was ${standing.state} for good, and is ${now?.state}`
  }
  return undefined
}

/** When nothing goes on any more and all went well for a while. */
export function findBreachAtTheEnd({ requests, starts }: Facts): string | undefined {
  for (const { standing, entry } of requests.values()) {
    if (!standing.final || entry !== undefined)
      return `in the end it is ${standing.state}${entry === undefined ? '' : `, still open`}`
    if (starts > 0 && !['running', 'failed', 'stuck'].includes(standing.state))
      return `it was started, and is said to be ${standing.state}`
  }
  return undefined
}

/** What somebody was answered against the record at that time. */
export function findFalseAnswer(
  leaves: (rows: readonly Row[]) => boolean = () => true,
  answer: unknown,
  facts: Facts | undefined,
): string | undefined {
  if (facts === undefined || typeof answer !== 'object' || answer === null || isRefused(answer)) return undefined
  if ('faults' in answer && Array.isArray(answer.faults) && answer.faults.length > 0)
    return `a timer failed: ${String((answer.faults[0] as Fault).error)}`
  return leaves(facts.rows) ? undefined : 'somebody was answered, and the record does not hold what they said'
}
