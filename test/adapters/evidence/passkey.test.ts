import { createHash, sign, generateKeyPairSync, constants } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createEvidenceVerifier } from '#adapters/evidence/verifier.ts'
import { toCanonicalJson } from '#core/canonical-json.ts'
import { DURATIONS } from '#core/durations.ts'
import { keySchema } from '#core/key-form.ts'
import { toSignedText } from '#core/signed-text.ts'
import type { Statement } from '#core/statement.ts'
import { findFlaw } from '#core/vote.ts'
import {
  createSoftPasskey,
  type ForgedAssertion,
  type PasskeyAlgorithm,
  type PasskeyEvidence,
} from '#infra/local/soft-passkey.ts'
import type { Policy } from '#core/policy.ts'
import type { Verified } from '#ports/evidence.ts'
import { aPolicy, aPolicyDocument, aProposal, aStatement, NOW } from '#support/samples.ts'

const ORIGIN = 'https://gate.example.com'
const PROPOSAL = aProposal()
const STATEMENT = aStatement(PROPOSAL, 'bob')
const ALGORITHMS = ['ES256', 'Ed25519', 'RS256'] as const satisfies readonly PasskeyAlgorithm[]
const BOBS = {
  ES256: createSoftPasskey({ origin: ORIGIN, algorithm: 'ES256' }),
  Ed25519: createSoftPasskey({ origin: ORIGIN, algorithm: 'Ed25519' }),
  RS256: createSoftPasskey({ origin: ORIGIN, algorithm: 'RS256' }),
}
const CAROLS = createSoftPasskey({ origin: ORIGIN })
const STRANGER = createSoftPasskey({ origin: ORIGIN })

function policyWith(bobs: readonly object[]): Policy {
  const people = {
    ...(aPolicyDocument()['people'] as object),
    bob: { keys: bobs },
    carol: { keys: [CAROLS.policyKey] },
  }
  return aPolicy({ people, page: { origin: ORIGIN } })
}

const POLICY = policyWith(ALGORITHMS.map((algorithm) => BOBS[algorithm].policyKey))

const verify = async (evidence: PasskeyEvidence, policy = POLICY): Promise<Verified> =>
  createEvidenceVerifier().verify(evidence, policy)

const verifyForged = async (forged: ForgedAssertion, algorithm: PasskeyAlgorithm = 'ES256'): Promise<Verified> =>
  verify(BOBS[algorithm].assert(STATEMENT, forged))

describe.each(ALGORITHMS)('an assertion by %s', (algorithm) => {
  const passkey = BOBS[algorithm]

  it('says who signed which statement, and that it was made on the page', async () => {
    expect(await verify(passkey.assert(STATEMENT))).toEqual({
      signed: {
        statement: STATEMENT,
        principal: 'bob',
        tool: 'page',
        key: expect.objectContaining({ passkey: passkey.id }),
      },
    })
  })

  it('is worth nothing with any bit of it turned', async () => {
    const evidence = passkey.assert(STATEMENT)
    for (const name of ['authenticatorData', 'clientData', 'signature', 'credential'] as const) {
      const bytes = Buffer.from(evidence[name], 'base64url')
      for (let at = 0; at < bytes.length; at += 1) {
        const turned = Buffer.from(bytes)
        turned.writeUInt8(turned.readUInt8(at) ^ (1 << (at % 8)), at)
        const verified = await verify({ ...evidence, [name]: turned.toString('base64url') })
        expect(verified, `${name}, byte ${at}`).toHaveProperty('flaw')
      }
    }
  })

  it.each([
    ['another decision', { ...STATEMENT, decision: 'deny' }],
    ['another reason', { ...STATEMENT, reason: 'Something else' }],
    ['another request', aStatement(aProposal({ request: { id: 'req_ffffffffffffffffffffffffffffffff' } }), 'bob')],
    ['another time', { ...STATEMENT, iat: STATEMENT.iat + 1 }],
    ['another approver', { ...STATEMENT, approver: 'carol' }],
  ] as const)('is not for %s', async (_what, statement) => {
    expect(await verify({ ...passkey.assert(STATEMENT), statement: toCanonicalJson(statement) })).toEqual({
      flaw: 'signature',
    })
  })

  it('by another key is not accepted for this one', async () => {
    const forged = createSoftPasskey({ origin: ORIGIN, algorithm }).assert(STATEMENT, { credential: passkey.id })

    expect(await verify(forged)).toEqual({ flaw: 'signature' })
  })

  it('counts however low its counter is', async () => {
    for (const counter of [0, 1, 255, 0]) expect(await verifyForged({ counter }, algorithm)).toHaveProperty('signed')
  })

  it('of another algorithm is not accepted for this key', async () => {
    for (const other of ALGORITHMS.filter((each) => each !== algorithm)) {
      const verified = await verify(BOBS[other].assert(STATEMENT, { credential: passkey.id }))
      expect(['malformed', 'signature']).toContain('flaw' in verified ? verified.flaw : 'none')
    }
  })
})

