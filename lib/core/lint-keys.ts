// Keys that could never count, and keys that would count for anybody.
import { findPointFlaw, type PointFlaw } from './curve-point.ts'
import { toJwkOfWebhookKey, type Key } from './key.ts'
import type { PolicyFault } from './policy-lint.ts'
import type { PolicyDocument } from './policy.ts'

type KeyFault = Pick<PolicyFault, 'cause' | 'cure'>

export function lintKeys({ people, machines }: PolicyDocument): readonly PolicyFault[] {
  const webhooks = Object.entries(machines).flatMap(([name, { webhook }]) =>
    (webhook?.v1a ?? []).flatMap((whpk, index) =>
      lintPoint(toJwkOfWebhookKey(whpk)).map((fault) => ({
        path: ['machines', name, 'webhook', 'v1a', String(index)],
        ...fault,
      })),
    ),
  )
  return [...lintHolders('people', people), ...lintHolders('machines', machines), ...webhooks]
}

function lintHolders(
  group: string,
  holders: Readonly<Record<string, { readonly keys: readonly Key[] }>>,
): readonly PolicyFault[] {
  return Object.entries(holders).flatMap(([name, { keys }]) =>
    keys.flatMap((key, index) =>
      [...lintInterval(key), ...lintPoint(key.jwk)].map((fault) => ({
        path: [group, name, 'keys', String(index)],
        ...fault,
      })),
    ),
  )
}

function lintInterval({ from, until }: Key): readonly KeyFault[] {
  return from < until ? [] : [{ cause: 'this key ends before it begins', cure: 'correct its from and until' }]
}

function lintPoint(jwk: Key['jwk']): readonly KeyFault[] {
  const flaw = findPointFlaw(jwk)
  return flaw === undefined ? [] : [SAID[flaw](jwk)]
}

const SAID: Readonly<Record<PointFlaw, (jwk: Key['jwk']) => KeyFault>> = {
  no_point: (jwk) => ({
    cause: `this is no point of ${jwk.kty === 'EC' ? 'P-256' : 'Ed25519'}, so nobody can sign for it`,
    cure: 'copy the line again',
  }),
  small_order: () => ({ cause: 'this is a point that anybody can sign for', cure: 'make a new key' }),
}
