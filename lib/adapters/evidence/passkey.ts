// A statement with a WebAuthn assertion beside it.
import type { Policy } from '#core/policy.ts'
import type { Evidence } from '#core/statement.ts'
import type { Verified } from '#ports/evidence.ts'

export async function verifyPasskey(
  _evidence: Extract<Evidence, { kind: 'passkey' }>,
  _policy: Policy,
): Promise<Verified> {
  return { flaw: 'malformed' }
}
