// What must hold after every step, asked of what really happened and of the record, never of what the code believes.
import { DURATIONS, MINUTE } from '#core/durations.ts'
import { digestProposal, type Proposal } from '#core/proposal.ts'
import type { RequestId } from '#core/request-id.ts'
import { findBrokenLink, type Row } from '#core/row.ts'
import { parseRuns, type Runs } from '#core/runs.ts'
import type { State } from '#core/standing.ts'
import type { Telling } from '#core/telling.ts'
import type { StartCall } from '#ports/instances.ts'
import { createChatJudge, type ChatJudge } from './chats.ts'
import { yesesFor, type Ledger } from './ledger.ts'
import { AUDIENCE, VALID_FOR, type Team, type Version } from './policies.ts'
import type { Process } from './scheduler.ts'
import type { Town } from './town.ts'

export class Violation extends Error {
  override readonly name = 'Violation'
}

interface Sent {
  readonly call: StartCall
  readonly digest: string
  proven: boolean
  hadEffect: boolean
}

export interface Judge {
  /** A row was put, or written over another one. */
  put(row: Row, process: Process): void
  /** A StartInstance leaves the starter. */
  sent(call: StartCall, process: Process): { proven(): void }
  /** It took an instance out of Stopped. */
  took(call: StartCall): void
  /** Somebody heard that nothing was started and nothing will be. */
  saidStopped(request: RequestId): void
  told(receiver: string, telling: Telling): void
  readonly chats: ChatJudge
  /** After whatever changed the record or the time. */
  look(): void
  /** When all is over. */
  atTheEnd(): void
}

export function createJudge(town: Town): Judge {
  const sent: Sent[] = []
  const stopped = new Set<RequestId>()
  const ended = new Map<RequestId, State>()
  /** The ends that each receiver heard of. News of before may arrive late: whoever cares compares the heads. */
  const heard = new Map<string, Map<RequestId, State>>()
  const fail = (what: string): never => {
    // Thrown into the flow it could be caught there.
    town.violations.push(what)
    throw new Violation(what)
  }
  const chats = createChatJudge(town, fail)
  const tame = (): boolean => !town.weather.hostile && town.weather.skew <= DURATIONS.clockSkew

  const judgeAttempt = (row: Row, process: Process): void => {
    const { request, instanceId } = row.body as StartCall
    const proposal = town.ledger.signatures.find(({ statement }) => statement.proposal === row.stream)?.proposal
    if (proposal === undefined) return fail(`attempted ${request}, which nobody has ever signed`)
    const version = town.deployedIn.get(process) ?? town.versions.starter
    const why = findUnapproved(town.ledger, version, proposal, row.at)
    if (why !== undefined) return fail(`attempted ${request} on ${instanceId}: ${why}`)
    const { id, accountId, regionId, dryRun } = proposal.request
    const same = { request: id, accountId, regionId, instanceId: proposal.request.instanceId, dryRun }
    for (const [field, value] of Object.entries(same))
      if ((row.body as Record<string, unknown>)[field] !== value) fail(`attempted ${request} with another ${field}`)
  }

  return {
    chats,
    put(row, process) {
      chats.put(row)
      if (row.book === 'runs' && process.of !== 'starter') fail('runs was written by another than the starter')
      if (row.type === 'attempted') judgeAttempt(row, process)
      if (row.type === 'satisfied') {
        const asked = town.asked.get((town.digests.get(row.stream) ?? '') as RequestId)
        if (asked?.digest === row.stream && asked.proposal.request.initLocalDisk)
          fail('a wipe of local disks ended as satisfied')
      }
    },
    sent(call, process) {
      const attempts = town.runs
        .rows()
        .filter(({ type, body }) => type === 'attempted' && (body as StartCall).request === call.request)
      const attempt = attempts.at(-1)
      if (attempt === undefined) return fail(`${process.name} sent a start of ${call.request} before it put attempted`)
      const { stream: digest } = attempt
      const of = sent.filter((each) => each.digest === digest)
      if (of.some(({ proven }) => !proven)) fail(`${call.request} was sent again after an answer that proves nothing`)
      if (of.length >= attempts.filter(({ stream }) => stream === digest).length)
        fail(`${call.request} was sent twice for one attempt`)
      const signed = town.ledger.signatures.find(({ statement }) => statement.proposal === digest)?.proposal.request
      for (const field of ['accountId', 'regionId', 'instanceId', 'initLocalDisk', 'dryRun'] as const)
        if (signed?.[field] !== call[field]) fail(`${call.request} was sent with another ${field} than was signed`)
      const entry: Sent = { call, digest, proven: false, hadEffect: false }
      sent.push(entry)
      return { proven: () => void (entry.proven = true) }
    },
    took(call) {
      const entry = sent.findLast((each) => each.call === call)
      if (entry === undefined) return
      entry.hadEffect = true
      const { expiresAt } = town.ledger.signatures.find(({ statement }) => statement.proposal === entry.digest)
        ?.proposal.request ?? { expiresAt: 0 }
      const latest = expiresAt + town.weather.skew + DURATIONS.functionTimeout + 2 * MINUTE
      if (town.scheduler.now() > latest) fail(`${call.request} had an effect long after it had expired`)
      if (sent.filter((each) => each.digest === entry.digest && each.hadEffect).length > 1)
        fail(`${call.request} was started twice`)
      if (tame() && stopped.has(call.request as RequestId))
        fail(`${call.request} was started though somebody heard "stopped"`)
    },
    saidStopped(request) {
      stopped.add(request)
      if (tame() && sent.some((each) => each.call.request === request && each.hadEffect))
        fail(`somebody heard "stopped" of ${request}, which was started`)
    },
    told(receiver, telling) {
      if (telling.kind !== 'state') return
      if (!telling.view.final) return
      const id = telling.view.id as RequestId
      const of = heard.get(receiver) ?? new Map<RequestId, State>()
      heard.set(receiver, of)
      const before = of.get(id)
      if (tame() && before !== undefined && before !== telling.view.state)
        fail(`${receiver} heard that ${id} is ${before} for good, and later that it is ${telling.view.state}`)
      of.set(id, telling.view.state)
      if (!tame()) return
      const { asks, runs } = telling.view.heads
      const rows = [...town.asks.stream(id), ...town.runs.stream(telling.view.digest)]
      for (const hash of [asks.hash, runs.hash])
        if (hash !== '' && !rows.some((row) => row.hash === hash))
          fail(`${receiver} heard of ${id} what is not in the record`)
    },
    look() {
      if (!tame()) return
      for (const { proposal } of town.asked.values()) {
        const { id } = proposal.request
        const standing = town.standing(id)
        if (standing === undefined) continue
        const before = ended.get(id)
        if (before !== undefined && before !== standing.state)
          fail(`${id} was ${before} for good, and is ${standing.state}`)
        if (standing.final) ended.set(id, standing.state)
      }
    },
    atTheEnd() {
      for (const stream of new Set(town.runs.rows().map((row) => row.stream)))
        if (findBrokenLink(town.runs.stream(stream)) !== undefined) fail('the chain of runs is broken')
      if (town.weather.hostile) return
      for (const id of town.asked.keys())
        if (findBrokenLink(town.asks.stream(id)) !== undefined) fail('the chain of asks is broken')
      if (!tame() || town.newer) return
      for (const { proposal, digest } of town.asked.values()) {
        const { id } = proposal.request
        const { state } = town.standing(id) ?? {}
        const own = sent.filter((each) => each.digest === digest)
        const effect = own.some(({ hadEffect }) => hadEffect)
        if (effect && !['running', 'failed', 'stuck'].includes(state ?? ''))
          fail(`${id} was started, and the record says ${state}`)
        if (state === 'stuck' && town.bent.length === 0 && !town.oddBoot)
          fail(`${id} is stuck, and nothing had gone wrong`)
        const parsed = parseRuns(town.runs.stream(digest))
        if (state === 'running' && !effect && !isInferred(parsed)) fail(`${id} is said to run, and was never started`)
        for (const [receiver, of] of targetsOf(proposal).map((each) => [each, heard.get(each)] as const))
          if (of?.get(id) !== state)
            fail(`${receiver} has not heard that ${id} is ${state}, but ${of?.get(id) ?? 'nothing'}`)
        if (state !== undefined) chats.atTheEnd(proposal, state)
        if (town.due.has(id) && state === 'expired') fail(`${id} was ready while all was well, and expired`)
      }
    },
  }
}

