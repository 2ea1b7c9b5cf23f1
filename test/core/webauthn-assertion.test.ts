import { describe, expect, test } from 'vitest'
import { toFingerprint } from '#core/digest.ts'
import { toSignedText } from '#core/signed-text.ts'
import { findAssertionFlaw, toAssertionTerms, type Assertion, type AssertionTerms } from '#core/webauthn-assertion.ts'
import { createSoftPasskey, type ForgedAssertion, type PasskeyEvidence } from '#infra/local/soft-passkey.ts'
import { aPolicy, aPolicyDocument, aProposal, aStatement } from '#support/samples.ts'

const ORIGIN = 'https://gate.example.com:8443'
const BOBS = createSoftPasskey({ origin: ORIGIN })
const CAROLS = createSoftPasskey({ origin: ORIGIN, algorithm: 'Ed25519' })
const PEOPLE = {
  ...(aPolicyDocument()['people'] as object),
  bob: { keys: [BOBS.policyKey] },
  carol: { keys: [CAROLS.policyKey] },
}
const POLICY = aPolicy({ people: PEOPLE, page: { origin: ORIGIN } })
const STATEMENT = aStatement(aProposal(), 'bob')
const SOUND = BOBS.assert(STATEMENT)

function termsOf(evidence: PasskeyEvidence = SOUND): { readonly principal: string } & AssertionTerms {
  const terms = toAssertionTerms(evidence, POLICY)
  if ('flaw' in terms) throw new Error(terms.flaw)
  return terms
}

function flawOf(change: Partial<Assertion>): string | undefined {
  return findAssertionFlaw({ ...SOUND, ...change }, termsOf())
}

function forgedFlaw(forged: ForgedAssertion): string | undefined {
  return findAssertionFlaw(BOBS.assert(STATEMENT, forged), termsOf())
}

function toBase64url(bytes: readonly number[]): string {
  return Buffer.from(bytes).toString('base64url')
}

describe('the terms', () => {
  test('are the hash of the signed text, the page and its host, and the key that is named', () => {
    expect(termsOf()).toEqual({
      principal: 'bob',
      key: expect.objectContaining({ passkey: BOBS.id }),
      challenge: toFingerprint(Buffer.from(toSignedText(STATEMENT))),
      origin: ORIGIN,
      rpId: 'gate.example.com',
    })
    expect(termsOf(CAROLS.assert(STATEMENT)).principal).toBe('carol')
  })

  test.each([
    ['no credential', ''],
    ['a credential that nobody has', toBase64url([1, 2, 3])],
    ['the id of the key', termsOf().key.kid],
    ['a name of JavaScript', '__proto__'],
  ])('are none for %s', (_what, credential) => {
    expect(toAssertionTerms({ ...SOUND, credential }, POLICY)).toEqual({ flaw: 'unknown_key' })
  })

  test('are none where the policy has no page', () => {
    const { page: _page, ...without } = POLICY

    expect(toAssertionTerms(SOUND, without)).toEqual({ flaw: 'unknown_key' })
  })
})

describe('an assertion', () => {
  test('that was made of its terms has no flaw in its form', () => {
    expect(flawOf({})).toBeUndefined()
    expect(findAssertionFlaw(CAROLS.assert(STATEMENT), termsOf(CAROLS.assert(STATEMENT)))).toBeUndefined()
  })

  test('of another credential than that of the terms is refused', () => {
    expect(findAssertionFlaw(SOUND, termsOf(CAROLS.assert(STATEMENT)))).toBe('unknown_key')
  })

  test.each(['credential', 'authenticatorData', 'clientData', 'signature'] as const)(
    'has its %s in one spelling',
    (name) => {
      for (const other of [
        `${SOUND[name]}=`,
        `${SOUND[name]}\n`,
        ` ${SOUND[name]}`,
        `${SOUND[name]}*`,
        `${SOUND[name]}.`,
      ])
        expect(flawOf({ [name]: other }), other).toBe('not_canonical')
    },
  )

  test('does not use the unused bits of a last character', () => {
    expect(flawOf({ authenticatorData: toBase64url([...Buffer.alloc(37)]).replace(/A$/, 'B') })).toBe('not_canonical')
  })

  test.each([
    ['authenticatorData', 'malformed'],
    ['clientData', 'malformed'],
    ['signature', 'malformed'],
    ['credential', 'unknown_key'],
  ] as const)('with an empty %s is refused', (name, flaw) => {
    expect(flawOf({ [name]: '' })).toBe(flaw)
  })
})

