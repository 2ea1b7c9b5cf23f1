// Points that are published: of RFC 8032 (7.1), RFC 6979 (A.2.5), SEC 2 (2.4.2), and the points of small order that
// "Taming the many EdDSAs" lists.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findPointFlaw } from '#core/curve-point.ts'

const PRIME = 2n ** 255n - 19n

function ed25519(hex: string): ReturnType<typeof findPointFlaw> {
  return findPointFlaw({ kty: 'OKP', crv: 'Ed25519', x: toBase64url(hex) })
}

function p256(x: string, y: string): ReturnType<typeof findPointFlaw> {
  return findPointFlaw({ kty: 'EC', crv: 'P-256', x: toBase64url(x), y: toBase64url(y) })
}

function toBase64url(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64url')
}

/** Little-endian. */
function encode(y: bigint): string {
  return Buffer.from(y.toString(16).padStart(64, '0'), 'hex').reverse().toString('hex')
}

describe('a key of Ed25519', () => {
  test.each([
    ['test 1', 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'],
    ['test 2', '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c'],
    ['test 3', 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025'],
    ['test 1024', '278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e'],
    ['test SHA(abc)', 'ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf'],
  ])('of %s is sound', (_name, hex) => {
    expect(ed25519(hex)).toBeUndefined()
  })

  test.each([
    ['order 1', `01${'00'.repeat(31)}`],
    ['order 1, with a sign', `01${'00'.repeat(30)}80`],
    ['order 2', `ec${'ff'.repeat(30)}7f`],
    ['order 2, with a sign', `ec${'ff'.repeat(31)}`],
    ['order 4', '00'.repeat(32)],
    ['order 4, the other', `${'00'.repeat(31)}80`],
    ['order 8', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
    ['order 8, the second', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85'],
    ['order 8, the third', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'],
    ['order 8, the fourth', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa'],
  ])('that is the point of %s is everybody’s', (_order, hex) => {
    expect(ed25519(hex)).toBe('small_order')
  })

  test.each([
    ['0', `ed${'ff'.repeat(30)}7f`],
    ['0, with a sign', `ed${'ff'.repeat(31)}`],
    ['1', `ee${'ff'.repeat(30)}7f`],
    ['1, with a sign', `ee${'ff'.repeat(31)}`],
  ])('that spells %s in a second way is a point of small order for who reads it', (_number, hex) => {
    expect(ed25519(hex)).toBe('small_order')
  })

  test('is a point where Euler’s criterion finds its other coordinate, and nowhere else', () => {
    const d = mod(-121_665n * power(121_666n, PRIME - 2n))
    fc.assert(
      fc.property(fc.bigInt({ min: 2n, max: PRIME - 2n }), fc.boolean(), (y, sign) => {
        const square = mod((y * y - 1n) * power(mod(d * y * y + 1n), PRIME - 2n))
        const found = power(square, (PRIME - 1n) / 2n) === 1n ? undefined : 'no_point'
        expect(ed25519(encode(sign ? y + 2n ** 255n : y))).toBe(found)
      }),
      { examples: [[2n, false]], numRuns: 50 },
    )
  })
})

describe('a key of P-256', () => {
  const [x, y] = [
    '60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6',
    '7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299',
  ]
  const [zero, prime] = ['00'.repeat(32), `ffffffff00000001${'00'.repeat(12)}${'ff'.repeat(12)}`]

  test.each([
    ['the example of RFC 6979', x, y],
    [
      'the base point',
      '6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296',
      '4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
    ],
    // The root of b.
    ['where x is 0', zero, '66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4'],
  ])('that is %s is sound', (_what, left, right) => {
    expect(p256(left, right)).toBeUndefined()
  })

  test.each([
    ['zero twice', zero, zero],
    ['with another last bit', x, y.replace(/9$/, '8')],
    ['the other way round', y, x],
    ['with an x past the field', prime, '66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4'],
    ['with a y past the field', x, 'ff'.repeat(32)],
  ])('%s is no point', (_what, left, right) => {
    expect(p256(left, right)).toBe('no_point')
  })
})

test('of an RSA key nothing is said', () => {
  expect(findPointFlaw({ kty: 'RSA', n: 'AQAB', e: 'AQAB' })).toBeUndefined()
})

function mod(value: bigint): bigint {
  return ((value % PRIME) + PRIME) % PRIME
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, base]
  for (let left = exponent; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = mod(result * square)
    square = mod(square * square)
  }
  return result
}
