// A caller's proof, made without the product's code, so that every part of it can be made wrong.
import { createHash, createPrivateKey, sign } from 'node:crypto'
import { kidOf, PRIVATE_JWKS, type Holder } from '#support/keys.ts'
import { AUDIENCE } from '#support/team.ts'

export interface SignedCall {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly body?: string
  readonly at: number
  readonly by?: Holder
  /** Replace, add or (as undefined) take away members of a sound one. */
  readonly header?: Readonly<Record<string, unknown>>
  readonly claims?: Readonly<Record<string, unknown>>
}

export function signCall({ method, path, body = '', at, by = 'alice', header = {}, claims = {} }: SignedCall): string {
  const isP256 = PRIVATE_JWKS[by].kty === 'EC'
  const iat = Math.floor(at / 1000)
  const sound = {
    iss: by,
    aud: AUDIENCE,
    iat,
    exp: iat + 120,
    htm: method,
    htu: path,
    digest: createHash('sha256').update(body).digest('base64url'),
  }
  const head = { alg: isP256 ? 'ES256' : 'EdDSA', kid: kidOf(by), typ: 'startgate-call+jwt', ...header }
  const signed = `${encode(head)}.${encode({ ...sound, ...claims })}`
  const key = createPrivateKey({ key: PRIVATE_JWKS[by], format: 'jwk' })
  const signature = sign(isP256 ? 'sha256' : null, Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' })
  return `${signed}.${signature.toString('base64url')}`
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
