// People say yes or no. A yes needs a signature over exactly the proposal, by an approver of the rule who did not ask. A no
// may come from any approver, from who asked, from the person behind a machine, and from whom the rule names, until the
// request expires; it stops the starter as soon as it is recorded, and is too late only for an attempt that is under way.
// "Stopped" is answered only when it is certain that there was none.
import { parseAsks, type AskEntry, type Asks } from '#core/asks.ts'
import { hasRoom } from '#core/caps.ts'
import { digestProposal, type Proposal } from '#core/proposal.ts'
import { isRefused, refuse, type Refused } from '#core/refusal.ts'
import type { RequestId } from '#core/request-id.ts'
import { findRuleOf } from '#core/rule.ts'
import { headOf } from '#core/row.ts'
import { parseRuns } from '#core/runs.ts'
import { canStop, isFinalState } from '#core/standing.ts'
import { toolOf, type Evidence, type Statement } from '#core/statement.ts'
import { findFlaw } from '#core/vote.ts'
import { toOpenEntry } from './ask.ts'
import type { GateDeps } from './deps.ts'
import { foldLoaded, loadRuns, type Loaded } from './load.ts'
import { putAsk } from './put-ask.ts'

/** `stopped`: nothing was started, and nothing will be. `too_late`: a start may be under way, or is being checked. */
export interface Stopped extends Loaded {
  readonly outcome: 'stopped' | 'too_late'
}

/** The answer knows of `runs` only what is certain: that this approval was recorded before anything it allows. */
export async function approve(deps: GateDeps, request: RequestId, evidence: Evidence): Promise<Loaded | Refused> {
  const found = await readSound(deps, request)
  if (isRefused(found)) return found
  const over = findEnd(deps, found)
  if (over !== undefined) return over
  const { asks, proposal } = found
  if (asks.no !== undefined) return refuse({ reason: 'already_final', state: asks.no.kind })
  if (asks.fault !== undefined) return refuse({ reason: 'unreadable' })
  const statement = await judge(deps, proposal, 'approve', evidence)
  if (isRefused(statement)) return statement
  const { approver, reason } = statement
  if (await hasSaidYes(deps, proposal, asks, approver, toolOf(evidence))) return approveAgain(deps, asks)
  const body = { approver, evidence, ...(reason === undefined ? {} : { reason }) }
  if (!hasRoom(asks.rows, body, 'yes')) return refuse({ reason: 'full' })
  // Raised before the approval is put: from then on the sweep finds it, whatever dies in between.
  if (!(await deps.open.raise(toOpenEntry(proposal, 'start')))) return refuseFinal(deps, asks)
  const after = await putAsk(deps, request, asks, { principal: approver }, { type: 'approved', body })
  if (after === 'taken') return approve(deps, request, evidence)
  const loaded = foldLoaded(deps, proposal, after, parseRuns([]), deps.clock.now())
  // While others still have to say yes, or its time has not come, it is news, and nothing to start yet.
  const isNews = loaded.standing.state === 'pending' || loaded.standing.state === 'waiting'
  await deps.hints.send(isNews ? 'gate' : 'starter', request)
  return loaded
}

/**
 * A yes whose key is no longer valid is worth nothing: its approver may give a new one. So may who said yes on the page,
 * with a tool of their own: that counts for more.
 */
async function hasSaidYes(
  deps: GateDeps,
  proposal: Proposal,
  asks: Asks,
  approver: string,
  tool: ReturnType<typeof toolOf>,
): Promise<boolean> {
  const said = asks.approvals.filter(
    (approval) => approval.approver === approver && (tool === 'page' || toolOf(approval.evidence) === tool),
  )
  const judged = await Promise.all(said.map(async ({ evidence }) => judge(deps, proposal, 'approve', evidence)))
  // A row may say another name than the signature in it, which alone counts for the starter.
  return judged.some((statement) => !isRefused(statement) && statement.approver === approver)
}

