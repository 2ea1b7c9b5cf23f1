// The people, machines and schedules of a policy, and the keys that they hold.
import type { Key, Passkey, SshBoundKey } from './key.ts'
import type { PolicyDocument } from './policy.ts'

export type PrincipalKind = 'person' | 'machine' | 'schedule'

export function kindOf(policy: PolicyDocument, name: string): PrincipalKind | undefined {
  if (Object.hasOwn(policy.people, name)) return 'person'
  if (Object.hasOwn(policy.machines, name)) return 'machine'
  if (Object.hasOwn(policy.schedules, name)) return 'schedule'
  return undefined
}

/** The names as they are listed, each group replaced by its people, and nobody twice. */
export function membersOf({ groups }: Pick<PolicyDocument, 'groups'>, names: readonly string[]): string[] {
  const members = new Map(Object.entries(groups))
  return [...new Set(names.flatMap((name) => members.get(name) ?? [name]))]
}

/** The keys of a person or a machine; none for anybody else. */
export function keysOf(policy: PolicyDocument, name: string): readonly Key[] {
  const kind = kindOf(policy, name)
  const holder = kind === 'person' ? policy.people[name] : kind === 'machine' ? policy.machines[name] : undefined
  return holder?.keys ?? []
}

/**
 * Finds a key by its `kid`, which is only looked up and never interpreted. One written as a plain JWK goes first: the id of
 * a passkey is a hash of bytes that somebody chose, and those may be what the thumbprint of another one's key is made of.
 */
export function findKey(
  policy: PolicyDocument,
  kid: string,
): { readonly principal: string; readonly key: Key } | undefined {
  const found = allKeys(policy).filter(({ key }) => key.kid === kid)
  return found.find(({ key: { ssh, passkey } }) => ssh === undefined && passkey === undefined) ?? found[0]
}

/** Finds a key that is written as OpenSSH writes it, by those very bytes in base64. */
export function findSshKey(
  policy: PolicyDocument,
  blob: string,
): { readonly principal: string; readonly key: SshBoundKey } | undefined {
  for (const { principal, key } of allKeys(policy)) {
    const { ssh } = key
    if (ssh?.blob === blob) return { principal, key: { ...key, ssh } }
  }
  return undefined
}

/** Finds a passkey by its credential id, as the policy spells it. */
export function findPasskey(
  policy: PolicyDocument,
  credential: string,
): { readonly principal: string; readonly key: Passkey } | undefined {
  for (const { principal, key } of allKeys(policy)) {
    const { passkey } = key
    if (passkey === credential) return { principal, key: { ...key, passkey } }
  }
  return undefined
}

function allKeys(policy: PolicyDocument): readonly { readonly principal: string; readonly key: Key }[] {
  return [...Object.keys(policy.people), ...Object.keys(policy.machines)].flatMap((principal) =>
    keysOf(policy, principal).map((key) => ({ principal, key })),
  )
}
