// How a request stands, in one or two sentences: what happened, and what to do next.
import type { Asks } from './asks.ts'
import { lookUp } from './catalogue.ts'
import type { Proposal } from './proposal.ts'
import type { Answer, Runs } from './runs.ts'
import type { State } from './standing.ts'
import { toReadableInstant } from './words.ts'

export function sayState(state: State, { request, rule }: Proposal, asks: Asks, runs: Runs): string {
  const missing = rule.approvals - new Set(asks.approvals.map(({ approver }) => approver)).size
  switch (state) {
    case 'pending':
      return `Waiting for ${missing} more approval${missing === 1 ? '' : 's'} from ${rule.approvers.join(', ')}.`
    case 'ready':
      return 'Approved; the starter takes it up next.'
    case 'waiting':
      return sayWaiting(request.notBefore, runs)
    case 'expiring':
      return 'The time for deciding is over; making sure that nothing is under way.'
    case 'stopping':
      return 'Somebody said no; checking whether a start was already under way.'
    case 'starting':
      return runs.last?.type === 'accepted'
        ? 'The start was accepted; waiting until the instance runs.'
        : 'A start is being sent or looked into.'
    case 'running':
      return sayRunning(runs)
    case 'satisfied':
      return 'It was running already; nothing had to be started.'
    case 'dry_run_passed':
      return sayAnswer({ code: 'DryRunOperation' })
    case 'failed':
    case 'stuck':
      return sayEnd(runs)
    case 'denied':
      return `Denied${sayNo(asks)}. Nothing was started.`
    case 'cancelled':
      return `Cancelled${sayNo(asks)}. Nothing was started.`
    case 'expired':
      return 'Not enough approvals in time, or no start could be made. Nothing was started; ask again if it is still needed.'
  }
}

function sayWaiting(notBefore: number | null, { last, next }: Runs): string {
  const from = Math.max(next.do === 'again' ? next.at : 0, notBefore ?? 0)
  const when = toReadableInstant(from)
  if (last?.type === 'refused')
    return `${lookUp(last.body.answer.code, last.body.answer.status).says} Trying again at ${when}.`
  return `Approved; it will be started at ${when}.`
}

function sayRunning({ last }: Runs): string {
  if (last?.type !== 'running' || !last.body.inferred) return 'The instance runs.'
  return `The answer to the start was lost, but the instance was seen ${last.body.status} afterwards: it was started.`
}

function sayEnd({ last }: Runs): string {
  switch (last?.type) {
    case 'refused':
    case 'failed':
    case 'stuck':
      return sayAnswer(last.body.answer)
    default:
      return sayAnswer({ code: 'NoMoreAttempts' })
  }
}

export function sayAnswer({ code, status, detail }: Answer): string {
  const { says, cure } = lookUp(code, status)
  return `${says}${detail === undefined ? '' : ` (${detail})`} ${cure}`
}

function sayNo({ events }: Asks): string {
  const no = events.find((event) => event.type === 'denied' || event.type === 'cancelled')
  if (no === undefined) return ''
  const who = no.type === 'denied' ? no.body.approver : no.body.by
  return ` by ${who}${no.body.reason === undefined ? '' : `: ${no.body.reason}`}`
}
