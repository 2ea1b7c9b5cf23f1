import { describe, expect, it } from 'vitest'
import { createEvidenceVerifier } from '#adapters/evidence/verifier.ts'
import { signJws } from '#adapters/evidence/sign-jws.ts'
import { toCanonicalJson } from '#core/canonical-json.ts'
import { keySchema } from '#core/key-form.ts'
import type { Verified } from '#ports/evidence.ts'
import {
  ED25519,
  encode,
  forge,
  forgeWithPublicKey,
  headerFor,
  kidOf,
  P256,
  POLICY,
  STATEMENT,
  STRANGER,
  toPublic,
} from './tokens.ts'

const verify = (token: string): Promise<Verified> => createEvidenceVerifier().verify({ kind: 'jws', token }, POLICY)

describe('a sound token', () => {
  it.each([
    ['Ed25519', ED25519, 'bob'],
    ['P-256', P256, 'carol'],
  ] as const)('of an %s key says who signed which statement', async (_, key, principal) => {
    const verified = await verify(await signJws(STATEMENT, key))

    expect(verified).toMatchObject({
      signed: { statement: STATEMENT, principal, tool: 'own-tool', key: { kid: kidOf(key), jwk: toPublic(key) } },
    })
  })

  it('may call the algorithm Ed25519 too, and name its header entries in any order', async () => {
    const header = { typ: 'startgate-approval+jwt', kid: kidOf(ED25519), alg: 'Ed25519' }

    expect(await verify(forge(ED25519, { header }))).toMatchObject({ signed: { principal: 'bob' } })
  })

  it('keeps a reason', async () => {
    const statement = { ...STATEMENT, decision: 'deny', reason: 'not in the freeze' } as const

    expect(await verify(await signJws(statement, ED25519))).toMatchObject({ signed: { statement } })
  })

  it('is named by the thumbprint of RFC 8037, A.3', () => {
    const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'
    const { kid } = keySchema.parse({ kty: 'OKP', crv: 'Ed25519', x })

    expect(kid).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
  })
})

describe('the header', () => {
  const honest = headerFor(ED25519)

  it('cannot do without a signature', async () => {
    const input = `${encode({ ...honest, alg: 'none' })}.${encode(toCanonicalJson(STATEMENT))}`

    expect(await verify(`${input}.`)).toEqual({ flaw: 'malformed' })
    expect(await verify(`${input}.AA`)).toEqual({ flaw: 'algorithm' })
    expect(await verify(input)).toEqual({ flaw: 'malformed' })
  })

  it.each([
    ['Ed25519', ED25519],
    ['P-256', P256],
  ])('cannot make a shared secret of the public %s key', async (_, key) => {
    expect(await verify(forgeWithPublicKey(key))).toEqual({ flaw: 'algorithm' })
  })

  it('cannot choose another algorithm than the key has', async () => {
    expect(await verify(forge(ED25519, { header: { ...honest, alg: 'ES256' } }))).toEqual({ flaw: 'algorithm' })
    expect(await verify(forge(P256, { header: { ...headerFor(P256), alg: 'EdDSA' } }))).toEqual({ flaw: 'algorithm' })
    expect(await verify(forge(P256, { header: { ...headerFor(P256), alg: 'ES384' } }))).toEqual({ flaw: 'algorithm' })
  })

  it.each([
    '../../keys/bob',
    "' OR '1'='1",
    'https://attacker.example/jwks.json',
    '',
    `${kidOf(ED25519)}\n`,
    '__proto__',
    42,
    [kidOf(ED25519)],
  ])('is refused with kid %j before anything looks it up', async (kid) => {
    expect(await verify(forge(ED25519, { header: { ...honest, kid } }))).toEqual({ flaw: 'header' })
  })

  it.each([
    ['jku', 'https://attacker.example/jwks.json'],
    ['x5u', 'https://attacker.example/cert.pem'],
    ['jwk', toPublic(STRANGER)],
    ['crit', ['exp']],
    ['b64', false],
    ['cty', 'JWT'],
  ])('takes no %s', async (name, value) => {
    expect(await verify(forge(ED25519, { header: { ...honest, [name]: value } }))).toEqual({ flaw: 'header' })
  })

  it('takes no __proto__ entry', async () => {
    const header = `${JSON.stringify(honest).slice(0, -1)},"__proto__":{"alg":"none"}}`

    expect(await verify(forge(ED25519, { header }))).toEqual({ flaw: 'header' })
  })

  it.each(['JWT', 'startgate-approval', 'STARTGATE-APPROVAL+JWT', undefined])(
    'takes no token of type %s',
    async (typ) => {
      expect(await verify(forge(ED25519, { header: { ...honest, typ } }))).toEqual({ flaw: 'header' })
    },
  )

  it.each([
    ['a repeated name', `{"alg":"none",${JSON.stringify(honest).slice(1)}`],
    ['blanks', JSON.stringify(honest, null, 1)],
    ['an array', '[]'],
    ['null', 'null'],
    ['no JSON', 'alg=EdDSA'],
  ])('is refused with %s', async (_, header) => {
    expect(await verify(forge(ED25519, { header }))).toEqual({ flaw: 'header' })
  })
})

