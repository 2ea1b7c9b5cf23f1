import { describe, expect, test } from 'vitest'
import { isKeyValid, keySchema } from '#core/key.ts'
import { publicJwk } from '#support/keys.ts'

const ED25519 = publicJwk('alice')
const P256 = publicJwk('erin')

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
    ['a time without a zone', { ...ED25519, from: '2026-01-01T00:00:00' }],
  ])('refuses %s', (_what, jwk) => {
    expect(keySchema.safeParse(jwk).success).toBe(false)
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
