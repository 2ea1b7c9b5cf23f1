// Passkeys that a policy's form lets through, and that could never approve or would be somebody else's.
import type { Passkey } from './key.ts'
import type { PolicyFault } from './policy-lint.ts'
import type { PolicyDocument } from './policy.ts'
import { keysOf } from './principals.ts'

export function lintPasskeys(policy: PolicyDocument): readonly PolicyFault[] {
  const people = Object.keys(policy.people).flatMap((name) => passkeysOf(policy, 'people', name))
  const machines = Object.keys(policy.machines).flatMap((name) => passkeysOf(policy, 'machines', name))
  const ids = [...people, ...machines].map(({ passkey }) => passkey)
  return [
    ...(policy.page === undefined ? people : []).map(({ path }) => ({
      path,
      cause: 'a passkey is bound to the page that it was made on, and this policy names no page',
      cure: 'add the page: { origin: https://… } that people open',
    })),
    ...machines.map(({ path }) => ({
      path,
      cause: 'a machine cannot show that it is there, so it has no passkey',
      cure: 'write the key that it calls with, as a JWK',
    })),
    ...[...people, ...machines]
      .filter(({ passkey }, index) => ids.indexOf(passkey) !== index)
      .map(({ path }) => ({
        path,
        cause: 'this credential id is written down twice',
        cure: 'one passkey belongs to one person, once',
      })),
  ]
}

function passkeysOf(
  policy: PolicyDocument,
  group: 'people' | 'machines',
  name: string,
): readonly { readonly path: readonly string[]; readonly passkey: Passkey['passkey'] }[] {
  return keysOf(policy, name).flatMap(({ passkey }, index) =>
    passkey === undefined ? [] : [{ path: [group, name, 'keys', String(index)], passkey }],
  )
}
