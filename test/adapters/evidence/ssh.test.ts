import { describe, expect, it } from 'vitest'
import { createEvidenceVerifier } from '#adapters/evidence/verifier.ts'
import { toCanonicalJson } from '#core/canonical-json.ts'
import { DURATIONS } from '#core/durations.ts'
import { keySchema } from '#core/key-form.ts'
import { parsePolicy, type Policy } from '#core/policy.ts'
import type { SshKeyType } from '#core/ssh-key.ts'
import { toSignedText } from '#core/signed-text.ts'
import { toSshNamespace } from '#core/statement.ts'
import { findFlaw } from '#core/vote.ts'
import type { Verified } from '#ports/evidence.ts'
import { aPolicy, aPolicyDocument, aProposal, aStatement, NOW } from '#support/samples.ts'
import { armour, createSoftSshKey, string, unarmour, type Change } from '#support/soft-ssh.ts'
import * as real from './ssh-fixtures.ts'
import { STATEMENT } from './tokens.ts'

const TYPES: readonly SshKeyType[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
]
const SOFT = Object.fromEntries(TYPES.map((type) => [type, createSoftSshKey(type)]))
const STRANGER = createSoftSshKey('ssh-ed25519')
const TEXT = toCanonicalJson(STATEMENT)
const NAMESPACE = toSshNamespace(STATEMENT.audience)

