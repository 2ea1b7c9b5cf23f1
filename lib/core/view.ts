// What people see of a request, built once: terminal, page and card only lay it out.
import type { AskEvent, Asks } from './asks.ts'
import { lookUp } from './catalogue.ts'
import { sayProposal, sayRequester, type Proposal } from './proposal.ts'
import type { Actor, Head } from './row.ts'
import type { Answer, RunEvent, Runs } from './runs.ts'
import type { Standing, State } from './standing.ts'
import { toReadableInstant } from './words.ts'

export interface View {
  readonly id: string
  readonly state: State
  readonly final: boolean
  /** One sentence: how it stands and what to do next. */
  readonly headline: string
  /** The line that an approver signs. */
  readonly says: string
  readonly digest: string
  readonly facts: readonly { readonly key: FactKey; readonly label: string; readonly value: string }[]
  /** What is special about this start and could cost or destroy something. */
  readonly warnings: readonly { readonly key: WarningKey; readonly text: string }[]
  readonly approvals: { readonly needed: number; readonly by: readonly string[]; readonly open: readonly string[] }
  readonly timeline: readonly { readonly at: number; readonly who: string; readonly what: string }[]
  readonly heads: { readonly asks: Head; readonly runs: Head }
}

export type FactKey =
  | 'instance'
  | 'name'
  | 'where'
  | 'type'
  | 'charge'
  | 'requester'
  | 'via'
  | 'reason'
  | 'rule'
  | 'not_before'
  | 'expires'
  | 'dry_run'
export type WarningKey =
  | 'init_local_disk'
  | 'economical_mode'
  | 'spot'
  | 'running_now'
  | 'not_stopped'
  | 'dry_run'
  | 'unreadable'

/** `asks` must hold a proposal. */
export function createView(asks: Asks, runs: Runs, standing: Standing): View {
  const { proposal, digest } = asks
  if (proposal === undefined || digest === undefined) throw new TypeError('a stream without a request has no view')
  const by = [...new Set(asks.approvals.map(({ approver }) => approver))]
  return {
    id: proposal.request.id,
    state: standing.state,
    final: standing.final,
    headline: sayState(standing.state, proposal, asks, runs),
    says: sayProposal(proposal),
    digest,
    facts: listFacts(proposal),
    warnings: [...listWarnings(proposal), ...unreadable(asks)],
    approvals: {
      needed: proposal.rule.approvals,
      by,
      open: proposal.rule.approvers.filter((name) => !by.includes(name)),
    },
    timeline: [...asks.events.map(sayAsk), ...runs.events.map(sayRun)].sort((one, other) => one.at - other.at),
    heads: standing.heads,
  }
}

export function listFacts({ request, instance, rule }: Proposal): View['facts'] {
  return [
    { key: 'instance', label: 'Instance', value: request.instanceId },
    ...(instance.name === '' ? [] : [{ key: 'name', label: 'Name', value: instance.name } as const]),
    { key: 'where', label: 'Where', value: `${instance.zone}, ${request.regionId}, account ${request.accountId}` },
    { key: 'type', label: 'Type', value: instance.type },
    {
      key: 'charge',
      label: 'Charged',
      value: `${instance.chargeType}, ${instance.status} (${instance.stoppedMode}) when asked`,
    },
    { key: 'requester', label: 'Asked by', value: sayRequester(request.requester) },
    { key: 'via', label: 'Through', value: request.requester.via },
    { key: 'reason', label: 'Reason', value: request.reason },
    {
      key: 'rule',
      label: 'Rule',
      value: `${rule.name}: ${rule.approvals} of ${rule.approvers.join(', ')}${rule.tool === 'own-tool' ? ', one with a tool of one’s own' : ''}`,
    },
    ...(request.notBefore === null
      ? []
      : [{ key: 'not_before', label: 'Not before', value: toReadableInstant(request.notBefore) } as const]),
    { key: 'expires', label: 'Valid until', value: toReadableInstant(request.expiresAt) },
    ...(request.dryRun ? [{ key: 'dry_run', label: 'Dry run', value: 'yes: nothing is started' } as const] : []),
  ]
}

