// A statement as a compact JWS.
import { readCompactJws } from '#core/compact-jws.ts'
import type { Policy } from '#core/policy.ts'
import { isSigned } from '#core/signature.ts'
import { parseStatement } from '#core/statement.ts'
import type { Verified } from '#ports/evidence.ts'

/** Keeps any other JWT that an approver's key may have signed from passing for an approval. */
export const JWS_TYPE = 'startgate-approval+jwt'

export function verifyJws(token: string, policy: Policy): Verified {
  const read = readCompactJws(token, JWS_TYPE, policy)
  if ('flaw' in read) return read
  const { principal, key, payload, signed, signature } = read
  if (!isSigned(key.jwk, signed, signature)) return { flaw: 'signature' }
  const statement = parseStatement(payload)
  if (statement === undefined) return { flaw: 'statement' }
  return { signed: { statement, principal, key, tool: 'own-tool' } }
}
