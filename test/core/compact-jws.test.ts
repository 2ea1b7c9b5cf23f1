import { describe, expect, test } from 'vitest'
import { readCompactJws } from '#core/compact-jws.ts'
import { toFingerprint } from '#core/digest.ts'
import { kidOf, publicJwk, signJws } from '#support/keys.ts'
import { aKey, aPolicy, aPolicyDocument, aProposal, aStatement } from '#support/samples.ts'
import { string } from '#support/soft-ssh.ts'

const TYP = 'startgate-approval+jwt'
const POLICY = aPolicy()
const STATEMENT = aStatement(aProposal(), 'bob')
const TOKEN = signJws(STATEMENT, 'bob')
const [HEADER = '', PAYLOAD = '', SIGNATURE = ''] = TOKEN.split('.')
const SOUND = { alg: 'EdDSA', kid: kidOf('bob'), typ: TYP }

function flawOf(token: string, typ = TYP): string | undefined {
  const read = readCompactJws(token, typ, POLICY)
  return 'flaw' in read ? read.flaw : undefined
}

function withHeader(text: string): string {
  return `${Buffer.from(text).toString('base64url')}.${PAYLOAD}.${SIGNATURE}`
}

/** The same bytes with another last character: the bits of it that count for nothing are set. */
function respelled(segment: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return `${segment.slice(0, -1)}${alphabet[alphabet.indexOf(segment.at(-1) ?? '') + 1]}`
}

describe('readCompactJws', () => {
  test('says whose key it names, and what was signed', () => {
    const read = readCompactJws(TOKEN, TYP, POLICY)

    expect(read).toMatchObject({ principal: 'bob', key: aKey('bob') })
    expect('payload' in read && Buffer.from(read.payload).toString('base64url')).toBe(PAYLOAD)
  })

  test.each([
    ['EdDSA', 'bob'],
    ['Ed25519', 'bob'],
    ['ES256', 'erin'],
  ] as const)('reads %s with the key of %s', (alg, holder) => {
    expect(readCompactJws(signJws(STATEMENT, holder, { alg }), TYP, POLICY)).toMatchObject({ principal: holder })
  })

  test('the order of the names in the header is the signing tool’s', () => {
    expect(flawOf(withHeader(JSON.stringify({ typ: TYP, alg: 'EdDSA', kid: kidOf('bob') })))).toBeUndefined()
  })

  test.each([
    ['nothing', ''],
    ['one segment', HEADER],
    ['two segments', `${HEADER}.${PAYLOAD}`],
    ['four segments', `${TOKEN}.${SIGNATURE}`],
    ['no payload', `${HEADER}..${SIGNATURE}`],
    ['no signature', `${HEADER}.${PAYLOAD}.`],
    ['padding', `${TOKEN}==`],
    ['a line feed at the end', `${TOKEN}\n`],
    ['a space before it', ` ${TOKEN}`],
    ['the other alphabet', `${HEADER}.${PAYLOAD}.+/${SIGNATURE}`],
  ])('%s is malformed', (_what, token) => {
    expect(flawOf(token)).toBe('malformed')
  })

  test.each([
    ['signature', `${HEADER}.${PAYLOAD}.${respelled(SIGNATURE)}`],
    ['a segment of one character', `${HEADER}.A.${SIGNATURE}`],
  ])('another spelling of the same bytes is none: %s', (_what, token) => {
    expect(flawOf(token)).toBe('not_canonical')
  })

  test.each([
    ['text that is no JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a blank', JSON.stringify(SOUND, undefined, 1)],
    ['a repeated name', JSON.stringify(SOUND).replace('{', '{"alg":"none",')],
    ['no kid', JSON.stringify({ ...SOUND, kid: undefined })],
    ['a kid that is a path', JSON.stringify({ ...SOUND, kid: '../../../etc/passwd' })],
    ['no typ', JSON.stringify({ ...SOUND, typ: undefined })],
    ['another typ', JSON.stringify({ ...SOUND, typ: 'JWT' })],
    ['no algorithm', JSON.stringify({ ...SOUND, alg: undefined })],
    ['a key of its own', JSON.stringify({ ...SOUND, jwk: {} })],
    ['an address of keys', JSON.stringify({ ...SOUND, jku: 'https://example.com' })],
    ['an extension', JSON.stringify({ ...SOUND, crit: ['b64'], b64: false })],
  ])('a header with %s is refused', (_what, header) => {
    expect(flawOf(withHeader(header))).toBe('header')
  })

  test('a token that was signed for another purpose is refused', () => {
    expect(flawOf(TOKEN, 'startgate-call+jwt')).toBe('header')
  })

  test('a key that the policy does not have is unknown', () => {
    expect(flawOf(signJws(STATEMENT, 'dave'))).toBe('unknown_key')
  })

  test.each([
    ['none', 'bob'],
    ['HS256', 'bob'],
    ['ES256', 'bob'],
    ['EdDSA', 'erin'],
    ['eddsa', 'bob'],
    ['', 'bob'],
  ] as const)('the algorithm %j is not that of the key of %s', (alg, holder) => {
    expect(flawOf(withHeader(JSON.stringify({ ...SOUND, alg, kid: kidOf(holder) })))).toBe('algorithm')
  })

  test('a passkey makes no token, whatever algorithm it would be fit for', () => {
    const passkey = Buffer.alloc(16, 1)
    const bob = { keys: [{ ...publicJwk('bob'), passkey: passkey.toString('base64url') }] }
    const page = { origin: 'https://gate.example.com' }
    const policy = aPolicy({ people: { ...(aPolicyDocument()['people'] as object), bob }, page })
    const kids = [kidOf('bob'), toFingerprint(passkey)]

    expect(kids.map((kid) => readCompactJws(signJws(STATEMENT, 'bob', { kid }), TYP, policy))).toEqual([
      { flaw: 'unknown_key' },
      { flaw: 'algorithm' },
    ])
  })

  test('a key that is written for SSH makes no token, whatever algorithm it would be fit for', () => {
    const x = Buffer.from(publicJwk('bob')['x'] ?? '', 'base64url')
    const blob = Buffer.concat([string('ssh-ed25519'), string(x)]).toString('base64')
    const people = { ...(aPolicyDocument()['people'] as object), bob: { keys: [{ ssh: `ssh-ed25519 ${blob}` }] } }

    expect(readCompactJws(TOKEN, TYP, aPolicy({ people }))).toEqual({ flaw: 'algorithm' })
  })
})
