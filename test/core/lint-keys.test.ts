import { generateKeyPairSync, verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { parsePolicy } from '#core/policy.ts'
import type { PolicyFault } from '#core/policy-lint.ts'
import { publicJwk } from '#support/keys.ts'
import { aPolicyDocument } from '#support/samples.ts'
import { string } from '#support/soft-ssh.ts'

const IDENTITY = Buffer.concat([Buffer.of(1), Buffer.alloc(31)])
const NO_POINT_P256 = 'this is no point of P-256, so nobody can sign for it'
const NO_POINT_ED25519 = 'this is no point of Ed25519, so nobody can sign for it'
const ANYBODY = 'this is a point that anybody can sign for'

function lint(change: Readonly<Record<string, unknown>>): readonly PolicyFault[] {
  const parsed = parsePolicy(aPolicyDocument(change))
  return parsed.ok ? [] : parsed.faults
}

/** With this as bob's second key. */
function lintKey(key: object): readonly PolicyFault[] {
  const people = aPolicyDocument()['people'] as object
  return lint({
    people: { ...people, bob: { keys: [publicJwk('bob'), key] } },
    page: { origin: 'https://gate.example.com' },
  })
}

const ed25519 = (bytes: Buffer): { readonly kty: string; readonly crv: string; readonly x: string } => ({
  kty: 'OKP',
  crv: 'Ed25519',
  x: bytes.toString('base64url'),
})
const p256 = (byte: number): object => ({
  kty: 'EC',
  crv: 'P-256',
  x: Buffer.alloc(32, byte).toString('base64url'),
  y: Buffer.alloc(32, byte).toString('base64url'),
})
const sshLine = (type: string, ...parts: readonly (string | Buffer)[]): object => ({
  ssh: `${type} ${Buffer.concat([type, ...parts].map(string)).toString('base64')}`,
})
const passkey = Buffer.alloc(16, 1).toString('base64url')
const POINT = Buffer.concat([Buffer.of(4), Buffer.alloc(64, 9)])

describe('a key that is no point', () => {
  test.each([
    ['P-256', p256(9), NO_POINT_P256],
    ['P-256, both zero', p256(0), NO_POINT_P256],
    ['P-256, as a passkey', { ...p256(9), passkey }, NO_POINT_P256],
    ['P-256, for SSH', sshLine('ecdsa-sha2-nistp256', 'nistp256', POINT), NO_POINT_P256],
    [
      'P-256, as a security key',
      sshLine('sk-ecdsa-sha2-nistp256@openssh.com', 'nistp256', POINT, 'ssh:'),
      NO_POINT_P256,
    ],
    ['Ed25519', ed25519(Buffer.alloc(32, 0xff)), NO_POINT_ED25519],
    ['Ed25519, for SSH', sshLine('ssh-ed25519', Buffer.alloc(32, 0xff)), NO_POINT_ED25519],
  ])('of %s is refused, where it stands', (_what, key, cause) => {
    expect(lintKey(key)).toEqual([{ path: ['people', 'bob', 'keys', '1'], cause, cure: 'copy the line again' }])
  })
})

describe('a key that anybody can sign for', () => {
  test.each([
    ['a JWK', ed25519(IDENTITY)],
    ['a passkey', { ...ed25519(IDENTITY), passkey }],
    ['a line of OpenSSH', sshLine('ssh-ed25519', IDENTITY)],
    ['a security key', sshLine('sk-ssh-ed25519@openssh.com', IDENTITY, 'ssh:')],
  ])('is refused as %s', (_what, key) => {
    expect(lintKey(key)).toEqual([{ path: ['people', 'bob', 'keys', '1'], cause: ANYBODY, cure: 'make a new key' }])
  })

  test('is refused of a machine, for its calls and for its webhooks', () => {
    const webhook = { v1a: [`whpk_${IDENTITY.toString('base64')}`] }
    const zero = ed25519(Buffer.alloc(32))
    expect(lint({ machines: { 'deploy-bot': { keys: [publicJwk('deploy-bot'), zero], webhook } } })).toEqual([
      { path: ['machines', 'deploy-bot', 'keys', '1'], cause: ANYBODY, cure: 'make a new key' },
      { path: ['machines', 'deploy-bot', 'webhook', 'v1a', '0'], cause: ANYBODY, cure: 'make a new key' },
    ])
  })

  test('would be believed: one signature without any secret is taken for every text', () => {
    const key = { key: ed25519(IDENTITY), format: 'jwk' } as const
    const signature = Buffer.concat([IDENTITY, Buffer.alloc(32)])
    expect(['one', 'another'].map((text) => verify(null, Buffer.from(text), key, signature))).toEqual([true, true])
  })
})

test('keys as they are made are sound, of whatever kind', () => {
  const made = [
    generateKeyPairSync('ed25519').publicKey,
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey,
  ].map((key) => key.export({ format: 'jwk' }))
  expect(made.flatMap(lintKey)).toEqual([])
})

describe('the interval of a key', () => {
  test.each([
    ['ends as it begins', '2026-06-01T00:00:00Z'],
    ['ends before it begins', '2025-01-01T00:00:00Z'],
  ])('is refused where it %s', (_what, until) => {
    expect(lintKey({ ...publicJwk('dave'), from: '2026-06-01T00:00:00Z', until })).toEqual([
      {
        path: ['people', 'bob', 'keys', '1'],
        cause: 'this key ends before it begins',
        cure: 'correct its from and until',
      },
    ])
  })

  test('may be a second', () => {
    const [from, until] = ['2026-06-01T00:00:00Z', '2026-06-01T00:00:01Z']
    expect(lintKey({ ...publicJwk('dave'), from, until })).toEqual([])
  })
})
