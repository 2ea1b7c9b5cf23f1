import { describe, expect, test } from 'vitest'
import { readSshSignature } from '#core/ssh-signature.ts'
import type { SshKeyType } from '#core/ssh-key.ts'
import { readNumber } from '#core/ssh-wire.ts'
import { aPolicy, aPolicyDocument } from '#support/samples.ts'
import { armour, createSoftSshKey, string, unarmour, type Change } from '#support/soft-ssh.ts'

const KEYS = {
  'ssh-ed25519': createSoftSshKey('ssh-ed25519'),
  'ecdsa-sha2-nistp256': createSoftSshKey('ecdsa-sha2-nistp256'),
  'sk-ssh-ed25519@openssh.com': createSoftSshKey('sk-ssh-ed25519@openssh.com'),
  'sk-ecdsa-sha2-nistp256@openssh.com': createSoftSshKey('sk-ecdsa-sha2-nistp256@openssh.com'),
} satisfies Record<SshKeyType, unknown>
const TYPES = Object.keys(KEYS) as SshKeyType[]
const people = aPolicyDocument()['people'] as Record<string, object>
const POLICY = aPolicy({
  people: { ...people, bob: { keys: Object.values(KEYS).map(({ line }) => ({ ssh: line })) } },
})

function sign(type: SshKeyType = 'ssh-ed25519', change: Change = {}): string {
  return KEYS[type].sign('said', 'a purpose', change)
}

function flawOf(text: string): string | undefined {
  const read = readSshSignature(text, POLICY)
  return 'flaw' in read ? read.flaw : undefined
}

describe.each(TYPES)('a signature of %s', (type) => {
  test('is read: whose, for what, and how', () => {
    const isSk = type.startsWith('sk-')

    expect(readSshSignature(sign(type), POLICY)).toEqual({
      principal: 'bob',
      key: expect.objectContaining({ ssh: { type, blob: KEYS[type].line.split(' ')[1] } }),
      namespace: 'a purpose',
      hash: 'sha512',
      signature: expect.objectContaining({ length: 64 }),
      ...(isSk ? { touch: Buffer.of(1, 0, 0, 0, 7) } : {}),
    })
  })

  test('is refused cut off at any byte', () => {
    const bytes = unarmour(sign(type))

    expect(flawOf(armour(bytes))).toBeUndefined()
    for (let length = 0; length < bytes.length; length += 1)
      expect(flawOf(armour(bytes.subarray(0, length))), String(length)).toBeDefined()
  })

  test('is refused with bytes after it, at each level', () => {
    for (const more of [Buffer.of(0), Buffer.alloc(5), string('')]) {
      expect(flawOf(sign(type, { after: more }))).toBe('malformed')
      expect(flawOf(sign(type, { afterSignature: more }))).toBeDefined()
      expect(flawOf(sign(type, { raw: (raw) => Buffer.concat([raw, more]) }))).toBe('malformed')
    }
  })

  test('does not choose another type than the key has', () => {
    for (const other of [...TYPES, 'rsa-sha2-512', ''].filter((each) => each !== type))
      expect(flawOf(sign(type, { signatureType: other }))).toBe('algorithm')
  })
})

describe('the parts', () => {
  test.each<[string, Change, string]>([
    ['another start', { start: Buffer.from('SSHSIX\0\0\0\x01') }, 'header'],
    ['another version', { start: Buffer.from('SSHSIG\0\0\0\x02') }, 'header'],
    ['something reserved', { reserved: 'x' }, 'header'],
    ['SHA-1', { hash: 'sha1' }, 'algorithm'],
    ['a hash of another spelling', { hash: 'SHA512' }, 'algorithm'],
    ['no hash', { hash: '' }, 'algorithm'],
    ['a key that the policy has not', { blob: Buffer.from('x') }, 'unknown_key'],
  ])('with %s are refused', (_what, change, flaw) => {
    expect(flawOf(sign('ssh-ed25519', change))).toBe(flaw)
  })

  test('may be hashed with SHA-256', () => {
    expect(readSshSignature(sign('ssh-ed25519', { hash: 'sha256' }), POLICY)).toMatchObject({ hash: 'sha256' })
  })

  test.each([0, 4, 0xfe])('of a security key with flags %i say that nobody touched it', (flags) => {
    expect(flawOf(sign('sk-ssh-ed25519@openssh.com', { flags }))).toBe('not_touched')
  })

  test('of a security key may say that somebody proved to be its owner', () => {
    expect(flawOf(sign('sk-ssh-ed25519@openssh.com', { flags: 5 }))).toBeUndefined()
  })

  test.each([
    ['one number', string(Buffer.of(1))],
    ['three numbers', Buffer.concat([1, 1, 1].map((n) => string(Buffer.of(n))))],
    ['an endless number', Buffer.concat([string(Buffer.alloc(33, 1)), string(Buffer.of(1))])],
    ['64 bytes as they are', Buffer.alloc(64, 1)],
  ])('of P-256 are not %s', (_what, raw) => {
    expect(flawOf(sign('ecdsa-sha2-nistp256', { raw: () => raw }))).toBe('malformed')
  })
})

describe('a number', () => {
  test.each([
    ['', undefined],
    ['00', undefined],
    ['80', undefined],
    ['0001', undefined],
    [`01${'00'.repeat(32)}`, undefined],
    ['01', `${'00'.repeat(31)}01`],
    ['0080', `${'00'.repeat(31)}80`],
    [`00${'ff'.repeat(32)}`, 'ff'.repeat(32)],
  ])('%s has one spelling', (hex, digits) => {
    expect(readNumber(Buffer.from(hex, 'hex'))?.toString('hex')).toBe(digits)
  })
})

describe('the armour', () => {
  const text = sign()
  // 32 bytes each, so that the whole ends in padding.
  const padded = (): Buffer => Buffer.concat([string(Buffer.alloc(32, 1)), string(Buffer.alloc(32, 1))])

  test.each([
    ['ends its lines as Windows does', text.replaceAll('\n', '\r\n')],
    ['has no end of its last line', text.trimEnd()],
    ['has its lines elsewhere', text.replace(/(?<=\n)(.{30})/, '$1\n')],
    ['has its padding on a line of its own', sign('ecdsa-sha2-nistp256', { raw: padded }).replace(/(=+)\n/, '\n$1\n')],
  ])('may be that which %s', (_what, other) => {
    expect(flawOf(other)).toBeUndefined()
  })

  test.each([
    ['nothing', ''],
    ['base64 alone', text.split('\n').slice(1, -2).join('')],
    ['a line before it', `\n${text}`],
    ['a line after it', `${text}\n`],
    ['a word after it', `${text}x`],
    ['two of them', `${text}${text}`],
    ['blanks in it', text.replace('\n', '\n ')],
    ['an empty line in it', text.replace('\n', '\n\n')],
    ['a lone carriage return', text.replace('\n', '\r')],
    ['an armour of something else', text.replaceAll('SSH SIGNATURE', 'PGP SIGNATURE')],
    ['nothing in it', '-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n'],
    ['the other base64', text.replace('U1NI', 'U1N_')],
  ])('is refused with %s', (_what, other) => {
    expect(other).not.toBe(text)
    expect(flawOf(other)).toBe('malformed')
  })

  test('holds base64 of one spelling', () => {
    expect(flawOf(text.replace('\n-----END', '=\n-----END'))).toBe('not_canonical')
    expect(flawOf(text.replace('\n-----END', '\n=\n-----END'))).toBe('not_canonical')
    expect(flawOf(text.replace('\n', '\nAA==\n'))).toBe('not_canonical')
  })
})
