// The other end of `jws.ts`: what an approver's own tool does.
import { CompactSign, importJWK } from 'jose'
import { toCanonicalJson } from '#core/canonical-json.ts'
import { toThumbprint } from '#core/digest.ts'
import type { Statement } from '#core/statement.ts'
import { JWS_TYPE } from './jws.ts'

export type PrivateJwk =
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string; readonly d: string }
  | { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string; readonly d: string }

/** The token as evidence of kind `jws` takes it. */
export async function signJws(statement: Statement, privateJwk: PrivateJwk): Promise<string> {
  const { d, ...publicJwk } = privateJwk
  const alg = publicJwk.kty === 'OKP' ? 'EdDSA' : 'ES256'
  const payload = new TextEncoder().encode(toCanonicalJson(statement))
  return new CompactSign(payload)
    .setProtectedHeader({ alg, kid: toThumbprint(publicJwk), typ: JWS_TYPE })
    .sign(await importJWK({ ...publicJwk, d }, alg))
}
