// Rules that nobody could ever satisfy, and rules that a tag makes easier.
import type { PolicyFault } from './policy-lint.ts'
import type { PolicyDocument, Rule } from './policy.ts'
import { keysOf, kindOf, membersOf } from './principals.ts'
import { applyRule } from './rule.ts'

/** `policy` with its groups and aliases resolved. */
export function lintRules(policy: PolicyDocument): readonly PolicyFault[] {
  return [
    ...policy.rules.flatMap((rule, index) => lintRule(policy, rule, ['rules', String(index)])),
    ...weakerByTag(policy),
  ]
}

function lintRule(policy: PolicyDocument, rule: Rule, path: readonly string[]): readonly PolicyFault[] {
  const machines = rule.approvers
    .filter((name) => ['machine', 'schedule'].includes(kindOf(policy, name) ?? ''))
    .map((name) => ({
      path: [...path, 'approvers'],
      cause: `${name} is no person, and only people approve`,
      cure: `remove ${name} from the approvers`,
    }))
  const known = (rule.oneOfEach ?? []).every((group) => Object.hasOwn(policy.groups, group))
  const sound = known && machines.length === 0
  return sound ? rule.requesters.flatMap((name) => unsatisfiable(policy, rule, name, path)) : machines
}

/** The worst case counts: nobody behind a machine, and local disks to be wiped where the rule allows it. */
function unsatisfiable(
  policy: PolicyDocument,
  rule: Rule,
  principal: string,
  path: readonly string[],
): readonly PolicyFault[] {
  const onBehalfOf = policy.schedules[principal]?.owner
  const requester = { principal, ...(onBehalfOf === undefined ? {} : { onBehalfOf }) }
  const applied = applyRule(policy, rule, requester, rule.mayInitLocalDisk)
  const { approvals, approvers, oneOfEach = [], tool } = applied
  const able = approvers.filter((name) => keysOf(policy, name).length > 0)
  if (able.length < approvals) {
    return [
      {
        path: [...path, 'approvers'],
        cause: `a request by ${principal} needs ${approvals} approval${approvals === 1 ? '' : 's'}, and ${able.length} of the approvers can give one`,
        cure: 'name more approvers who have a key and are not the requester, or ask for fewer approvals',
      },
    ]
  }
  const silent = oneOfEach
    .filter((each) => !each.approvers.some((name) => able.includes(name)))
    .map(({ group }) => ({
      path: [...path, 'oneOfEach'],
      cause: `a request by ${principal} needs a yes of ${group}, and nobody there can give one`,
      cure: `add people to ${group} who have a key and are not the requester`,
    }))
  const hasTool = able.some((name) => keysOf(policy, name).some(({ passkey }) => passkey === undefined))
  if (tool === 'any' || hasTool) return silent
  return [
    ...silent,
    {
      path: [...path, 'approvers'],
      cause: `a request by ${principal} needs a yes that is signed with a tool of one’s own, and the approvers have passkeys only`,
      cure: 'give one of them an SSH key or a JWK too',
    },
  ]
}

/** Tags can be changed by people who may not start anything: one more tag must never lead to an easier rule. */
function weakerByTag(policy: PolicyDocument): readonly PolicyFault[] {
  return policy.rules.flatMap((tagged, index) => {
    const plain = policy.rules.find(
      (other) => hasFewerTags(other, tagged) && mayOverlap(tagged, other) && isWeaker(policy, tagged, other),
    )
    if (plain === undefined) return []
    return [
      {
        path: ['rules', String(index)],
        cause: `with its tag an instance is started more easily than by rule ${plain.name}, which applies without it`,
        cure: `make ${tagged.name} at least as strict as ${plain.name}, or name its instances by id`,
      },
    ]
  })
}

/** Every instance that `more` is for has the tags of `fewer` too. */
function hasFewerTags(fewer: Rule, more: Rule): boolean {
  const tags = Object.entries(fewer.instances.tags)
  return (
    tags.length < Object.keys(more.instances.tags).length &&
    tags.every(([key, value]) => more.instances.tags[key] === value)
  )
}

/** Not as strict in some way. Hours and freezes do not count: they only delay what the same people have to allow. */
export function isWeaker(policy: PolicyDocument, tagged: Rule, plain: Rule): boolean {
  return (
    tagged.approvals < plain.approvals ||
    (tagged.tool === 'any' && plain.tool === 'own-tool') ||
    (tagged.mayInitLocalDisk && !plain.mayInitLocalDisk) ||
    (tagged.machinesAlone !== undefined && plain.machinesAlone === undefined) ||
    tagged.approvers.some((name) => !plain.approvers.includes(name)) ||
    (plain.oneOfEach ?? []).some((group) => !asksFor(policy, tagged, membersOf(policy, [group])))
  )
}

/** Whether nothing is started by the rule without a yes of one of these people. */
function asksFor(policy: PolicyDocument, rule: Rule, people: readonly string[]): boolean {
  const certain = [rule.approvers, ...(rule.oneOfEach ?? []).map((group) => membersOf(policy, [group]))]
  return certain.some((names) => names.every((name) => people.includes(name)))
}

/** Whether an instance could be asked for under both, tags apart. */
export function mayOverlap(one: Rule, other: Rule): boolean {
  const meet = (left: readonly string[] | undefined, right: readonly string[] | undefined): boolean =>
    left === undefined || right === undefined || left.some((each) => right.includes(each))
  return (
    meet(one.requesters, other.requesters) &&
    meet(one.instances.accounts, other.instances.accounts) &&
    meet(one.instances.regions, other.instances.regions) &&
    meet(one.instances.ids, other.instances.ids)
  )
}
