// A statement as a compact JWS: the form is judged by core, the signature here.
import { compactVerify, importJWK } from 'jose'
import { readCompactJws } from '#core/compact-jws.ts'
import type { Key } from '#core/key.ts'
import type { Policy } from '#core/policy.ts'
import { parseStatement } from '#core/statement.ts'
import type { Verified } from '#ports/evidence.ts'

/** Keeps any other JWT that an approver's key may have signed from passing for an approval. */
export const JWS_TYPE = 'startgate-approval+jwt'

export async function verifyJws(token: string, policy: Policy): Promise<Verified> {
  const read = readCompactJws(token, JWS_TYPE, policy)
  if ('flaw' in read) return read
  const { principal, key, alg, payload } = read
  if (!(await isSigned(token, key, alg))) return { flaw: 'signature' }
  const statement = parseStatement(payload)
  if (statement === undefined) return { flaw: 'statement' }
  return { signed: { statement, principal, key, tool: 'own-tool' } }
}

async function isSigned(token: string, { jwk }: Key, alg: string): Promise<boolean> {
  try {
    await compactVerify(token, await importJWK({ ...jwk }, alg), { algorithms: [alg] })
    return true
  } catch {
    return false
  }
}
