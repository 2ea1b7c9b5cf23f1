import { describe, expect, test } from 'vitest'
import { toCanonicalJson } from '#core/canonical-json.ts'
import { digestOf, hmacSha256, isSameDigest, sha256, toThumbprint } from '#core/digest.ts'

describe('toCanonicalJson', () => {
  test('spells literals, numbers and strings as the example of RFC 8785, 3.2.2 does', () => {
    const example = {
      numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '€$\u000F\nA\'B"\\\\"/',
      literals: [null, true, false],
    }

    expect(toCanonicalJson(example)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    )
  })

  test('sorts names by UTF-16 code units, as the example of RFC 8785, 3.2.3 does', () => {
    const names = { '€': 5, '\r': 1, '\ufb33': 7, '1': 2, '😀': 6, '\u0080': 3, ö: 4 }

    expect(toCanonicalJson(names)).toBe('{"\\r":1,"1":2,"\u0080":3,"ö":4,"€":5,"😀":6,"\ufb33":7}')
  })

  test('keeps the order of arrays, sorts at every depth, and writes no space', () => {
    expect(toCanonicalJson([2, 1, { b: { d: 0, c: 0 }, a: [] }])).toBe('[2,1,{"a":[],"b":{"c":0,"d":0}}]')
  })

  test('minus zero is zero', () => {
    expect(toCanonicalJson(-0)).toBe('0')
  })

  test('nothing has no canonical form', () => {
    expect(() => toCanonicalJson(undefined)).toThrow(new TypeError('only plain JSON data has a canonical form'))
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 'a\ud800'])('%s has no canonical form', (value) => {
    expect(() => toCanonicalJson({ value })).toThrow()
  })
})

describe('digestOf', () => {
  test('is the SHA-256 of the domain, a line feed and the canonical text', () => {
    expect(digestOf('startgate-test/v1', { b: 1, a: 2 })).toBe(sha256('startgate-test/v1\n{"a":2,"b":1}'))
  })

  test('the same value has another digest in another domain', () => {
    expect(digestOf('one', {})).not.toBe(digestOf('other', {}))
  })
})

describe('sha256', () => {
  test('gives the digest of FIPS 180 for "abc", as text and as bytes', () => {
    const known = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

    expect(sha256('abc')).toBe(known)
    expect(sha256(Uint8Array.of(97, 98, 99))).toBe(known)
  })

  test('text is hashed as UTF-8', () => {
    expect(sha256('é')).toBe(sha256(Uint8Array.of(0xc3, 0xa9)))
  })
})

describe('hmacSha256', () => {
  test('is the HMAC of RFC 4231, over canonical JSON', () => {
    // Test case 2 of the RFC has the key "Jefe"; its text is no JSON, so this value was computed with another tool.
    expect(hmacSha256('Jefe', ['what do ya want', 'for nothing?'])).toBe(
      '869f07d5b2706fdd51ca8d175cc24c81d3fad7e532ad3fac4e082b302be029ee',
    )
  })

  test('depends on the key', () => {
    expect(hmacSha256('one', [])).not.toBe(hmacSha256('other', []))
  })
})

describe('toThumbprint', () => {
  test('is the thumbprint of RFC 8037, A.3', () => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }

    expect(toThumbprint(jwk)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
  })
})

describe('isSameDigest', () => {
  const right = sha256('one')

  test('is true of the same digest alone', () => {
    expect(isSameDigest(right, sha256('one'))).toBe(true)
    expect(isSameDigest(right, sha256('other'))).toBe(false)
    expect(isSameDigest(right, right.slice(0, -1))).toBe(false)
    expect(isSameDigest(right, '')).toBe(false)
  })
})
