import { describe, expect, it } from 'vitest'
import { parsePublicKey, parseSharedSecret, parseSigningKey } from '#adapters/webhook/keys.ts'
import { kidOf, PRIVATE_JWKS } from '#support/keys.ts'

const seed = Buffer.from(PRIVATE_JWKS.alice.d, 'base64url')
const publicBytes = Buffer.from(PRIVATE_JWKS.alice.x, 'base64url')
const whsk = (bytes: Uint8Array) => `whsk_${Buffer.from(bytes).toString('base64')}`

describe('a signing key', () => {
  it('is made of its seed (the key of RFC 8037)', () => {
    const { publicJwk, whpk } = parseSigningKey(whsk(seed))
    const { x } = PRIVATE_JWKS.alice
    expect(publicJwk).toEqual({ kty: 'OKP', crv: 'Ed25519', x, kid: kidOf('alice'), use: 'sig', alg: 'EdDSA' })
    expect(whpk).toBe(`whpk_${publicBytes.toString('base64')}`)
  })

  it('may carry its public half', () => {
    expect(parseSigningKey(whsk(Buffer.concat([seed, publicBytes]))).publicJwk.x).toBe(PRIVATE_JWKS.alice.x)
  })

  it('is refused with the public half of another', () => {
    const other = Buffer.from(PRIVATE_JWKS.bob.x, 'base64url')
    expect(() => parseSigningKey(whsk(Buffer.concat([seed, other])))).toThrow('do not belong together')
  })

  it.each([
    ['too short', whsk(seed.subarray(1))],
    ['of another kind', `whsec_${seed.toString('base64')}`],
    ['not in base64', 'whsk_§§§'],
    ['empty', 'whsk_'],
  ])('is refused when it is %s, without being shown', (_, text) => {
    expect(() => parseSigningKey(text)).toThrow(/^a signing key is whsk_ and 32 or 64 bytes in base64$/)
  })
})

describe('a shared secret', () => {
  it('has at least 24 bytes', () => {
    expect(parseSharedSecret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')).toHaveLength(24)
    expect(() => parseSharedSecret(`whsec_${Buffer.alloc(23).toString('base64')}`)).toThrow('at least 24 bytes')
  })

  it('is refused without its prefix', () => {
    expect(() => parseSharedSecret('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')).toThrow(TypeError)
  })
})

describe('a public key', () => {
  it('is the other half of the signing key', () => {
    expect(parsePublicKey(parseSigningKey(whsk(seed)).whpk).export({ format: 'jwk' }).x).toBe(PRIVATE_JWKS.alice.x)
  })

  it('is refused when it is too short', () => {
    expect(() => parsePublicKey(`whpk_${publicBytes.subarray(1).toString('base64')}`)).toThrow(TypeError)
  })
})