/**
 * A yes that is said again counts once; what it led to may be over by now. It hints nobody: a recorded token is no secret,
 * and whoever repeats it must not keep the starter busy.
 */
async function approveAgain(deps: GateDeps, asks: Asks): Promise<Loaded | Refused> {
  const loaded = await loadRuns(deps, asks, deps.clock.now())
  if (loaded === undefined) return refuse({ reason: 'unreadable' })
  return loaded.standing.final ? refuse({ reason: 'already_final', state: loaded.standing.state }) : loaded
}

/** Any approver of the rule may deny, with a reason that people will read. */
export async function deny(deps: GateDeps, request: RequestId, evidence: Evidence): Promise<Stopped | Refused> {
  const found = await readSound(deps, request)
  if (isRefused(found)) return found
  const over = findEnd(deps, found)
  if (over !== undefined && found.asks.no === undefined) return over
  const statement = await judge(deps, found.proposal, 'deny', evidence)
  if (isRefused(statement)) return over ?? statement
  const { approver, reason } = statement
  if (over !== undefined) return answerAgain(deps, found, approver, over)
  if (reason === undefined) return refuse({ reason: 'reason_required' })
  const no = { type: 'denied', body: { approver, evidence, reason } } as const
  return sayNo(deps, found, approver, no, () => deny(deps, request, evidence))
}

/**
 * A no on the word of a chat platform: stopping needs neither proof nor reason. Whoever was not asked, and may take the
 * request back, cancels it. `chat`: whose identity said so there.
 */
export async function denyByChat(
  deps: GateDeps,
  request: RequestId,
  approver: string,
  chat: string,
): Promise<Stopped | Refused> {
  const found = await readSound(deps, request)
  if (isRefused(found)) return found
  const over = findEnd(deps, found)
  if (over !== undefined) return answerAgain(deps, found, approver, over)
  if (!found.proposal.rule.approvers.includes(approver)) return cancel(deps, request, approver, undefined, chat)
  const no = { type: 'denied', body: { approver, chat } } as const
  return sayNo(deps, found, approver, no, () => denyByChat(deps, request, approver, chat))
}

/** The requester, the person behind it, and whoever the rule names may take a request back. `chat`: as in `denyByChat`. */
export async function cancel(
  deps: GateDeps,
  request: RequestId,
  by: string,
  reason?: string,
  chat?: string,
): Promise<Stopped | Refused> {
  const found = await readSound(deps, request)
  if (isRefused(found)) return found
  const over = findEnd(deps, found)
  if (over !== undefined) return answerAgain(deps, found, by, over)
  const { rule, request: asked } = found.proposal
  const named = deps.policy.rules.find(({ name }) => name === rule.name)?.mayCancel ?? []
  const may = [asked.requester.principal, asked.requester.onBehalfOf, ...named]
  if (!may.includes(by)) return refuse({ reason: 'may_not_cancel' })
  const body = { by, ...(chat === undefined ? {} : { chat }), ...(reason === undefined ? {} : { reason }) }
  return sayNo(deps, found, by, { type: 'cancelled', body }, () => cancel(deps, request, by, reason, chat))
}

/** `again`: judges anew what somebody else changed meanwhile. */
async function sayNo(
  deps: GateDeps,
  { proposal, asks }: Found,
  by: string,
  no: AskEntry,
  again: () => Promise<Stopped | Refused>,
): Promise<Stopped | Refused> {
  const { id } = proposal.request
  // A second no is the first one over again.
  const isFirst = asks.no === undefined
  if (isFirst && !hasRoom(asks.rows, no.body, 'no')) return refuse({ reason: 'full' })
  const after = isFirst ? await putAsk(deps, id, asks, { principal: by }, no) : asks
  if (after === 'taken') return again()
  const stopped = await finishNo(deps, proposal, after)
  if (stopped.standing.final) await deps.open.raise(toOpenEntry(proposal, 'tell'))
  await deps.hints.send('gate', id)
  return stopped
}

