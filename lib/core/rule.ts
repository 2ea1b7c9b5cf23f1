// Which rule applies, and what it asks for in this case. First match wins; no match refuses.
import { opensAt } from './calendar.ts'
import type { AppliedRule, Proposal, Requester } from './proposal.ts'
import type { PolicyDocument, Rule } from './policy.ts'
import { kindOf, membersOf } from './principals.ts'

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

/** Today's rule for the instance as it was seen when the request came in; the starter looks again. */
export function findRuleOf(policy: PolicyDocument, { request, instance }: Proposal): Rule | undefined {
  return findRule(policy, request.requester.principal, { ...request, tags: instance.tags })
}

/** The earliest instant from `from` on at which today's rule allows the start, epoch ms; undefined if there is none. */
export function createOpening(policy: PolicyDocument, proposal: Proposal): (from: number) => number | undefined {
  const rule = findRuleOf(policy, proposal)
  return (from) => (rule === undefined ? from : opensAt(policy, rule, from))
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
    approvers: eligibleApprovers(rule, requester),
    tool: initLocalDisk ? 'own-tool' : rule.tool,
    ...(rule.oneOfEach === undefined ? {} : { oneOfEach: eligibleOfEach(policy, rule.oneOfEach, requester) }),
    validFor: rule.validFor,
  }
}

export function neededApprovals(policy: PolicyDocument, rule: Rule, requester: By, initLocalDisk: boolean): number {
  const nobodyBehind = kindOf(policy, requester.principal) !== 'person' && requester.onBehalfOf === undefined
  const two = initLocalDisk || (nobodyBehind && rule.machinesAlone === undefined)
  return Math.max(rule.approvals, two ? 2 : 1)
}

/** Nobody approves a request of one's own, nor one that a machine made on one's behalf. */
export function eligibleApprovers(rule: Pick<Rule, 'approvers'>, { principal, onBehalfOf }: By): string[] {
  return rule.approvers.filter((name) => name !== principal && name !== onBehalfOf)
}

function eligibleOfEach(policy: PolicyDocument, groups: readonly string[], requester: By): OneOfEach {
  return groups.map((group) => ({
    group,
    approvers: eligibleApprovers({ approvers: membersOf(policy, [group]) }, requester),
  }))
}

type OneOfEach = NonNullable<AppliedRule['oneOfEach']>

/** A yes as the rule counts it; for `tool` see `toolOf`. */
export interface Yes {
  readonly principal: string
  readonly tool: 'own-tool' | 'page'
}

/** Whether this is all that the rule asks for: enough people, and the tool. */
export function isEnough(rule: AppliedRule, yeses: readonly Yes[]): boolean {
  const saidYes = yeses.map(({ principal }) => principal)
  return hasEnough(rule, saidYes) && !lacksOwnTool(rule, yeses)
}

/** Whether the rule wants a yes that nobody has given yet: one made with a tool of one's own. */
export function lacksOwnTool(rule: Pick<AppliedRule, 'tool' | 'approvers'>, yeses: readonly Yes[]): boolean {
  if (rule.tool === 'any') return false
  return !yeses.some(({ principal, tool }) => tool === 'own-tool' && rule.approvers.includes(principal))
}

/** Whether those who said yes are as many different people as the rule asks for, and each of its groups among them. */
function hasEnough({ approvals, approvers, oneOfEach = [] }: AppliedRule, saidYes: readonly string[]): boolean {
  const counted = new Set(saidYes.filter((name) => approvers.includes(name)))
  return counted.size >= approvals && oneOfEach.every((each) => each.approvers.some((name) => counted.has(name)))
}

/** Whether the rule could be satisfied at all: not when who asks is the only one who may say yes. */
export function canBeSatisfied(rule: AppliedRule): boolean {
  return hasEnough(rule, rule.approvers)
}
