// A compact JWS (RFC 7515), read as narrowly as RFC 8725 asks for: one spelling, one type, three header entries, and the
// algorithm that the key has, whatever the token says.
import { isCanonicalBase64url } from './base64url.ts'
import { parseJson } from './json.ts'
import type { Key } from './key.ts'
import type { PolicyDocument } from './policy.ts'
import { findKey } from './principals.ts'
import * as z from './zod.ts'

export interface ReadJws {
  readonly principal: string
  readonly key: Key
  readonly payload: Uint8Array
  /** What the signature is over, and the signature: whether it is one is still to be seen. */
  readonly signed: Uint8Array
  readonly signature: Uint8Array
}

export type JwsFlaw = 'malformed' | 'not_canonical' | 'header' | 'unknown_key' | 'algorithm'

/** `typ` keeps a token that a key signed for one purpose from passing for another. */
export function readCompactJws(
  token: string,
  typ: string,
  policy: PolicyDocument,
): ReadJws | { readonly flaw: JwsFlaw } {
  const segments = token.split('.')
  const [header, payload, signature] = segments
  if (header === undefined || payload === undefined || signature === undefined || segments.length !== 3)
    return { flaw: 'malformed' }
  if (!segments.every((segment) => /^[A-Za-z0-9_-]+$/.test(segment))) return { flaw: 'malformed' }
  if (!segments.every(isCanonicalBase64url)) return { flaw: 'not_canonical' }
  const parsed = parseHeader(header)
  if (parsed?.typ !== typ) return { flaw: 'header' }
  const found = findKey(policy, parsed.kid)
  if (found === undefined) return { flaw: 'unknown_key' }
  // The key says which algorithm it is for, never the token: neither `none` nor a MAC with the public key gets past here.
  if (!algorithmsOf(found.key).includes(parsed.alg)) return { flaw: 'algorithm' }
  return {
    ...found,
    payload: Buffer.from(payload, 'base64url'),
    signed: Buffer.from(`${header}.${payload}`),
    signature: Buffer.from(signature, 'base64url'),
  }
}

/** Strict: `jku`, `x5u` and `jwk` would bring a key along, `crit` and `b64` another meaning. */
const headerSchema = z.strictObject({
  alg: z.string(),
  kid: z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/)),
  typ: z.string(),
})

function parseHeader(segment: string): z.infer<typeof headerSchema> | undefined {
  const text = Buffer.from(segment, 'base64url').toString('utf8')
  const value = parseJson(text)
  // Without blanks and repeated names it reads the same for everybody; the order of the names is the signing tool's.
  return JSON.stringify(value) === text ? headerSchema.safeParse(value).data : undefined
}

/** RFC 8037 says EdDSA, RFC 9864 Ed25519, for one and the same signature. Only a key written as a plain JWK makes JWS. */
function algorithmsOf({ jwk, ssh, passkey }: Key): readonly string[] {
  if (ssh !== undefined || passkey !== undefined || jwk.kty === 'RSA') return []
  return jwk.kty === 'OKP' ? ['EdDSA', 'Ed25519'] : ['ES256']
}
