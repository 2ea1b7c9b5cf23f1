// A policy as it is judged by: wherever a group or an alias was written, its people and its instance stand instead.
import { resolvePlace } from './alias.ts'
import type { PolicyDocument, Rule } from './policy.ts'
import { membersOf } from './principals.ts'

/** What leads nowhere stays as it is, for lint to name. */
export function resolveNames(policy: PolicyDocument): PolicyDocument {
  const { machines, schedules, aliases, mayRead, rules } = policy
  return {
    ...policy,
    mayRead: membersOf(policy, mayRead),
    machines: mapValues(machines, (machine) => ({ ...machine, mayActFor: membersOf(policy, machine.mayActFor) })),
    schedules: mapValues(schedules, ({ ask, ...rest }) => ({
      ...rest,
      ask: { ...ask, ...resolvePlace(aliases, ask) },
    })),
    rules: rules.map((rule) => resolveRule(policy, rule)),
  }
}

function resolveRule(policy: PolicyDocument, rule: Rule): Rule {
  const { ids } = rule.instances
  const instanceIds = ids?.map((id) => resolvePlace(policy.aliases, { instanceId: id })?.instanceId ?? id)
  return {
    ...rule,
    requesters: membersOf(policy, rule.requesters),
    // Who is asked for as one of a group is an approver of the rule like any other.
    approvers: membersOf(policy, [...rule.approvers, ...(rule.oneOfEach ?? [])]),
    mayCancel: membersOf(policy, rule.mayCancel),
    instances: { ...rule.instances, ...(instanceIds === undefined ? {} : { ids: instanceIds }) },
  }
}

function mapValues<Value>(
  record: Readonly<Record<string, Value>>,
  change: (value: Value) => Value,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}