export function listWarnings({ request, instance }: Proposal): View['warnings'] {
  const warnings: View['warnings'][number][] = []
  if (request.initLocalDisk)
    warnings.push({ key: 'init_local_disk', text: 'All data on the local disks of this instance will be destroyed.' })
  if (instance.stoppedMode === 'StopCharging') {
    warnings.push({
      key: 'economical_mode',
      text: 'It was stopped in economical mode: there may be no capacity for it now, and a public IP address that is not an EIP may change.',
    })
  }
  if (/Spot/.test(instance.chargeType))
    warnings.push({
      key: 'spot',
      text: 'It is a spot instance: it may cost more than before, and may be released again.',
    })
  if (instance.status === 'Running' || instance.status === 'Starting') {
    warnings.push({
      key: 'running_now',
      text: `It was ${instance.status} when this was asked: it will be started only if it is stopped by then.`,
    })
  } else if (instance.status !== 'Stopped') {
    warnings.push({
      key: 'not_stopped',
      text: `It was ${instance.status} when this was asked: the start waits until it is stopped.`,
    })
  }
  return warnings
}

function unreadable({ fault }: Asks): View['warnings'] {
  if (fault === undefined) return []
  return [
    {
      key: 'unreadable',
      text: `Entry ${fault.n} of this request cannot be relied on (${fault.why}); nothing will be started on it.`,
    },
  ]
}

function sayState(state: State, { request, rule }: Proposal, asks: Asks, runs: Runs): string {
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
  const from = next.do === 'again' ? Math.max(next.at, notBefore ?? 0) : (notBefore ?? 0)
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

function sayAnswer({ code, status, detail }: Answer): string {
  const { says, cure } = lookUp(code, status)
  return `${says}${detail === undefined ? '' : ` (${detail})`} ${cure}`
}

function sayNo({ events }: Asks): string {
  const no = events.find((event) => event.type === 'denied' || event.type === 'cancelled')
  if (no === undefined) return ''
  const who = no.type === 'denied' ? no.body.approver : no.body.by
  return ` by ${who}${no.body.reason === undefined ? '' : `: ${no.body.reason}`}`
}

function sayActor(actor: Actor): string {
  return 'principal' in actor ? actor.principal : `the ${actor.function}`
}

function sayAsk(event: AskEvent): View['timeline'][number] {
  const line = (what: string): View['timeline'][number] => ({ at: event.at, who: sayActor(event.actor), what })
  switch (event.type) {
    case 'requested':
      return line(`asked: ${event.body.proposal.request.reason}`)
    case 'approved':
      return line(`approved${event.body.reason === undefined ? '' : `: ${event.body.reason}`}`)
    case 'denied':
      return line(`denied: ${event.body.reason}`)
    case 'cancelled':
      return line(`cancelled${event.body.reason === undefined ? '' : `: ${event.body.reason}`}`)
    case 'stopped':
      return line('made sure that nothing was under way')
    case 'posted':
      return line(
        `told ${Object.entries(event.body.to)
          .map(([target, how]) => `${target} (${how})`)
          .join(', ')}`,
      )
  }
}

function sayRun(event: RunEvent): View['timeline'][number] {
  const line = (what: string): View['timeline'][number] => ({ at: event.at, who: sayActor(event.actor), what })
  switch (event.type) {
    case 'attempted':
      return line(event.body.dryRun ? 'tries a dry run of StartInstance' : 'sends StartInstance')
    case 'accepted':
      return line(`StartInstance was accepted (${event.body.requestId})`)
    case 'refused':
      return line(
        `refused: ${event.body.answer.code}. ${lookUp(event.body.answer.code, event.body.answer.status).says}`,
      )
    case 'unclear':
      return line(`no clear answer: ${event.body.answer.code}. Looking at the instance`)
    case 'stood_down':
      return line(`stood down before sending anything (${event.body.why})`)
    case 'running':
      return line(`the instance is ${event.body.status}${event.body.inferred ? ', seen by looking' : ''}`)
    case 'failed':
    case 'stuck':
      return line(`${event.type}: ${sayAnswer(event.body.answer)}`)
    case 'satisfied':
      return line(`the instance was ${event.body.status} already`)
  }
}
