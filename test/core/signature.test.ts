import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { RsaJwk } from '#core/key.ts'
import { isSigned } from '#core/signature.ts'

/** RFC 8037, appendix A.4, and RFC 7515, appendix A.3: a public key and what it signed. */
const PUBLISHED = {
  EdDSA: [
    { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
    'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc',
    'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
  ],
  ES256: [
    {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    },
    'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ',
    'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q',
  ],
} as const

describe.each(Object.entries(PUBLISHED))('the published signature of %s', (_, [jwk, data, base64url]) => {
  const signed = Buffer.from(data)
  const signature = Buffer.from(base64url, 'base64url')

  test('is one', () => {
    expect(isSigned(jwk, signed, signature)).toBe(true)
  })

  test('is none with any bit of a byte turned, here or there', () => {
    for (const at of signature.keys()) expect(isSigned(jwk, signed, turned(signature, at))).toBe(false)
    for (const at of signed.keys()) expect(isSigned(jwk, turned(signed, at), signature)).toBe(false)
  })

  test.each([0, 1, 32, 63, 65, 128])('is none with %i bytes', (length) => {
    expect(isSigned(jwk, signed, Buffer.concat([signature, signature]).subarray(0, length))).toBe(false)
  })

  test('is none by another key of its kind', () => {
    const { publicKey } = jwk.kty === 'OKP' ? generateKeyPairSync('ed25519') : p256()
    expect(isSigned(publicKey.export({ format: 'jwk' }) as typeof jwk, signed, signature)).toBe(false)
  })
})

test('all zeros are no signature, of nothing and by nobody', () => {
  for (const [jwk, data] of Object.values(PUBLISHED))
    expect(isSigned(jwk, Buffer.from(data), Buffer.alloc(64))).toBe(false)
})

/** All encodings of the points of the orders 1, 2, 4 and 8, those with a y beyond the prime included. */
const SMALL_ORDER = [
  `01${'00'.repeat(31)}`,
  `01${'00'.repeat(30)}80`,
  `ec${'ff'.repeat(30)}7f`,
  `ec${'ff'.repeat(30)}ff`,
  '00'.repeat(32),
  `${'00'.repeat(31)}80`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  `ed${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}ff`,
  `ee${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}ff`,
].map((hex) => Buffer.from(hex, 'hex'))

test('nobody signs for a point of small order, for which anybody can make what OpenSSL takes', () => {
  const forgeries = SMALL_ORDER.flatMap((point) => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: point.toString('base64url') } as const
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    const tries = SMALL_ORDER.flatMap((r) =>
      Array.from({ length: 8 }, (_, n) => ({
        jwk,
        data: Buffer.from(`try ${n}`),
        signature: Buffer.concat([r, Buffer.alloc(32)]),
      })),
    )
    return tries.filter(({ data, signature }) => verify(null, data, key, signature))
  })

  expect(forgeries.length).toBeGreaterThan(50)
  expect(forgeries.filter(({ jwk, data, signature }) => isSigned(jwk, data, signature))).toEqual([])
})

test('nobody signs with RSA, which is for passkeys alone', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const data = Buffer.from('signed')

  expect(isSigned(publicKey.export({ format: 'jwk' }) as RsaJwk, data, sign('sha256', data, privateKey))).toBe(false)
})

test('a key that is no point of its curve signs nothing', () => {
  const [jwk, data, signature] = PUBLISHED.ES256
  expect(isSigned({ ...jwk, y: jwk.x }, Buffer.from(data), Buffer.from(signature, 'base64url'))).toBe(false)
})

test('ECDSA counts as r and s, and not as DER has it', () => {
  const { privateKey: key, publicKey } = p256()
  const jwk = publicKey.export({ format: 'jwk' }) as (typeof PUBLISHED.ES256)[0]
  const data = Buffer.from('signed')

  expect(isSigned(jwk, data, sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' }))).toBe(true)
  expect(isSigned(jwk, data, sign('sha256', data, { key, dsaEncoding: 'der' }))).toBe(false)
})

function p256() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
}

function turned(bytes: Buffer, at: number): Buffer {
  const other = Buffer.from(bytes)
  other[at] = bytes[at]! ^ (1 << (at % 8))
  return other
}
