import { isKeyValid } from '#core/key.ts'
import type { Policy } from '#core/policy.ts'
import { keysOf } from '#core/principals.ts'
import type { View } from '#core/view.ts'
import type { Signer } from './page-data.ts'

/** The approvers of the rule who hold a passkey that is valid now. Who has said yes can still say no. */
export function listSigners(policy: Policy, { by, open }: View['approvals'], now: number): readonly Signer[] {
  const passkeysOf = (name: string): readonly string[] =>
    keysOf(policy, name).flatMap((key) => (key.passkey !== undefined && isKeyValid(key, now) ? [key.passkey] : []))
  return [...open, ...by]
    .map((name) => ({ name, passkeys: passkeysOf(name), saidYes: by.includes(name) }))
    .filter(({ passkeys }) => passkeys.length > 0)
}
