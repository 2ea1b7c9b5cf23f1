// Who may ask for one instance, and whose yes it takes: asked of the very rules that the gate and the starter apply.
import { opensAt } from '#core/calendar.ts'
import { isKeyValid } from '#core/key.ts'
import type { Policy } from '#core/policy.ts'
import { keysOf, kindOf } from '#core/principals.ts'
import type { AppliedRule, Requester } from '#core/proposal.ts'
import { applyRule, canBeSatisfied, findRule, mayMatchRule, type Target } from '#core/rule.ts'
import { sayTags } from './say-rule.ts'
import { sayTime } from './say-time.ts'

type By = Pick<Requester, 'principal' | 'onBehalfOf'>

export interface MayAsk extends By {
  readonly may: true
  readonly rule: AppliedRule
  /** The approvers with a key that is valid at the time of asking. */
  readonly able: readonly string[]
  /** The first instant at which it may start, epoch ms. */
  readonly opensAt: number
  /** From here on it may start no more, epoch ms. */
  readonly expiresAt: number
}

export interface MayNotAsk extends By {
  readonly may: false
  readonly why: string
}

export interface Wish extends Target {
  /** Whether the local disks are to be wiped. */
  readonly initLocalDisk: boolean
}

/** `at`: when it is asked, epoch ms. Everybody who could ask stands here once, a machine once more for each that it may act for. */
export function findWho(policy: Policy, wish: Wish, at: number): readonly (MayAsk | MayNotAsk)[] {
  return listAskers(policy).map((by) => judge(policy, by, wish, at))
}

function listAskers(policy: Policy): readonly By[] {
  return [
    ...Object.keys(policy.people).map((principal) => ({ principal })),
    ...Object.entries(policy.machines).flatMap(([principal, { mayActFor }]) => [
      { principal },
      ...mayActFor.map((onBehalfOf) => ({ principal, onBehalfOf })),
    ]),
    ...Object.entries(policy.schedules).map(([principal, { owner }]) => ({ principal, onBehalfOf: owner })),
  ]
}

function judge(policy: Policy, by: By, wish: Wish, at: number): MayAsk | MayNotAsk {
  const found = asksThis(policy, by, wish) ? findRule(policy, by.principal, wish) : undefined
  if (found === undefined) return { ...by, may: false, why: sayWhyNot(policy, by, wish) }
  const unasked = policy.schedules[by.principal]?.ask.initLocalDisk === !wish.initLocalDisk
  if (unasked)
    return { ...by, may: false, why: `asks ${wish.initLocalDisk ? 'without wiping' : 'only to wipe'} local disks` }
  if (wish.initLocalDisk && !found.mayInitLocalDisk) {
    return { ...by, may: false, why: `rule ${found.name} lets nobody wipe local disks` }
  }
  const rule = applyRule(policy, found, by, wish.initLocalDisk)
  if (!canBeSatisfied(rule)) {
    return { ...by, may: false, why: `under rule ${rule.name} too few others could approve` }
  }
  const expiresAt = at + rule.validFor
  const opens = opensAt(policy, found, at)
  if (opens === undefined || opens >= expiresAt) {
    const next = opens === undefined ? '' : `; it opens ${sayTime(policy, opens)}`
    return { ...by, may: false, why: `rule ${rule.name} is closed for as long as a request is good${next}` }
  }
  const able = rule.approvers.filter((name) => keysOf(policy, name).some((key) => isKeyValid(key, at)))
  return { ...by, may: true, rule, able, opensAt: opens, expiresAt }
}

/** A schedule asks for its one instance. Places that it leaves open are those of the gate. */
function asksThis(policy: Policy, { principal }: By, target: Target): boolean {
  const ask = policy.schedules[principal]?.ask
  return (
    kindOf(policy, principal) !== 'schedule' ||
    ask === undefined ||
    (ask.instanceId === target.instanceId &&
      (ask.regionId ?? target.regionId) === target.regionId &&
      (ask.accountId ?? target.accountId) === target.accountId)
  )
}

function sayWhyNot(policy: Policy, by: By, target: Target): string {
  if (!asksThis(policy, by, target)) return `asks for ${policy.schedules[by.principal]?.ask.instanceId} alone`
  if (!policy.rules.some(({ requesters }) => requesters.includes(by.principal))) return 'no rule lets them ask'
  const byTag = policy.rules.find((rule) => mayMatchRule({ ...policy, rules: [rule] }, by.principal, target))
  if (byTag === undefined) return 'the rules that let them ask are for other instances'
  return `rule ${byTag.name} would apply with the tag ${sayTags(byTag.instances.tags)}`
}
