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
  return policy.rules.find(({ requesters, instances }) => {
    const { accounts, regions, ids, tags } = instances
    return (
      requesters.includes(requester) &&
      (accounts?.includes(target.accountId) ?? true) &&
      (regions?.includes(target.regionId) ?? true) &&
      (ids?.includes(target.instanceId) ?? true) &&
      Object.entries(tags).every(([key, value]) => target.tags[key] === value)
    )
  })
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