describe('an algorithm', () => {
  const passkeyOf = (pair: { readonly publicKey: { export: (options: { format: 'jwk' }) => object } }) => ({
    ...pair.publicKey.export({ format: 'jwk' }),
    passkey: BOBS.ES256.id,
  })
  const resigned = (make: (signed: Buffer) => Buffer): PasskeyEvidence => {
    const sound = BOBS.ES256.assert(STATEMENT)
    const hash = createHash('sha256').update(Buffer.from(sound.clientData, 'base64url')).digest()
    const signed = Buffer.concat([Buffer.from(sound.authenticatorData, 'base64url'), hash])
    return { ...sound, signature: make(signed).toString('base64url') }
  }

  it('is the one that the key is for: P-256 with SHA-256, in DER', async () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const policy = policyWith([passkeyOf(pair)])
    const by = (hash: string, dsaEncoding: 'der' | 'ieee-p1363') =>
      resigned((signed) => sign(hash, signed, { key: pair.privateKey, dsaEncoding }))

    expect(await verify(by('sha256', 'der'), policy)).toHaveProperty('signed')
    expect(await verify(by('sha256', 'ieee-p1363'), policy)).toEqual({ flaw: 'malformed' })
    expect(await verify(by('sha384', 'der'), policy)).toEqual({ flaw: 'signature' })
    expect(await verify(by('sha1', 'der'), policy)).toEqual({ flaw: 'signature' })
  })

  it('is the one that the key is for: RSA with SHA-256 and PKCS #1', async () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const policy = policyWith([passkeyOf(pair)])
    const by = (hash: string, padding: number) =>
      resigned((signed) => sign(hash, signed, { key: pair.privateKey, padding }))

    expect(await verify(by('sha256', constants.RSA_PKCS1_PADDING), policy)).toHaveProperty('signed')
    expect(await verify(by('sha256', constants.RSA_PKCS1_PSS_PADDING), policy)).toEqual({ flaw: 'signature' })
    expect(await verify(by('sha1', constants.RSA_PKCS1_PADDING), policy)).toEqual({ flaw: 'signature' })
    expect(await verify(by('sha512', constants.RSA_PKCS1_PADDING), policy)).toEqual({ flaw: 'signature' })
  })

  it('of a point that is not on the curve is none, and no fault', async () => {
    const one = Buffer.alloc(32, 1).toString('base64url')
    // As no policy has it: the parser refuses such points.
    const planted = (key: object): Policy => {
      const bob = { keys: [keySchema.parse({ ...key, passkey: BOBS.ES256.id })], tell: [], chat: [] }
      return { ...POLICY, people: { ...POLICY.people, bob } }
    }
    for (const jwk of [
      { kty: 'EC', crv: 'P-256', x: one, y: one },
      { kty: 'OKP', crv: 'Ed25519', x: Buffer.alloc(32, 0xff).toString('base64url') },
      { kty: 'RSA', n: Buffer.alloc(256, 0x80).toString('base64url'), e: 'AQAB' },
    ])
      expect(await verify(BOBS.ES256.assert(STATEMENT), planted(jwk))).toEqual({ flaw: 'signature' })
  })

  it('of an Ed25519 key does not take 64 bytes of zeros', async () => {
    const evidence = BOBS.Ed25519.assert(STATEMENT)

    expect(await verify({ ...evidence, signature: Buffer.alloc(64).toString('base64url') })).toEqual({
      flaw: 'signature',
    })
  })
})

