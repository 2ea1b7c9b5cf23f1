// Groups of people: under names of their own, and with nobody in them who could not be asked for a yes.
import { cureUnknown } from './nearest.ts'
import type { PolicyFault } from './policy-lint.ts'
import type { PolicyDocument } from './policy.ts'
import { kindOf } from './principals.ts'

export function lintGroups(policy: PolicyDocument): readonly PolicyFault[] {
  const groups = Object.entries(policy.groups).flatMap(([name, members]) => lintGroup(policy, name, members))
  const unknown = policy.rules.flatMap(({ oneOfEach = [] }, index) =>
    oneOfEach
      .filter((name) => !Object.hasOwn(policy.groups, name))
      .map((name) => ({
        path: ['rules', String(index), 'oneOfEach'],
        cause: `${name} is no group of this policy`,
        cure: cureUnknown(name, Object.keys(policy.groups), 'groups'),
      })),
  )
  return [...groups, ...unknown]
}

function lintGroup(policy: PolicyDocument, name: string, members: readonly string[]): readonly PolicyFault[] {
  const path = ['groups', name]
  const kind = kindOf(policy, name)
  const shared = { path, cause: `${name} names a ${kind} too`, cure: 'give the group a name of its own' }
  const empty = { path, cause: 'nobody is in this group', cure: 'name its people, or remove it' }
  return [
    ...(kind === undefined ? [] : [shared]),
    ...(members.length === 0 ? [empty] : []),
    ...members
      .filter((member) => kindOf(policy, member) !== 'person')
      .map((member) => ({ path, ...explainMember(policy, member) })),
  ]
}

function explainMember(policy: PolicyDocument, name: string): Pick<PolicyFault, 'cause' | 'cure'> {
  if (Object.hasOwn(policy.groups, name)) {
    return { cause: `${name} is a group, and a group has people only`, cure: `name the people of ${name} instead` }
  }
  const kind = kindOf(policy, name)
  return kind === undefined
    ? { cause: `${name} is nobody in this policy`, cure: cureUnknown(name, Object.keys(policy.people), 'people') }
    : { cause: `${name} is a ${kind}, and a group has people only`, cure: `remove ${name} from the group` }
}
