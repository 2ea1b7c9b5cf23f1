// Whether a request may be started: one question, asked by the gate as a hint and by the starter for real.
import type { Asks } from './asks.ts'
import { whyClosed } from './calendar.ts'
import type { Durations } from './durations.ts'
import type { Policy, Rule } from './policy.ts'
import type { Proposal } from './proposal.ts'
import { applyRule, findRule, isEnough, mayActFor } from './rule.ts'
import { toDetail, type Answer } from './runs.ts'
import type { SignedStatement } from './vote.ts'

export type Readiness =
  | { readonly ready: 'yes' }
  /** Nothing is written: time or people may still change it. */
  | {
      readonly ready: 'not_yet'
      readonly why:
        | 'unreadable'
        | 'stopped'
        | 'approvals'
        | 'not_before'
        | 'expired'
        | 'clock'
        | 'hours'
        | 'freeze'
        | 'stopping'
        | 'pending'
    }
  /** The starter puts `refused` with this answer. */
  | { readonly ready: 'never'; readonly answer: Answer }
  /** It runs already, and nobody had to start it. */
  | { readonly ready: 'satisfied'; readonly status: string }

/** An instance as DescribeInstances shows it now. */
export interface Look {
  readonly accountId: string
  readonly regionId: string
  readonly instanceId: string
  readonly name: string
  readonly type: string
  readonly zone: string
  readonly imageId: string
  readonly chargeType: string
  readonly status: string
  readonly stoppedMode: string
  readonly tags: Readonly<Record<string, string>>
  /** `financial`, `security`, `Recycling`, …; any of them keeps the instance from being started. */
  readonly locks: readonly string[]
  /** Epoch ms; undefined when it does not expire. */
  readonly expiresAt?: number
}

export interface ReadyQuestion {
  readonly asks: Asks
  /** The approvals whose signatures verified and that have no flaw. */
  readonly votes: readonly SignedStatement[]
  readonly policy: Policy
  readonly audience: string
  readonly now: number
  readonly durations: Durations
}

const YES: Readiness = { ready: 'yes' }

/** What can be judged without looking at the instance. Votes combine by strength: one no outweighs any yes. */
export function judgeReady({ asks, votes, audience, now, durations }: ReadyQuestion): Readiness {
  const { proposal } = asks
  if (asks.no !== undefined) return notYet('stopped')
  if (proposal === undefined || asks.fault !== undefined) return notYet('unreadable')
  const { createdAt, notBefore, expiresAt } = proposal.request
  if (now >= expiresAt) return notYet('expired')
  if (createdAt > now + durations.clockSkew) return notYet('clock')
  if (!isEnough(proposal.rule, votes)) return notYet('approvals')
  if (proposal.audience !== audience) return never('AnotherDeployment', proposal.audience)
  if (notBefore !== null && now < notBefore) return notYet('not_before')
  return YES
}

/** The instance as it is now against what the approvers saw, and today's rule against today's tags. */
export function judgeLook(question: ReadyQuestion, proposal: Proposal, look: Look | undefined): Readiness {
  if (look === undefined) return never('InstanceNotFound')
  const changed = changedFields(question.policy, proposal, look)
  if (changed.length > 0) return never('InstanceChanged', changed.join(', '))
  const { requester, initLocalDisk, dryRun } = proposal.request
  const rule = findRule(question.policy, requester.principal, look)
  if (rule === undefined) return never('PolicyChanged', 'no rule allows it')
  const closed = whyClosed(question.policy, rule, question.now)
  if (closed !== undefined) return notYet(closed)
  const answer = breachOfRule(question, proposal, rule)
  if (answer !== undefined) return { ready: 'never', answer }
  if (look.locks.length > 0) return never('InstanceLocked', look.locks.join(', '))
  switch (look.status) {
    case 'Stopped':
      return YES
    case 'Starting':
    case 'Running':
      if (dryRun) return YES
      return initLocalDisk ? never('AlreadyRunning', look.status) : { ready: 'satisfied', status: look.status }
    case 'Stopping':
      return notYet('stopping')
    default:
      return notYet('pending')
  }
}

/** Today's rule judges anew: the gate wrote the proposal's, and a policy may have changed since. */
function breachOfRule(
  { policy, votes, durations }: ReadyQuestion,
  { request }: Proposal,
  rule: Rule,
): Answer | undefined {
  const { requester, initLocalDisk, createdAt, notBefore, expiresAt } = request
  // The gate wrote who asked; who is behind a schedule or a machine is for the policy to say.
  if (!mayActFor(policy, requester)) return { code: 'PolicyChanged', detail: `${requester.principal} acts for another` }
  if (initLocalDisk && !rule.mayInitLocalDisk)
    return { code: 'PolicyChanged', detail: `rule ${rule.name} does not allow initLocalDisk` }
  if (!isEnough(applyRule(policy, rule, requester, initLocalDisk), votes)) {
    return { code: 'PolicyChanged', detail: `rule ${rule.name} asks for other or more approvals` }
  }
  if (expiresAt > Math.max(createdAt, notBefore ?? 0) + rule.validFor) {
    return { code: 'OutOfBounds', detail: `valid for longer than rule ${rule.name} allows` }
  }
  if (notBefore !== null && notBefore > createdAt + durations.furthestNotBefore) {
    return { code: 'OutOfBounds', detail: 'notBefore is too far ahead' }
  }
  return undefined
}

/** Tags change often and mean little; those that lead to a rule decide who had to say yes. */
function changedFields(policy: Policy, { request, instance }: Proposal, look: Look): readonly string[] {
  const tagKeys = new Set(policy.rules.flatMap(({ instances }) => Object.keys(instances.tags)))
  const pairs: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['account', request.accountId, look.accountId],
    ['region', request.regionId, look.regionId],
    ['instance id', request.instanceId, look.instanceId],
    ['type', instance.type, look.type],
    ['zone', instance.zone, look.zone],
    ['image', instance.imageId, look.imageId],
    ['charge type', instance.chargeType, look.chargeType],
    ...[...tagKeys].map((key) => [`tag ${key}`, instance.tags[key], look.tags[key]] as const),
  ]
  return pairs.filter(([, then, now]) => then !== now).map(([name]) => name)
}

function notYet(why: Extract<Readiness, { ready: 'not_yet' }>['why']): Readiness {
  return { ready: 'not_yet', why }
}

function never(code: string, detail?: string): Readiness {
  return { ready: 'never', answer: { code, ...(detail === undefined ? {} : { detail: toDetail(detail) }) } }
}