describe('an assertion that was made, and well signed,', () => {
  it.each<[string, ForgedAssertion, string]>([
    ['on another page', { origin: 'https://gate.attacker.example' }, 'another_origin'],
    ['on a page of the same host and another port', { origin: `${ORIGIN}:8443` }, 'another_origin'],
    ['for another host', { rpId: 'attacker.example' }, 'another_origin'],
    ['for the domain above', { rpId: 'example.com' }, 'another_origin'],
    ['in a frame of another page', { crossOrigin: true }, 'another_origin'],
    ['in a frame that names the page', { crossOrigin: true, topOrigin: ORIGIN }, 'another_origin'],
    ['when a passkey was made', { type: 'webauthn.create' }, 'header'],
    ['over a challenge of somebody’s choice', { challenge: 'AAAA' }, 'signature'],
    ['without asking who it was', { flags: 1 }, 'not_verified'],
    ['with nobody there', { flags: 4 }, 'not_touched'],
    ['with bytes after it', { more: Buffer.of(0) }, 'malformed'],
    ['with bytes after its extensions', { flags: 0x85, more: Buffer.of(0xa0, 0) }, 'signature'],
    ['with extensions that are no CBOR', { flags: 0x85, more: Buffer.of(0xff) }, 'signature'],
    ['with extensions that are nested without end', { flags: 0x85, more: Buffer.alloc(1400, 0x81) }, 'signature'],
    ['with a credential in it', { flags: 0x45, more: Buffer.alloc(100) }, 'malformed'],
    ['by a passkey that is in the cloud and cannot be', { flags: 0b10101 }, 'signature'],
  ])('%s is refused', async (_what, forged, flaw) => {
    for (const algorithm of ALGORITHMS) expect(await verifyForged(forged, algorithm)).toEqual({ flaw })
  })

  it('by a browser that adds to it, and an authenticator with extensions, counts', async () => {
    const client = { type: 'webauthn.get', origin: ORIGIN, crossOrigin: false, extraData: 'more' }
    const challenge = createHash('sha256').update(toSignedText(STATEMENT)).digest('base64url')
    const clientData = JSON.stringify({ challenge, ...client })

    expect(await verifyForged({ clientData })).toHaveProperty('signed')
    // {"credProtect": 2}
    const more = Buffer.concat([Buffer.of(0xa1, 0x6b), Buffer.from('credProtect'), Buffer.of(2)])
    expect(await verifyForged({ flags: 0x85, more })).toHaveProperty('signed')
  })
})

