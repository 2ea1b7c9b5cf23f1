import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { keySchema } from '#core/key-form.ts'
import { isKeyValid } from '#core/key.ts'
import { publicJwk } from '#support/keys.ts'

const ED25519 = publicJwk('alice')
const P256 = publicJwk('erin')
const CREDENTIAL = Buffer.alloc(16, 7).toString('base64url')
const MODULUS = Buffer.alloc(256, 0x80).toString('base64url')

describe('keySchema', () => {
  test('names an Ed25519 key by its thumbprint, valid for ever', () => {
    expect(keySchema.parse(ED25519)).toEqual({
      jwk: ED25519,
      kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
      from: 0,
      until: Number.MAX_SAFE_INTEGER,
    })
  })

  test('takes a P-256 key with both coordinates', () => {
    expect(keySchema.parse(P256)).toMatchObject({ jwk: P256, kid: expect.stringMatching(/^[\w-]{43}$/) })
  })

  test('reads the interval of validity, and leaves it out of the kid', () => {
    const key = keySchema.parse({ ...ED25519, from: '2026-01-01T00:00:00Z', until: '2026-01-02T01:00:00+01:00' })

    expect(key).toEqual({
      jwk: ED25519,
      kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
      from: Date.UTC(2026, 0, 1),
      until: Date.UTC(2026, 0, 2),
    })
  })

  test.each([
    ['another curve', { ...ED25519, crv: 'Ed448' }],
    ['a kid of its own', { ...ED25519, kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k' }],
    ['a private member', { ...ED25519, d: ED25519['x'] }],
    ['a symmetric key', { kty: 'oct', k: ED25519['x'] }],
    ['RSA', { kty: 'RSA', n: 'AQAB', e: 'AQAB' }],
    ['a coordinate that is too short', { ...ED25519, x: ED25519['x']?.slice(1) }],
    ['a coordinate that is too long', { ...ED25519, x: `${ED25519['x']}A` }],
    ['a coordinate in another alphabet', { ...ED25519, x: ED25519['x']?.replace('_', '/') }],
    ['P-256 without y', { ...P256, y: undefined }],
    // Its last character has two bits that decoders ignore.
    ['a coordinate in another spelling', { ...ED25519, x: ED25519['x']?.replace(/o$/, 'p') }],
    ['P-256 with y in another spelling', { ...P256, y: P256['y']?.replace(/w$/, 'x') }],
    ['a time without a zone', { ...ED25519, from: '2026-01-01T00:00:00' }],
  ])('refuses %s', (_what, jwk) => {
    expect(keySchema.safeParse(jwk).success).toBe(false)
  })
})

describe('keySchema, of a passkey', () => {
  const RSA = { kty: 'RSA', n: MODULUS, e: 'AQAB', passkey: CREDENTIAL }

  test.each([
    ['Ed25519', { ...ED25519, passkey: CREDENTIAL }],
    ['P-256', { ...P256, passkey: CREDENTIAL }],
    ['RSA', RSA],
    ['RSA of 4096 bits', { ...RSA, n: Buffer.alloc(512, 0x80).toString('base64url') }],
    ['a credential id of 1023 bytes', { ...ED25519, passkey: Buffer.alloc(1023, 7).toString('base64url') }],
  ])('takes %s, and names it by its credential id', (_what, written) => {
    const { passkey, ...jwk } = written

    expect(keySchema.parse({ ...written, until: '2026-01-01T00:00:00Z' })).toEqual({
      jwk,
      passkey,
      kid: createHash('sha256').update(Buffer.from(passkey, 'base64url')).digest('base64url'),
      from: 0,
      until: Date.UTC(2026),
    })
  })

  test.each<[string, object, RegExp]>([
    ['without an id', { ...RSA, passkey: '' }, /^passkey: a credential id is 16 to 1364 characters of base64url$/],
    ['with a short id', { ...RSA, passkey: 'AAAA' }, /^passkey: a credential id is 16 to/],
    ['with an id of 1024 bytes', { ...RSA, passkey: Buffer.alloc(1024).toString('base64url') }, /^passkey: a cred/],
    ['with an id in base64', { ...RSA, passkey: CREDENTIAL.replace('B', '+') }, /^passkey: a credential id is 16 to/],
    [
      'with an id in another spelling',
      { ...RSA, passkey: CREDENTIAL.replace(/w$/, 'x') },
      /^passkey: .* canonical one$/,
    ],
    ['of an RSA key that is too short', { ...RSA, n: MODULUS.slice(4) }, /^n: an RSA modulus is 2048 to 4096 bits/],
    ['of an RSA key with a zero in front', { ...RSA, n: `AA${MODULUS.slice(2)}` }, /^n: an RSA modulus/],
    ['of an RSA key in another spelling', { ...RSA, n: MODULUS.replace(/A$/, 'B') }, /^n: .* canonical one$/],
    ['of an RSA key with the exponent 3', { ...RSA, e: 'Aw' }, /^e: /],
    ['of another curve', { ...P256, crv: 'P-384', passkey: CREDENTIAL }, /^crv: /],
    ['with a member that is not known', { ...RSA, alg: 'RS256' }, /alg/],
  ])('refuses one %s, and says so', (_what, written, problem) => {
    expect(written).not.toEqual(RSA)
    expect(keySchema.safeParse(written).error?.issues[0]?.message).toMatch(problem)
  })
})

describe('isKeyValid', () => {
  test.each([
    [999, false],
    [1000, true],
    [1999, true],
    [2000, false],
  ])('from 1000 until 2000, at %i: %s', (at, valid) => {
    expect(isKeyValid({ from: 1000, until: 2000 }, at)).toBe(valid)
  })
})