function policyWith(...lines: readonly string[]): Policy {
  const parsed = parsePolicy({
    people: { alice: {}, bob: { keys: lines.map((ssh) => ({ ssh })) } },
    rules: [{ name: 'all', requesters: ['alice'], instances: {}, approvers: ['bob'], validFor: '2h' }],
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  return parsed.policy
}

const POLICY = policyWith(real.ED25519_LINE, real.P256_LINE, ...TYPES.map((type) => SOFT[type]?.line ?? ''))

const verify = (signature: string, statement = TEXT): Promise<Verified> =>
  createEvidenceVerifier().verify({ kind: 'ssh', statement, signature }, POLICY)

function sign(type: SshKeyType, change: Change = {}, namespace = NAMESPACE, message = toSignedText(STATEMENT)): string {
  return SOFT[type]?.sign(message, namespace, change) ?? ''
}

describe('what OpenSSH’s own tool has signed', () => {
  it.each([
    ['Ed25519', real.ED25519_SIGNATURE, 'ssh-ed25519'],
    ['Ed25519 with SHA-256', real.ED25519_SHA256_SIGNATURE, 'ssh-ed25519'],
    ['P-256', real.P256_SIGNATURE, 'ecdsa-sha2-nistp256'],
  ])('with %s says who signed which statement', async (_, signature, type) => {
    expect(await verify(signature)).toMatchObject({
      signed: { statement: STATEMENT, principal: 'bob', tool: 'own-tool', key: { ssh: { type } } },
    })
    expect(await verify(signature.replaceAll('\n', '\r\n'))).toHaveProperty('signed')
  })

  it('with RSA is worth nothing, as no policy takes such a key', async () => {
    expect(await verify(real.RSA_SIGNATURE)).toEqual({ flaw: 'unknown_key' })
    expect(() => policyWith(real.RSA_LINE)).toThrow('an RSA key cannot approve')
  })
})

describe.each(TYPES)('a signature of %s', (type) => {
  it('says who signed which statement', async () => {
    expect(await verify(sign(type))).toMatchObject({
      signed: { statement: STATEMENT, principal: 'bob', tool: 'own-tool', key: { ssh: { type } } },
    })
    expect(await verify(sign(type, { hash: 'sha256' }))).toHaveProperty('signed')
  })

  it('is worth nothing with any bit of it turned', async () => {
    const bytes = unarmour(sign(type))
    // The counter of a security key, and every other byte, is signed or compared.
    for (let at = 0; at < bytes.length; at += 1) {
      const turned = Buffer.from(bytes)
      turned.writeUInt8(turned.readUInt8(at) ^ (1 << (at % 8)), at)
      expect(await verify(armour(turned)), String(at)).toHaveProperty('flaw')
    }
  })

  it('is for one statement', async () => {
    const other = toCanonicalJson({ ...STATEMENT, decision: 'deny' })

    expect(await verify(sign(type), other)).toEqual({ flaw: 'signature' })
    expect(await verify(sign(type, {}, NAMESPACE, TEXT))).toEqual({ flaw: 'signature' })
  })

  it.each([
    ['git', 'git'],
    ['a file', 'file'],
    ['another deployment', toSshNamespace('1234567890123456/cn-hangzhou/startgate-staging')],
    ['this purpose anywhere', 'startgate-approval'],
    ['nothing', ''],
  ])('that was made for %s is no approval', async (_, namespace) => {
    expect(await verify(sign(type, {}, namespace))).toEqual({ flaw: 'another_audience' })
  })

  it('by another key is not accepted for this one', async () => {
    const line = SOFT[type]?.line.split(' ')[1] ?? ''
    const forged = createSoftSshKey(type).sign(toSignedText(STATEMENT), NAMESPACE, {
      blob: Buffer.from(line, 'base64'),
    })

    expect(await verify(forged)).toEqual({ flaw: 'signature' })
  })
})

describe('a signature', () => {
  it('of a key that the policy does not have is worth nothing', async () => {
    expect(await verify(STRANGER.sign(toSignedText(STATEMENT), NAMESPACE))).toEqual({ flaw: 'unknown_key' })
  })

  it('with SHA-1, or another name for its hash, is refused', async () => {
    for (const hash of ['sha1', 'sha384', 'SHA512', ''])
      expect(await verify(sign('ssh-ed25519', { hash }))).toEqual({ flaw: 'algorithm' })
  })

  it('of an Ed25519 key is not 64 bytes of zeros', async () => {
    expect(await verify(sign('ssh-ed25519', { raw: () => Buffer.alloc(64) }))).toEqual({ flaw: 'signature' })
  })

  it('of a point that is not on the curve is false, and no fault', async () => {
    const blob = Buffer.concat([
      string('ecdsa-sha2-nistp256'),
      string('nistp256'),
      string(Buffer.concat([Buffer.of(4), Buffer.alloc(64, 1)])),
    ])
    // As no policy has it: the parser refuses such points.
    const keys = [keySchema.parse({ ssh: `ecdsa-sha2-nistp256 ${blob.toString('base64')}` })]
    const policy = { ...POLICY, people: { ...POLICY.people, bob: { keys, tell: [], chat: [] } } }
    const signature = sign('ecdsa-sha2-nistp256', { blob })
    const verified = await createEvidenceVerifier().verify({ kind: 'ssh', statement: TEXT, signature }, policy)

    expect(verified).toEqual({ flaw: 'signature' })
  })
})

describe.each(TYPES.filter((type) => type.startsWith('sk-')))('a security key %s', (type) => {
  it.each([0, 4])('that nobody touched (flags %i) approves nothing', async (flags) => {
    expect(await verify(sign(type, { flags }))).toEqual({ flaw: 'not_touched' })
  })

  it('cannot be said to have been touched afterwards', async () => {
    expect(await verify(sign(type, { flags: 0, writtenFlags: 1 }))).toEqual({ flaw: 'signature' })
  })

  it('may ask for a PIN or a finger too', async () => {
    expect(await verify(sign(type, { flags: 5 }))).toHaveProperty('signed')
  })

  it('does not sign for a web page', async () => {
    const page = createSoftSshKey(type, 'https://gate.example.com')

    expect(() => policyWith(page.line)).toThrow('for the application ssh:')
    expect(await verify(page.sign(toSignedText(STATEMENT), NAMESPACE))).toEqual({ flaw: 'unknown_key' })
    expect(await verify(sign(type, { application: 'https://gate.example.com' }))).toEqual({ flaw: 'signature' })
  })
})

describe('the statement beside it', () => {
  it.each([
    ['blanks', JSON.stringify(STATEMENT, null, 1)],
    ['a repeated name', TEXT.replace('{', '{"decision":"deny",')],
    ['an unknown field', toCanonicalJson({ ...STATEMENT, also: 'this' })],
    ['a line feed at its end', `${TEXT}\n`],
    ['no JSON', 'yes'],
    ['half of a character as an escape', TEXT.replace('"start ', String.raw`"\ud800start `)],
  ])('with %s is no statement, however well it is signed', async (_, text) => {
    const signature = sign('ssh-ed25519', {}, NAMESPACE, `startgate-statement/v1\n${text}`)

    expect(await verify(signature, text)).toEqual({ flaw: 'statement' })
  })
})

describe('a key that the policy has for a while', () => {
  it('is judged like every other: valid when it signed, and now', async () => {
    const proposal = aProposal()
    const statement = aStatement(proposal, 'bob')
    const signature = SOFT['ssh-ed25519']?.sign(toSignedText(statement), toSshNamespace(statement.audience)) ?? ''
    const evidence = { kind: 'ssh', statement: toCanonicalJson(statement), signature } as const
    const line = SOFT['ssh-ed25519']?.line ?? ''
    const flawUntil = async (until: number) => {
      const key = { ssh: line, until: new Date(until).toISOString() }
      const people = { ...(aPolicyDocument()['people'] as object), bob: { keys: [key] } }
      const verified = await createEvidenceVerifier().verify(evidence, aPolicy({ people }))
      if ('flaw' in verified) throw new Error(verified.flaw)
      const { audience } = proposal
      const now = NOW + 120_000
      return findFlaw(verified.signed, { proposal, decision: 'approve', audience, now, durations: DURATIONS })
    }

    expect(await flawUntil(NOW + 180_000)).toBeUndefined()
    expect(await flawUntil(NOW + 90_000)).toBe('key_not_valid_then')
    expect(await flawUntil(NOW)).toBe('key_not_valid_then')
  })
})
