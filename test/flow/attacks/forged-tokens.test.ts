// Tokens that are not what they seem, posted by anybody on the internet, and planted in the record past the gate.
import { describe, test } from 'vitest'
import { toCanonicalJson } from '#core/canonical-json.ts'
import { toSignedText, withDomain } from '#core/signed-text.ts'
import { toSshNamespace, type Evidence } from '#core/statement.ts'
import { createAttacked, expectOneStart, expectWorthless } from '#support/attacked.ts'
import { FLAWED_TEXTS, FLAWED_TOKENS, sound } from '#support/flawed-tokens.ts'
import { makeToken } from '#support/odd-tokens.ts'
import { BOBS_PASSKEY, BOBS_SSH_KEY, KINDS, ORIGIN, signTextWith, signWith } from '#support/signers.ts'
import { createSoftSshKey, string } from '#support/soft-ssh.ts'
import { AUDIENCE } from '#support/team.ts'

async function begin() {
  const attacked = createAttacked()
  const other = await attacked.asked({ reason: 'Another report is due' }, { key: 'key-2' })
  const target = await attacked.asked()
  return { attacked, target, other, at: attacked.clock.now() }
}

describe.each(KINDS)('no attack: an honest approval by %s', (kind) => {
  test('starts the instance, posted or planted', async () => {
    const posted = await begin()
    await expectOneStart(posted.attacked, posted.target, signWith(kind, 'bob', { ...posted, proposal: posted.target }))
    const planted = await begin()
    await planted.attacked.plant(planted.target, signWith(kind, 'bob', { ...planted, proposal: planted.target }))
    await expectOneStart(planted.attacked, planted.target)
  })
})

describe.each(Object.entries(FLAWED_TOKENS))('attack: %s', (_attack, flawed) => {
  test.each(flawed)('a token %s', async (_what, make, flaw) => {
    const { attacked, target, ...rest } = await begin()
    await expectWorthless(attacked, target, { kind: 'jws', token: make({ target, ...rest }) }, flaw)
  })
})

describe('attack: an SSH signature that brings its key, or chooses its algorithm', () => {
  const blob = Buffer.from(BOBS_SSH_KEY.line.split(' ')[1] ?? '', 'base64')
  const stranger = createSoftSshKey('ssh-ed25519')
  const p256 = createSoftSshKey('ecdsa-sha2-nistp256')
  test.each([
    ['a key of its own', {}, stranger, 'unknown_key'],
    ['the key of bob, signed by another', { blob }, stranger, 'signature'],
    ['the key of bob, by the algorithm of another', { blob }, p256, 'algorithm'],
    [
      'the key of bob and something after it',
      { blob: Buffer.concat([blob, string('x')]) },
      BOBS_SSH_KEY,
      'unknown_key',
    ],
    ['SHA-1', { hash: 'sha1' }, BOBS_SSH_KEY, 'algorithm'],
    ['no hash', { hash: '' }, BOBS_SSH_KEY, 'algorithm'],
    ['no signature', { raw: () => Buffer.alloc(0) }, BOBS_SSH_KEY, 'malformed'],
    ['a signature of zeros', { raw: () => Buffer.alloc(64) }, BOBS_SSH_KEY, 'signature'],
    ['something after it', { after: string('x') }, BOBS_SSH_KEY, 'malformed'],
  ] as const)('%s', async (_what, change, key, flaw) => {
    const { attacked, target, at } = await begin()
    const statement = sound(target, {}, at)
    const signature = key.sign(toSignedText(statement), toSshNamespace(AUDIENCE), change)
    await expectWorthless(attacked, target, { kind: 'ssh', statement: toCanonicalJson(statement), signature }, flaw)
  })
})

describe('attack: a signature of bob that was made for something else', () => {
  test.each(['git', 'file', '', 'startgate-approval', toSshNamespace('1234567890123456/cn-hangzhou/staging-starter')])(
    'an SSH signature for "%s"',
    async (purpose) => {
      const { attacked, target, at } = await begin()
      const statement = sound(target, {}, at)
      const signature = BOBS_SSH_KEY.sign(toSignedText(statement), purpose)
      const evidence = { kind: 'ssh', statement: toCanonicalJson(statement), signature } as const
      await expectWorthless(attacked, target, evidence, 'another_audience')
    },
  )

  test('an SSH signature of the bare statement, as a file would be signed', async () => {
    const { attacked, target, at } = await begin()
    const statement = toCanonicalJson(sound(target, {}, at))
    const signature = BOBS_SSH_KEY.sign(statement, toSshNamespace(AUDIENCE))
    await expectWorthless(attacked, target, { kind: 'ssh', statement, signature }, 'signature')
  })

  test.each([
    ['to enrol a passkey', { type: 'webauthn.create' }, 'header'],
    ['for a payment', { type: 'payment.get' }, 'header'],
    ['on another page', { origin: 'https://evil.example.com' }, 'another_origin'],
    ['on a page whose name ends alike', { origin: 'https://evil-gate.example.com' }, 'another_origin'],
    ['on another port', { origin: `${ORIGIN}:8443` }, 'another_origin'],
    ['without encryption', { origin: ORIGIN.replace('https', 'http') }, 'another_origin'],
    ['for another site', { rpId: 'evil.example.com' }, 'another_origin'],
    ['for the whole domain', { rpId: 'example.com' }, 'another_origin'],
    ['in a frame of another page', { crossOrigin: true }, 'another_origin'],
    ['with nobody there', { flags: 0 }, 'not_touched'],
    ['by whoever was there', { flags: 1 }, 'not_verified'],
    ['over another challenge', { challenge: 'A'.repeat(43) }, 'signature'],
    ['under another key', { credential: 'A'.repeat(43) }, 'unknown_key'],
  ] as const)('a passkey used %s', async (_what, forged, flaw) => {
    const { attacked, target, at } = await begin()
    await expectWorthless(attacked, target, BOBS_PASSKEY.assert(sound(target, {}, at), forged), flaw)
  })
})

describe.each(KINDS)('attack: JSON that reads in two ways, signed by %s', (kind) => {
  test.each(FLAWED_TEXTS)('a statement %s', async (_what, change) => {
    const { attacked, target, at } = await begin()
    const text = change(toCanonicalJson(sound(target, {}, at)))
    await expectWorthless(attacked, target, signTextWith(kind, 'bob', text), 'statement')
  })
})

describe('attack: the signature of one kind as another', () => {
  test('the text of one, under the signature of another', async () => {
    const { attacked, target, at } = await begin()
    const statement = toCanonicalJson(sound(target, {}, at))
    const deny = toCanonicalJson(sound(target, { decision: 'deny', reason: 'no' }, at))
    for (const kind of ['ssh', 'ssh-p256', 'ssh-touched', 'passkey'] as const) {
      const evidence = { ...signTextWith(kind, 'bob', deny), statement }
      await expectWorthless(attacked, target, evidence as Evidence, 'signature')
    }
  })

  test('a JWS key over the text that other kinds sign', async () => {
    const { attacked, target, at } = await begin()
    const token = makeToken('bob', withDomain(toCanonicalJson(sound(target, {}, at))))
    await expectWorthless(attacked, target, { kind: 'jws', token }, 'statement')
  })
})
