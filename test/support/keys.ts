// Key pairs of people who do not exist. Fixed, so that digests and signatures are the same in every run.
import { createPrivateKey, sign } from 'node:crypto'
import { toCanonicalJson } from '#core/canonical-json.ts'
import { toThumbprint } from '#core/digest.ts'
import type { Statement } from '#core/statement.ts'

/** Alice's is the key of RFC 8037 appendix A; Erin's is the only one on P-256. */
export const PRIVATE_JWKS = {
  alice: {
    kty: 'OKP',
    crv: 'Ed25519',
    x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
    d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
  },
  bob: {
    kty: 'OKP',
    crv: 'Ed25519',
    x: '8YHSbf3XB_8l0P8Uosf7npJJ5ykreX668cl1MiNj5aU',
    d: 'qppCOtHEfjSmcarQAZRigmcdYhlGEi2kmP1FW7CR9t0',
  },
  carol: {
    kty: 'OKP',
    crv: 'Ed25519',
    x: 'W57jbk2WmnWrhTg-N355UJ5-2ISwlLMA-nP5vL49DxM',
    d: 'op9ewSymmIHeK6dQUPQyqRHkl69fKMU7Z2PJttqe-qY',
  },
  dave: {
    kty: 'OKP',
    crv: 'Ed25519',
    x: 'ymbN9Fz-oOdeDBHKbU4KKJOYxrYEUUSc4mjwk5hb-oY',
    d: 'L7CUvxnwZ2oK1gIvLjUzH40goyDnpS_XexqdDjKI53I',
  },
  'deploy-bot': {
    kty: 'OKP',
    crv: 'Ed25519',
    x: 'lcgkRajcT_PJyZqHFtdCpNMevX7i37G65wuRpOtqlNM',
    d: '_M9_5DvBka-_lkzYiPrcTyDgwc4aV-g5XVxo6e2f8jA',
  },
  erin: {
    kty: 'EC',
    crv: 'P-256',
    x: 'FCZ1xyUJXs_eYrZRJIGUz2sExvJ1LZjUtIrPVB5eNT8',
    y: '28L_U5RpU3br_ljr_JUREQ-RfPW_EeYEwrbj2SOHhpw',
    d: 'kCyG7Q6Xbg0wzMoBMJp-ZiHz45RRtNiOZIXyujgaZu0',
  },
} as const

export type Holder = keyof typeof PRIVATE_JWKS

/** As it is written in a policy: the members of the public key that its thumbprint is made of. */
export function publicJwk(holder: Holder): Readonly<Record<string, string>> {
  const { d: _private, ...jwk } = PRIVATE_JWKS[holder]
  return jwk
}

export function kidOf(holder: Holder): string {
  return toThumbprint(publicJwk(holder))
}

/** An approval token: the statement in a compact JWS, signed by this holder. `header` replaces members of a sound one. */
export function signJws(statement: Statement, holder: Holder, header: Readonly<Record<string, unknown>> = {}): string {
  const alg = PRIVATE_JWKS[holder].kty === 'EC' ? 'ES256' : 'EdDSA'
  const sound = { alg, kid: kidOf(holder), typ: 'startgate-approval+jwt' }
  const signed = `${encode(toCanonicalJson({ ...sound, ...header }))}.${encode(toCanonicalJson(statement))}`
  const key = createPrivateKey({ key: PRIVATE_JWKS[holder], format: 'jwk' })
  const signature = sign(alg === 'ES256' ? 'sha256' : null, Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' })
  return `${signed}.${signature.toString('base64url')}`
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url')
}
