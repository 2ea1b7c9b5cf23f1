import { describe, expect, test } from 'vitest'
import { toFingerprint, toThumbprint } from '#core/digest.ts'
import { keySchema } from '#core/key-form.ts'
import { parseSshLine, type SshKeyType } from '#core/ssh-key.ts'
import { publicJwk } from '#support/keys.ts'
import { createSoftSshKey, string } from '#support/soft-ssh.ts'

const X = Buffer.from(publicJwk('alice')['x'] ?? '', 'base64url')
const POINT = Buffer.concat([Buffer.of(4), Buffer.alloc(64, 9)])
const ED25519 = lineOf('ssh-ed25519', string(X))

function lineOf(type: string, ...parts: readonly Buffer[]): string {
  return `${type} ${Buffer.concat([string(type), ...parts]).toString('base64')}`
}

function problemOf(line: string): string | undefined {
  const key = parseSshLine(line)
  return 'problem' in key ? key.problem : undefined
}

describe('a line of OpenSSH', () => {
  test('spells the same key as a JWK, and has the same id', () => {
    const key = keySchema.parse({ ssh: `${ED25519} alice@laptop, her own`, until: '2026-01-02T00:00:00Z' })

    expect(key).toEqual({
      jwk: publicJwk('alice'),
      kid: keySchema.parse(publicJwk('alice')).kid,
      from: 0,
      until: Date.UTC(2026, 0, 2),
      ssh: { type: 'ssh-ed25519', blob: ED25519.split(' ')[1] },
    })
  })

  test.each<SshKeyType>(['sk-ssh-ed25519@openssh.com', 'sk-ecdsa-sha2-nistp256@openssh.com'])(
    'of %s is known by the fingerprint that OpenSSH shows',
    (type) => {
      const { line } = createSoftSshKey(type)
      const { kid, jwk, ssh } = keySchema.parse({ ssh: line })

      expect(kid).toBe(toFingerprint(Buffer.from(line.split(' ')[1] ?? '', 'base64')))
      expect(kid).not.toBe(toThumbprint({ ...jwk }))
      expect(ssh?.type).toBe(type)
    },
  )

  test('of P-256 gives both coordinates', () => {
    const { jwk } = keySchema.parse({ ssh: createSoftSshKey('ecdsa-sha2-nistp256').line })

    expect(jwk).toEqual({
      kty: 'EC',
      crv: 'P-256',
      x: expect.stringMatching(/^[\w-]{43}$/),
      y: expect.stringMatching(/^[\w-]{43}$/),
    })
  })

  test.each([
    ['nothing', ''],
    ['a type alone', 'ssh-ed25519'],
    ['options before it', `no-pty ${ED25519}`],
    ['two keys', `${ED25519}\n${ED25519}`],
    ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----'],
  ])('is not %s', (_what, line) => {
    expect(problemOf(line)).toMatch(/^an SSH key is the one line/)
  })

  test('is refused for RSA, and says what to make instead', () => {
    expect(problemOf(lineOf('ssh-rsa', string('e'), string('n')))).toMatch(/^an RSA key cannot approve; .*-t ed25519$/)
  })

  test.each(['ssh-dss', 'ecdsa-sha2-nistp384', 'ssh-ed25519-cert-v01@openssh.com'])('is refused for %s', (type) => {
    expect(problemOf(lineOf(type, string(X)))).toContain('none of the types that can approve: ssh-ed25519, ')
  })

  const [p256, sk, skP256] = ['ecdsa-sha2-nistp256', 'sk-ssh-ed25519@openssh.com', 'sk-ecdsa-sha2-nistp256@openssh.com']
  test.each([
    ['another type inside', lineOf('ssh-ed25519', string(X)).replace('ssh-ed25519', p256)],
    ['an unknown type inside', `ssh-ed25519 ${string('ssh-rsa').toString('base64')}`],
    ['nothing inside', 'ssh-ed25519 AAAA'],
    ['base64 of another spelling', lineOf(p256, string('nistp256'), string(POINT)).replace(/.=$/, 'l=')],
    ['31 bytes', lineOf('ssh-ed25519', string(X.subarray(1)))],
    ['a part more', lineOf('ssh-ed25519', string(X), string(''))],
    ['a byte more', lineOf('ssh-ed25519', string(X), Buffer.of(0))],
    ['another curve', lineOf(p256, string('nistp384'), string(POINT))],
    ['a compressed point', lineOf(p256, string('nistp256'), string(Buffer.alloc(33, 2)))],
    ['a point that begins otherwise', lineOf(p256, string('nistp256'), string(Buffer.alloc(65, 6)))],
    ['no point', lineOf(p256, string('nistp256'))],
    ['a point that is longer', lineOf(p256, string('nistp256'), string(Buffer.concat([POINT, Buffer.of(9)])))],
    ['a part more for P-256', lineOf(p256, string('nistp256'), string(POINT), string(''))],
    ['a part more for a security key', lineOf(sk, string(X), string('ssh:'), string(''))],
    ['a part more for P-256 in one', lineOf(skP256, string('nistp256'), string(POINT), string('ssh:'), string(''))],
    ['no application', lineOf(sk, string(X))],
    ['a page’s application', lineOf(sk, string(X), string('https://example.com'))],
    ['no application for P-256', lineOf(skP256, string('nistp256'), string(POINT))],
    ['a page’s application for P-256', lineOf(skP256, string('nistp256'), string(POINT), string('ssh:x'))],
  ])('is refused with %s', (_what, line) => {
    expect(problemOf(line)).toMatch(/^this is no whole /)
  })

  test('of the right parts is taken', () => {
    expect(problemOf(lineOf(p256, string('nistp256'), string(POINT)))).toBeUndefined()
    expect(problemOf(lineOf(sk, string(X), string('ssh:')))).toBeUndefined()
    expect(problemOf(lineOf(skP256, string('nistp256'), string(POINT), string('ssh:')))).toBeUndefined()
  })
})

describe('what is wrong with a key is said of the spelling that was meant', () => {
  test.each([
    [{ ssh: 'x' }, /^ssh: an SSH key is the one line/],
    [{ ssh: ED25519, kty: 'OKP' }, /^Unrecognized key: "kty"$/],
    [{ ...publicJwk('alice'), ssh: ED25519 }, /^Unrecognized keys/],
    [{ ssh: ED25519, from: 'soon' }, /^from: /],
    [{ ssh: `${ED25519} ${'x'.repeat(1000)}` }, /^ssh: Too big/],
    [{ ...publicJwk('alice'), x: 'short' }, /^x: 32 bytes in base64url are 43 characters$/],
    [null, /expected object/],
    ['ssh', /expected object/],
  ])('%#', (key, message) => {
    expect(keySchema.safeParse(key).error?.issues).toMatchObject([{ message: expect.stringMatching(message) }])
  })
})