describe('the client data', () => {
  const client = { type: 'webauthn.get', challenge: termsOf().challenge, origin: ORIGIN }

  test.each<[string, unknown]>([
    ['without crossOrigin', client],
    [
      'with more than is known',
      { ...client, crossOrigin: false, extraData: 'more', tokenBinding: { status: 'supported' } },
    ],
  ])('may be %s', (_what, data) => {
    expect(forgedFlaw({ clientData: JSON.stringify(data) })).toBeUndefined()
  })

  test('may be escaped as its browser does', () => {
    expect(forgedFlaw({ clientData: JSON.stringify(client).replaceAll('/', String.raw`\/`) })).toBeUndefined()
  })

  test.each<[string, ForgedAssertion, string]>([
    ['of a passkey being made', { type: 'webauthn.create' }, 'header'],
    ['of a payment', { type: 'payment.get' }, 'header'],
    ['without a type', { clientData: JSON.stringify({ ...client, type: undefined }) }, 'malformed'],
    ['of another page', { origin: 'https://gate.example.com.attacker.example' }, 'another_origin'],
    ['of another port', { origin: 'https://gate.example.com' }, 'another_origin'],
    ['of the page without TLS', { origin: 'http://gate.example.com:8443' }, 'another_origin'],
    ['of the page with a path', { origin: `${ORIGIN}/` }, 'another_origin'],
    ['of the page in capitals', { origin: ORIGIN.toUpperCase() }, 'another_origin'],
    ['of a frame in another page', { crossOrigin: true }, 'another_origin'],
    ['of a frame in a page that is named', { crossOrigin: true, topOrigin: 'https://a.example' }, 'another_origin'],
    ['of a page that is named, and no frame', { topOrigin: ORIGIN }, 'another_origin'],
    ['with another challenge', { challenge: toFingerprint(Buffer.of(1)) }, 'signature'],
    ['with an empty challenge', { challenge: '' }, 'signature'],
    ['with the challenge padded', { challenge: `${client.challenge}=` }, 'signature'],
    ['without a challenge', { clientData: JSON.stringify({ ...client, challenge: undefined }) }, 'malformed'],
    ['with crossOrigin as text', { clientData: JSON.stringify({ ...client, crossOrigin: 'false' }) }, 'malformed'],
    ['that is no JSON', { clientData: 'webauthn.get' }, 'malformed'],
    ['that is null', { clientData: 'null' }, 'malformed'],
    ['that is a list', { clientData: JSON.stringify([client]) }, 'malformed'],
    ['after a byte order mark', { clientData: `\ufeff${JSON.stringify(client)}` }, 'malformed'],
    ['with a word after it', { clientData: `${JSON.stringify(client)} x` }, 'malformed'],
  ])('%s is refused', (_what, forged, flaw) => {
    expect(forgedFlaw(forged)).toBe(flaw)
  })
})

describe('the authenticator data', () => {
  test.each<[string, ForgedAssertion]>([
    ['that say it was the owner', { flags: 0b101 }],
    ['of a passkey that is kept in a cloud', { flags: 0b11101 }],
    ['with a counter', { counter: 200 }],
    ['with extensions', { flags: 0x85, more: Buffer.of(0xa0) }],
  ])('may be those %s', (_what, forged) => {
    expect(forgedFlaw(forged)).toBeUndefined()
  })

  test.each<[string, ForgedAssertion, string]>([
    ['that say nobody was there', { flags: 0b100 }, 'not_touched'],
    ['that say nothing', { flags: 0 }, 'not_touched'],
    ['that say somebody was there', { flags: 0b001 }, 'not_verified'],
    ['of another host', { rpId: 'attacker.example' }, 'another_origin'],
    ['of the domain above', { rpId: 'example.com' }, 'another_origin'],
    ['of the whole origin', { rpId: ORIGIN }, 'another_origin'],
    ['with bytes after them', { more: Buffer.of(0) }, 'malformed'],
    ['with extensions that are announced only', { flags: 0x85 }, 'malformed'],
    ['with extensions that are not announced', { more: Buffer.of(0xa0) }, 'malformed'],
    ['with a credential that is announced only', { flags: 0x45 }, 'malformed'],
    ['with a credential among extensions', { flags: 0xc5, more: Buffer.alloc(100) }, 'malformed'],
    ['with a credential in them', { flags: 0x45, more: Buffer.alloc(100) }, 'malformed'],
  ])('%s are refused', (_what, forged, flaw) => {
    expect(forgedFlaw(forged)).toBe(flaw)
  })

  test('are refused cut off at any byte', () => {
    const bytes = Buffer.from(SOUND.authenticatorData, 'base64url')

    for (let length = 0; length < bytes.length; length += 1)
      expect(flawOf({ authenticatorData: bytes.toString('base64url', 0, length) }), String(length)).toBe('malformed')
  })
})

describe('a signature of P-256', () => {
  const number = (first: number, length = 32): readonly number[] => [
    2,
    length,
    first,
    ...Array<number>(length - 1).fill(1),
  ]
  const pair = (...parts: readonly (readonly number[])[]): string => {
    const all = parts.flat()
    return toBase64url([0x30, all.length, ...all])
  }

  test.each([
    ['two numbers', pair(number(1), number(1))],
    ['two that would seem negative', pair([2, 33, 0, ...number(0x80).slice(2)], [2, 2, 0, 0x80])],
    ['two short ones', pair([2, 1, 1], [2, 1, 1])],
  ])('in DER may be %s', (_what, signature) => {
    expect(flawOf({ signature })).toBeUndefined()
  })

  test.each([
    ['one number', pair(number(1))],
    ['three numbers', pair(number(1), number(1), number(1))],
    ['a number with a zero in front', pair([2, 2, 0, 1], number(1))],
    ['a negative number', pair(number(1), number(0x80))],
    ['a number of 33 bytes', pair(number(1, 33), number(1))],
    ['no number', pair([2, 0], number(1))],
    ['bytes after them', `${pair(number(1), number(2, 31))}AAAA`],
    ['a longer length than it has', toBase64url([0x30, 7, 2, 1, 1, 2, 1, 1])],
    ['a length in two bytes', toBase64url([0x30, 0x81, 6, 2, 1, 1, 2, 1, 1])],
    ['a set', toBase64url([0x31, 6, 2, 1, 1, 2, 1, 1])],
    ['64 bytes as they are', toBase64url(Array<number>(64).fill(1))],
  ])('with %s is refused', (_what, signature) => {
    expect(flawOf({ signature })).toBe('malformed')
  })
})