/** Accepted counts too: what became of the instance later is another hand's. */
function isInferred({ events }: Runs): boolean {
  return events.some((event) => (event.type === 'running' && event.body.inferred) || event.type === 'accepted')
}

export function targetsOf({ request }: Proposal): readonly string[] {
  const { principal, onBehalfOf } = request.requester
  return ['ops-room', ...(principal === 'alice' || onBehalfOf === 'alice' ? ['alice-inbox'] : [])]
}

/** The rules once more, in the words of this simulation's few policies: what was asked under, and what is deployed now. */
function findUnapproved(ledger: Ledger, version: Version, proposal: Proposal, now: number): string | undefined {
  const { request, instance, rule } = proposal
  if (proposal.audience !== AUDIENCE) return 'it was approved for another deployment'
  if (now >= request.expiresAt) return 'it has expired'
  if (request.notBefore !== null && now < request.notBefore) return 'its time has not come'
  if (request.expiresAt > Math.max(request.createdAt, request.notBefore ?? 0) + VALID_FOR)
    return 'it is valid for too long'
  if (request.createdAt > now + DURATIONS.clockSkew) return 'it was made in the future'
  const terms = version.terms[instance.tags['team'] as Team]
  if (terms === undefined) return 'no rule allows it'
  const { principal, onBehalfOf } = request.requester
  const alone = principal === 'nightly' && onBehalfOf === undefined
  const yeses = yesesFor(ledger, digestProposal(proposal)).filter(
    ({ by, statement }) =>
      by !== principal &&
      by !== onBehalfOf &&
      statement.audience === AUDIENCE &&
      statement.iat * 1000 >= request.createdAt - DURATIONS.iatTolerance &&
      statement.iat * 1000 <= now + DURATIONS.iatTolerance,
  )
  for (const { approvals, approvers } of [rule, terms]) {
    const needed = Math.max(approvals, request.initLocalDisk || alone ? 2 : 1)
    const counted = new Set(yeses.map(({ by }) => by).filter((name) => approvers.includes(name)))
    if (counted.size < needed) return `it has not the ${needed} approvals that it needs`
  }
  if (request.initLocalDisk && !yeses.some(({ tool }) => tool === 'own-tool'))
    return 'nobody approved the wipe with a tool of their own'
  return undefined
}