describe('the passkey', () => {
  it('of nobody in the policy is worth nothing', async () => {
    expect(await verify(STRANGER.assert(STATEMENT))).toEqual({ flaw: 'unknown_key' })
  })

  it('of another person is that person’s, and does not approve in this one’s name', async () => {
    const verified = await verify(CAROLS.assert(STATEMENT))

    expect(verified).toMatchObject({ signed: { statement: { approver: 'bob' }, principal: 'carol' } })
    expect(flawAt(NOW, verified)).toBe('not_the_approver_of_the_key')
  })

  it('cannot be named instead of the one that signed', async () => {
    expect(await verify(BOBS.ES256.assert(STATEMENT, { credential: CAROLS.id }))).toEqual({ flaw: 'signature' })
    expect(await verify(STRANGER.assert(STATEMENT, { credential: BOBS.ES256.id }))).toEqual({ flaw: 'signature' })
  })

  it('is written with its credential id: the same key as a JWK makes no assertion', async () => {
    const { passkey: _id, ...jwk } = BOBS.ES256.policyKey

    expect(await verify(BOBS.ES256.assert(STATEMENT), policyWith([jwk]))).toEqual({ flaw: 'unknown_key' })
  })

  it('counts at one page: where another is named, it is worth nothing', async () => {
    const policy = aPolicy({
      people: { ...(aPolicyDocument()['people'] as object), bob: { keys: [BOBS.ES256.policyKey] } },
      page: { origin: 'https://gate.example.org' },
    })

    expect(await verify(BOBS.ES256.assert(STATEMENT), policy)).toEqual({ flaw: 'another_origin' })
  })

  it('is judged like every other: valid when it signed, and now', async () => {
    const evidence = BOBS.ES256.assert(STATEMENT)
    const flawUntil = async (until: number): Promise<string | undefined> => {
      const key = { ...BOBS.ES256.policyKey, until: new Date(until).toISOString() }
      return flawAt(NOW + 120_000, await verify(evidence, policyWith([key])))
    }

    expect(await flawUntil(NOW + 180_000)).toBeUndefined()
    expect(await flawUntil(NOW + 90_000)).toBe('key_not_valid_then')
    expect(await flawUntil(NOW)).toBe('key_not_valid_then')
  })
})

describe('the spelling', () => {
  it.each(['credential', 'authenticatorData', 'clientData', 'signature'] as const)('of %s is one', async (name) => {
    const evidence = BOBS.RS256.assert(STATEMENT)
    const bytes = Buffer.from(evidence[name], 'base64url')
    const other = [`${evidence[name]}=`, `${evidence[name]}\n`, bytes.toString('base64'), '']

    for (const text of other.filter((each) => each !== evidence[name]))
      expect(await verify({ ...evidence, [name]: text }), text).toHaveProperty('flaw')
  })

  it('of the last character passes in one of its variants', async () => {
    const evidence = BOBS.RS256.assert(STATEMENT)
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    // 256 bytes end in a character with two bits too many.
    const variants = alphabet.split('').map((last) => evidence.signature.slice(0, -1) + last)
    const same = variants.filter((text) =>
      Buffer.from(text, 'base64url').equals(Buffer.from(evidence.signature, 'base64url')),
    )
    const verified = await Promise.all(same.map(async (signature) => verify({ ...evidence, signature })))

    expect(verified.filter((each) => 'signed' in each)).toHaveLength(1)
    expect(verified.filter((each) => 'flaw' in each && each.flaw === 'not_canonical')).toHaveLength(same.length - 1)
    expect(same.length).toBeGreaterThan(1)
  })
})

describe('the statement beside it', () => {
  const text = toCanonicalJson(STATEMENT)

  it.each([
    ['blanks', JSON.stringify(STATEMENT, null, 1)],
    ['a repeated name', text.replace('{', '{"decision":"deny",')],
    ['an unknown field', toCanonicalJson({ ...STATEMENT, also: 'this' })],
    ['a line feed at its end', `${text}\n`],
    ['nothing in it', ''],
    ['no JSON', 'yes'],
  ])('with %s is no statement, however well it is signed', async (_what, said) => {
    expect(await verify(BOBS.ES256.assert(said))).toEqual({ flaw: 'statement' })
  })

  it('keeps a reason', async () => {
    const statement: Statement = { ...STATEMENT, decision: 'deny', reason: 'not in the freeze' }

    expect(await verify(BOBS.ES256.assert(statement))).toMatchObject({ signed: { statement } })
  })
})

function flawAt(now: number, verified: Verified): string | undefined {
  if ('flaw' in verified) throw new Error(verified.flaw)
  const { audience } = PROPOSAL
  return findFlaw(verified.signed, { proposal: PROPOSAL, decision: 'approve', audience, now, durations: DURATIONS })
}
