// Who is calling: a short-lived signature over this very method, path and body.
import { createHash } from 'node:crypto'
import { importJWK, SignJWT } from 'jose'
import type { PrivateJwk } from '#adapters/evidence/sign-jws.ts'
import { toKid } from './key-file.ts'

export interface Caller {
  readonly name: string
  readonly audience: string
  readonly jwk: PrivateJwk
  /** Where the key was read. */
  readonly file: string
}

export interface SignedCall {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly body: string
}

/** Kept short: the clock of the gate may differ by minutes, a captured token should not live for hours. */
const LIFETIME_S = 120

export async function signCall(
  { name, audience, jwk }: Omit<Caller, 'file'>,
  call: SignedCall,
  now: number,
): Promise<string> {
  const alg = jwk.kty === 'OKP' ? 'EdDSA' : 'ES256'
  const iat = Math.floor(now / 1000)
  const digest = createHash('sha256').update(call.body).digest('base64url')
  return new SignJWT({ htm: call.method, htu: call.path, digest })
    .setProtectedHeader({ alg, kid: toKid(jwk), typ: 'startgate-call+jwt' })
    .setIssuer(name)
    .setAudience(audience)
    .setIssuedAt(iat)
    .setExpirationTime(iat + LIFETIME_S)
    .sign(await importJWK({ ...jwk }, alg))
}
