// Whether a key made a signature. Node's cryptography is pure: the same bytes always come to the same answer.
import { createPublicKey, verify } from 'node:crypto'
import type { Key } from './key.ts'

/**
 * Ed25519 (RFC 8032), or ECDSA on P-256 with SHA-256, as the key is; `signature` is 64 bytes, of ECDSA r and s (RFC 7518, section
 * 3.4). False also for a key that is no point of its curve, and for a signature of another length.
 */
export function isSigned(jwk: Key['jwk'], data: Uint8Array, signature: Uint8Array): boolean {
  try {
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
    return verify(jwk.kty === 'OKP' ? null : 'sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature)
  } catch {
    return false
  }
}
