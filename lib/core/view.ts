// What people see of a request, built once: terminal, page and card only lay it out.
import type { Asks } from './asks.ts'
import type { Language } from './language/language.ts'
import { sayProposal, sayRequester, type Proposal } from './proposal.ts'
import type { Head } from './row.ts'
import type { Runs } from './runs.ts'
import { sayAsk, sayRun, type TimelineLine } from './say-event.ts'
import { sayState } from './say-state.ts'
import type { Standing, State } from './standing.ts'
import { toReadableInstant } from './words.ts'

export interface View {
  readonly language: Language
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
  readonly timeline: readonly TimelineLine[]
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
export function createView(asks: Asks, runs: Runs, standing: Standing, language: Language = 'en'): View {
  const { proposal, digest } = asks
  if (proposal === undefined || digest === undefined) throw new TypeError('a stream without a request has no view')
  const by = [...new Set(asks.approvals.map(({ approver }) => approver))]
  // An ending that waits to be confirmed is said once, when it is.
  const done = runs.events.filter(({ body }) => body.next.do !== 'confirm')
  return {
    language,
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
    timeline: [...asks.events.map(sayAsk), ...done.map(sayRun)].sort((one, other) => one.at - other.at),
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
