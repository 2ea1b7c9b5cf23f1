// Which rule applies, and what it asks for in this case. First match wins; no match refuses.
import type { AppliedRule, Requester } from './proposal.ts'
import type { PolicyDocument, Rule } from './policy.ts'
import { kindOf } from './principals.ts'

export interface Target {
  readonly accountId: string
  readonly regionId: string
  readonly instanceId: string
  readonly tags: Readonly<Record<string, string>>
}

export function findRule(policy: PolicyDocument, requester: string, target: Target): Rule | undefined {
  return policy.rules.find(
    (rule) =>
      mayApply(rule, requester, target) &&
      Object.entries(rule.instances.tags).every(([key, value]) => target.tags[key] === value),
  )
}

/** Whether any rule could apply, whatever tags the instance has. */
export function mayMatchRule(policy: PolicyDocument, requester: string, target: Omit<Target, 'tags'>): boolean {
  return policy.rules.some((rule) => mayApply(rule, requester, target))
}

function mayApply({ requesters, instances }: Rule, requester: string, target: Omit<Target, 'tags'>): boolean {
  const { accounts, regions, ids } = instances
  return (
    requesters.includes(requester) &&
    (accounts?.includes(target.accountId) ?? true) &&
    (regions?.includes(target.regionId) ?? true) &&
    (ids?.includes(target.instanceId) ?? true)
  )
}

/**
 * Whether the policy knows the requester to act for whom it says. A schedule acts for its owner and nobody else; a machine
 * for those it is trusted with: whoever it names needs no second approver, so naming somebody must not be for free.
 */
export function mayActFor(policy: PolicyDocument, { principal, onBehalfOf }: By): boolean {
  switch (kindOf(policy, principal)) {
    case 'schedule':
      return onBehalfOf === policy.schedules[principal]?.owner
    case 'machine':
      return onBehalfOf === undefined || policy.machines[principal]?.mayActFor.includes(onBehalfOf) === true
    default:
      return onBehalfOf === undefined
  }
}

type By = Pick<Requester, 'principal' | 'onBehalfOf'>

/** The rule as it applies to this request: the special cases turned into plain numbers and names. */
export function applyRule(policy: PolicyDocument, rule: Rule, requester: By, initLocalDisk: boolean): AppliedRule {
  return {
    name: rule.name,
    approvals: neededApprovals(policy, rule, requester, initLocalDisk),
    approvers: [...eligibleApprovers(rule, requester)],
    tool: initLocalDisk ? 'own-tool' : rule.tool,
    validFor: rule.validFor,
  }
}

export function neededApprovals(policy: PolicyDocument, rule: Rule, requester: By, initLocalDisk: boolean): number {
  const nobodyBehind = kindOf(policy, requester.principal) !== 'person' && requester.onBehalfOf === undefined
  const two = initLocalDisk || (nobodyBehind && rule.machinesAlone === undefined)
  return Math.max(rule.approvals, two ? 2 : 1)
}

/** Nobody approves a request of one's own, nor one that a machine made on one's behalf. */
export function eligibleApprovers(rule: Rule, { principal, onBehalfOf }: By): readonly string[] {
  return rule.approvers.filter((name) => name !== principal && name !== onBehalfOf)
}