describe('the signature', () => {
  it('of a key that the policy does not have is worth nothing', async () => {
    expect(await verify(forge(STRANGER))).toEqual({ flaw: 'unknown_key' })
  })

  it('of another key is not accepted for the one that is named', async () => {
    expect(await verify(forge(STRANGER, { header: headerFor(ED25519) }))).toEqual({ flaw: 'signature' })
  })

  it('covers header and payload', async () => {
    const [header, payload, signature] = (await signJws(STATEMENT, ED25519)).split('.')
    const renamed = encode({ ...headerFor(ED25519), alg: 'Ed25519' })
    const denied = encode(toCanonicalJson({ ...STATEMENT, decision: 'deny' }))

    expect(await verify(`${renamed}.${payload}.${signature}`)).toEqual({ flaw: 'signature' })
    expect(await verify(`${header}.${denied}.${signature}`)).toEqual({ flaw: 'signature' })
  })

  it('with s turned into n − s verifies, and is a signature under the same statement', async () => {
    const [header, payload, signature = ''] = (await signJws(STATEMENT, P256)).split('.')
    const turned = turn(Buffer.from(signature, 'base64url')).toString('base64url')
    const verified = await verify(`${header}.${payload}.${turned}`)

    expect(turned).not.toBe(signature)
    expect(verified).toEqual(await verify(`${header}.${payload}.${signature}`))
    expect(verified).toMatchObject({ signed: { statement: STATEMENT, principal: 'carol' } })
  })

  it.each([0, 1, 63, 65])('of %i bytes is refused', async (length) => {
    const [header, payload] = (await signJws(STATEMENT, P256)).split('.')
    const verified = await verify(`${header}.${payload}.${Buffer.alloc(length).toString('base64url')}`)

    expect(verified).toEqual({ flaw: length === 0 ? 'malformed' : 'signature' })
  })
})

describe('the spelling', () => {
  it('of the last character passes in one of its 16 variants', async () => {
    const token = await signJws(STATEMENT, ED25519)
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const first = alphabet.indexOf(token.at(-1) ?? '') & 0b110000
    const variants = alphabet
      .slice(first, first + 16)
      .split('')
      .map((last) => token.slice(0, -1) + last)
    const verified = await Promise.all(variants.map(verify))

    expect(variants).toContain(token)
    expect(verified.filter((each) => 'signed' in each)).toHaveLength(1)
    expect(verified.filter((each) => 'flaw' in each && each.flaw === 'not_canonical')).toHaveLength(15)
  })

  it.each([
    ['padding', (token: string) => `${token}==`],
    ['a blank at the end', (token: string) => `${token} `],
    ['a blank at the start', (token: string) => ` ${token}`],
    ['a line feed', (token: string) => `${token}\n`],
    ['a line feed inside', (token: string) => token.replace('.', '\n.')],
    ['a fourth segment', (token: string) => `${token}.AA`],
    ['an empty segment', (token: string) => token.replace('.', '..')],
    ['nothing at all', () => ''],
    ['the alphabet of plain base64', (token: string) => token.replace(/.$/, '+')],
    ['the JSON serialization', (token: string) => JSON.stringify({ payload: token.split('.')[1], signatures: [] })],
  ])('with %s is refused', async (_, respell) => {
    const token = await signJws(STATEMENT, ED25519)

    expect(await verify(respell(token))).toEqual({ flaw: 'malformed' })
  })
})

describe('the payload', () => {
  const text = toCanonicalJson(STATEMENT)

  it.each([
    ['a repeated name', text.replace('"decision"', '"decision":"deny","decision"')],
    ['an unknown field', toCanonicalJson({ ...STATEMENT, also: 'this' })],
    ['a missing field', toCanonicalJson({ ...STATEMENT, says: undefined })],
    ['names in another order', JSON.stringify(STATEMENT)],
    ['blanks', JSON.stringify(STATEMENT, null, 1)],
    ['another spelling of a number', text.replace('"v":1', '"v":1.0')],
    ['another spelling of a text', text.replace('start i-', '\\u0073tart i-')],
    ['a byte order mark', `\uFEFF${text}`],
    ['a number that is not safe', text.replace(String(STATEMENT.iat), '9007199254740993')],
    ['a text with hidden direction marks', toCanonicalJson({ ...STATEMENT, reason: 'fine \u202Egnihton' })],
    ['another version', toCanonicalJson({ ...STATEMENT, v: 2 })],
    ['no JSON', 'yes'],
    ['the text that other kinds of key sign', `startgate-statement/v1\n${text}`],
  ])('with %s is no statement, however well it is signed', async (_, payload) => {
    expect(await verify(forge(ED25519, { payload }))).toEqual({ flaw: 'statement' })
  })

  it('that is not UTF-8 is no statement', async () => {
    const payload = Buffer.from(text.replace('start', 'sta\u00E9t'), 'latin1')

    expect(await verify(forge(ED25519, { payload }))).toEqual({ flaw: 'statement' })
  })
})

/** (r, s) → (r, n − s): the other signature that the same signing yields. */
function turn(signature: Buffer): Buffer {
  const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const s = BigInt(`0x${signature.subarray(32).toString('hex')}`)
  return Buffer.concat([signature.subarray(0, 32), Buffer.from((n - s).toString(16).padStart(64, '0'), 'hex')])
}
