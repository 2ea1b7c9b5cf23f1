// Whether a key made a signature. Node's cryptography is pure: the same bytes always come to the same answer.
import { createPublicKey, verify } from 'node:crypto'
import { isOfSmallOrder } from './curve-point.ts'
import type { Key } from './key.ts'

/**
 * Ed25519 (RFC 8032), or ECDSA on P-256 with SHA-256, as the key is; `signature` is 64 bytes, of ECDSA r and s (RFC 7518, section
 * 3.4). False also for a key that is no point of its curve, for one that anybody can sign for, and for a signature of another
 * length.
 */
export function isSigned(jwk: Key['jwk'], data: Uint8Array, signature: Uint8Array): boolean {
  // Nothing that makes a JWS or an SSH signature has an RSA key; no policy with such a point passes the build.
  if (jwk.kty === 'RSA' || (jwk.kty === 'OKP' && isOfSmallOrder(jwk))) return false
  try {
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
    return verify(jwk.kty === 'OKP' ? null : 'sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature)
  } catch {
    return false
  }
}
