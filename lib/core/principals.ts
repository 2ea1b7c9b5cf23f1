// The people, machines and schedules of a policy, and the keys that they hold.
import type { Key } from './key.ts'
import type { PolicyDocument } from './policy.ts'

export type PrincipalKind = 'person' | 'machine' | 'schedule'

export function kindOf(policy: PolicyDocument, name: string): PrincipalKind | undefined {
  if (Object.hasOwn(policy.people, name)) return 'person'
  if (Object.hasOwn(policy.machines, name)) return 'machine'
  if (Object.hasOwn(policy.schedules, name)) return 'schedule'
  return undefined
}

/** The keys of a person or a machine; none for anybody else. */
export function keysOf(policy: PolicyDocument, name: string): readonly Key[] {
  const kind = kindOf(policy, name)
  const holder = kind === 'person' ? policy.people[name] : kind === 'machine' ? policy.machines[name] : undefined
  return holder?.keys ?? []
}

/** Finds a key by its `kid`, which is only looked up and never interpreted. */
export function findKey(
  policy: PolicyDocument,
  kid: string,
): { readonly principal: string; readonly key: Key } | undefined {
  for (const principal of [...Object.keys(policy.people), ...Object.keys(policy.machines)]) {
    const key = keysOf(policy, principal).find((each) => each.kid === kid)
    if (key !== undefined) return { principal, key }
  }
  return undefined
}
