// What people see of a request, built once: terminal, page and card only lay it out.
import type { Asks } from './asks.ts'
import type { Language } from './language/language.ts'
import { WORDS } from './language/tables.ts'
import type { Group, Words } from './language/words.ts'
import { sayProposal, type Proposal } from './proposal.ts'
import type { RequestId } from './request-id.ts'
import type { Head } from './row.ts'
import type { Runs } from './runs.ts'
import { sayAsk, sayRun, type TimelineLine } from './say-event.ts'
import { listApprovers, listMissingGroups, sayState, toStart } from './say-state.ts'
import type { Standing, State } from './standing.ts'
import { toReadableInstant, type SayInstant } from './words.ts'

export interface View {
  readonly language: Language
  readonly id: RequestId
  readonly state: State
  readonly final: boolean
  /** One sentence: how it stands and what to do next. */
  readonly headline: string
  /** The line that an approver signs: it is the same in every language. */
  readonly says: string
  readonly digest: string
  readonly facts: readonly { readonly key: FactKey; readonly label: string; readonly value: string }[]
  /** What is special about this start and could cost or destroy something, as long as it can; and what is wrong here. */
  readonly warnings: readonly { readonly key: WarningKey; readonly text: string }[]
  readonly approvals: {
    readonly needed: number
    readonly by: readonly string[]
    readonly open: readonly string[]
    /** Those of which one yes is needed and nobody has said it. */
    readonly groups: readonly Group[]
  }
  readonly timeline: readonly TimelineLine[]
  readonly heads: { readonly asks: Head; readonly runs: Head }
}

export type FactKey = keyof Words['facts']['labels']
export type WarningKey = keyof Words['warnings']

/** `asks` must hold a proposal. */
export function createView(
  asks: Asks,
  runs: Runs,
  standing: Standing,
  language: Language = 'en',
  sayInstant: SayInstant = toReadableInstant,
): View {
  const { proposal, digest } = asks
  if (proposal === undefined || digest === undefined) throw new TypeError('a stream without a request has no view')
  const by = listApprovers(asks)
  // An ending that waits to be confirmed is said once, when it is.
  const done = runs.events.filter(({ body }) => body.next.do !== 'confirm')
  return {
    language,
    id: proposal.request.id,
    state: standing.state,
    final: standing.final,
    headline: sayState(standing, proposal, asks, runs, language, sayInstant),
    says: sayProposal(proposal),
    digest,
    facts: listFacts(proposal, language, sayInstant),
    warnings: [
      ...(standing.final ? [] : listWarnings(proposal, language)),
      ...listClosed(standing, proposal, language, sayInstant),
      ...listFaults(asks, language),
    ],
    approvals: {
      needed: proposal.rule.approvals,
      by,
      open: proposal.rule.approvers.filter((name) => !by.includes(name)),
      groups: listMissingGroups(proposal.rule, asks),
    },
    timeline: [
      ...asks.events.map((event) => sayAsk(event, language)),
      ...done.map((event) => sayRun(event, language)),
    ].sort((one, other) => one.at - other.at),
    heads: standing.heads,
  }
}

export function listFacts(
  { request, instance, rule }: Proposal,
  language: Language = 'en',
  sayInstant: SayInstant = toReadableInstant,
): View['facts'] {
  const { facts } = WORDS[language]
  const fact = (key: FactKey, value: string): View['facts'][number] => ({ key, label: facts.labels[key], value })
  return [
    fact('instance', request.instanceId),
    ...(instance.name === '' ? [] : [fact('name', instance.name)]),
    fact('where', facts.where(instance.zone, request.regionId, request.accountId)),
    fact('type', instance.type),
    fact('charge', facts.charge(instance.chargeType)),
    fact('status', facts.status(instance)),
    fact('requester', facts.requester(request.requester)),
    fact('via', facts.via(request.requester.via)),
    fact('reason', request.reason),
    fact('rule', facts.rule(rule)),
    ...(request.notBefore === null ? [] : [fact('not_before', sayInstant(request.notBefore))]),
    fact('expires', sayInstant(request.expiresAt)),
    ...(request.dryRun ? [fact('dry_run', facts.dryRun)] : []),
  ]
}

export function listWarnings({ request, instance }: Proposal, language: Language = 'en'): View['warnings'] {
  const words = WORDS[language].warnings
  const warnings: View['warnings'][number][] = []
  if (request.initLocalDisk) warnings.push({ key: 'init_local_disk', text: words.init_local_disk })
  if (instance.stoppedMode === 'StopCharging') warnings.push({ key: 'economical_mode', text: words.economical_mode })
  if (/Spot/.test(instance.chargeType)) warnings.push({ key: 'spot', text: words.spot })
  if (instance.status === 'Running' || instance.status === 'Starting') {
    warnings.push({ key: 'running_now', text: words.running_now(instance.status) })
  } else if (instance.status !== 'Stopped') {
    warnings.push({ key: 'not_stopped', text: words.not_stopped(instance.status) })
  }
  return warnings
}

/** Who says yes now should know that it will not start now. What `notBefore` delays is among the facts. */
function listClosed(
  standing: Standing,
  proposal: Proposal,
  language: Language,
  sayInstant: SayInstant,
): View['warnings'] {
  if (standing.state !== 'pending' || standing.startsFrom <= (proposal.request.notBefore ?? 0)) return []
  const from = toStart(standing, proposal, sayInstant)
  return [{ key: 'closed_now', text: WORDS[language].warnings.closed_now(from) }]
}

function listFaults({ fault }: Asks, language: Language): View['warnings'] {
  if (fault === undefined) return []
  const { warnings, flaws } = WORDS[language]
  return [{ key: 'unreadable', text: warnings.unreadable(fault.n, flaws[fault.why]) }]
}
