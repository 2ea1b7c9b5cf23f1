// A statement as a compact JWS (RFC 7515), read as narrowly as RFC 8725 asks for: one spelling, one type, three header
// entries, and the algorithm that the key has, whatever the token says.
import { compactVerify, importJWK } from 'jose'
import * as z from 'zod'
import type { Key } from '#core/key.ts'
import type { Policy } from '#core/policy.ts'
import { findKey } from '#core/principals.ts'
import { parseStatement } from '#core/statement.ts'
import type { Verified } from '#ports/evidence.ts'

/** Keeps any other JWT that an approver's key may have signed from passing for an approval. */
export const JWS_TYPE = 'startgate-approval+jwt'

/** Strict: `jku`, `x5u` and `jwk` would bring a key along, `crit` and `b64` another meaning. */
const headerSchema = z.strictObject({
  alg: z.string(),
  kid: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  typ: z.literal(JWS_TYPE),
})

export async function verifyJws(token: string, policy: Policy): Promise<Verified> {
  const segments = token.split('.')
  const [header, payload] = segments
  if (header === undefined || payload === undefined || segments.length !== 3) return { flaw: 'malformed' }
  if (!segments.every(isBase64url)) return { flaw: 'malformed' }
  // Decoders ignore the unused bits of the last character, so that one signature would have many spellings.
  if (!segments.every(isCanonical)) return { flaw: 'not_canonical' }
  const parsed = parseHeader(header)
  if (parsed === undefined) return { flaw: 'header' }
  const found = findKey(policy, parsed.kid)
  if (found === undefined) return { flaw: 'unknown_key' }
  const { principal, key } = found
  const algorithms = algorithmsOf(key)
  if (!algorithms.includes(parsed.alg)) return { flaw: 'algorithm' }
  if (!(await isSigned(token, key, parsed.alg))) return { flaw: 'signature' }
  const statement = parseStatement(Buffer.from(payload, 'base64url'))
  if (statement === undefined) return { flaw: 'statement' }
  return { signed: { statement, principal, key, tool: 'own-tool' } }
}

function isBase64url(segment: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(segment)
}

function isCanonical(segment: string): boolean {
  return Buffer.from(segment, 'base64url').toString('base64url') === segment
}

function parseHeader(segment: string): z.infer<typeof headerSchema> | undefined {
  const text = Buffer.from(segment, 'base64url').toString('utf8')
  const value = parseJson(text)
  // Without blanks and repeated names it reads the same for everybody; the order of the names is the signing tool's.
  if (JSON.stringify(value) !== text) return undefined
  return headerSchema.safeParse(value).data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** RFC 8037 says EdDSA, RFC 9864 Ed25519, for one and the same signature. */
function algorithmsOf({ jwk }: Key): readonly string[] {
  switch (jwk.kty) {
    case 'OKP':
      return ['EdDSA', 'Ed25519']
    case 'EC':
      return ['ES256']
  }
}

async function isSigned(token: string, { jwk }: Key, alg: string): Promise<boolean> {
  try {
    await compactVerify(token, await importJWK({ ...jwk }, alg), { algorithms: [alg] })
    return true
  } catch {
    return false
  }
}