/**
 * Reads `runs` after the no was put, never before: whoever puts `attempted` after this reading finds the no when it reads
 * `asks` again, and stands down. Only then may anybody be told "stopped". Also takes up a no whose gate died half-way.
 */
export async function finishNo(deps: GateDeps, proposal: Proposal, asks: Asks): Promise<Stopped> {
  const { id } = proposal.request
  const now = deps.clock.now()
  const runs = parseRuns(await deps.runs.read(digestProposal(proposal)))
  let stopped = asks
  if (!asks.stopped && canStop(runs)) {
    const body = { runs: headOf(runs.rows) }
    const after = await putAsk(deps, id, asks, { function: 'gate' }, { type: 'stopped', body })
    if (after === 'taken') return finishNo(deps, proposal, parseAsks(await deps.asks.read(id)))
    stopped = after
  }
  return withOutcome(foldLoaded(deps, proposal, stopped, runs, now))
}

function withOutcome(loaded: Loaded): Stopped {
  const { state } = loaded.standing
  return { ...loaded, outcome: state === 'denied' || state === 'cancelled' ? 'stopped' : 'too_late' }
}

/** Who said the no hears once more what came of it, as the first answer may have been lost; to others it is over. */
async function answerAgain(deps: GateDeps, { asks, proposal }: Found, by: string, over: Refused) {
  const said = asks.rows.find(({ n }) => n === asks.no?.n)?.actor
  if (said === undefined || !('principal' in said) || said.principal !== by) return over
  const now = deps.clock.now()
  const runs = parseRuns(await deps.runs.read(digestProposal(proposal)))
  return withOutcome(foldLoaded(deps, proposal, asks, runs, now))
}

interface Found {
  readonly proposal: Proposal
  readonly asks: Asks
}

async function readSound(deps: GateDeps, request: RequestId): Promise<Found | Refused> {
  const asks = parseAsks(await deps.asks.read(request))
  const { proposal } = asks
  if (asks.rows.length === 0) return refuse({ reason: 'no_such_request' })
  return proposal === undefined ? refuse({ reason: 'unreadable' }) : { proposal, asks }
}

/**
 * Undefined while something may be decided: not once the end was told, and not once time is up, as what is recorded then
 * could land after the request was seen to have expired.
 */
function findEnd(deps: GateDeps, { proposal, asks }: Found): Refused | undefined {
  const told = asks.events.findLast((event) => event.type === 'posted')?.body
  if (told !== undefined && isFinalState(told.state)) return refuse({ reason: 'already_final', state: told.state })
  return deps.clock.now() < proposal.request.expiresAt ? undefined : refuse({ reason: 'expiring' })
}

async function judge(
  deps: GateDeps,
  proposal: Proposal,
  decision: Statement['decision'],
  evidence: Evidence,
): Promise<Statement | Refused> {
  const { policy, audience, durations } = deps
  const verified = await deps.evidence.verify(evidence, policy)
  if ('flaw' in verified) return refuse({ reason: 'token_refused', flaw: verified.flaw })
  const { signed } = verified
  const flaw = findFlaw(signed, { proposal, decision, audience, now: deps.clock.now(), durations })
  if (flaw !== undefined) return refuse({ reason: 'token_refused', flaw })
  const today = findRuleOf(policy, proposal)
  // Today's rule counts for a yes, as it will for the starter; a no may come from anybody who was asked.
  const isAsked = proposal.rule.approvers.includes(signed.principal)
  const counts = decision === 'deny' || today?.approvers.includes(signed.principal) === true
  if (!isAsked || !counts) return refuse({ reason: 'token_refused', flaw: 'not_an_approver' })
  return signed.statement
}

/** The entry is past `start` or gone: the request ended meanwhile. */
async function refuseFinal(deps: GateDeps, asks: Asks): Promise<Refused> {
  const loaded = await loadRuns(deps, asks, deps.clock.now())
  return refuse(
    loaded === undefined ? { reason: 'unreadable' } : { reason: 'already_final', state: loaded.standing.state },
  )
}
