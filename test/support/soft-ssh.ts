// SSH keys in software, built from OpenSSH's protocol descriptions (PROTOCOL.sshsig, PROTOCOL.u2f): security keys that no
// tests could touch, and every signature that no honest tool would make.
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import type { SshKeyType } from '#core/ssh-key.ts'

export interface SoftSshKey {
  /** As in its `.pub` file. */
  readonly line: string
  readonly sign: (message: string, namespace: string, change?: Change) => string
}

/** What an attacker would have otherwise than it should be. */
export interface Change {
  readonly start?: Buffer
  readonly blob?: Buffer
  readonly reserved?: string
  /** The name that is written, and that is signed. */
  readonly hash?: string
  readonly signatureType?: string
  /** The innermost signature, as it was made. */
  readonly raw?: (raw: Buffer) => Buffer
  readonly application?: string
  /** Of a security key: 1 is "touched", 4 "PIN or finger". */
  readonly flags?: number
  /** Flags that are written, where others were signed. */
  readonly writtenFlags?: number
  /** Bytes after the signature, and after everything. */
  readonly afterSignature?: Buffer
  readonly after?: Buffer
}

export function createSoftSshKey(type: SshKeyType, application = 'ssh:'): SoftSshKey {
  const isP256 = type.includes('nistp256')
  const isSk = type.startsWith('sk-')
  const { privateKey, publicKey } = isP256
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('ed25519')
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const point = isP256
    ? [string('nistp256'), string(Buffer.concat([Buffer.of(4), decode(x), decode(y)]))]
    : [string(decode(x))]
  const blob = Buffer.concat([string(type), ...point, ...(isSk ? [string(application)] : [])])

  const signRaw = (data: Buffer): Buffer => {
    if (!isP256) return sign(null, data, privateKey)
    const pair = sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' })
    return Buffer.concat([string(toNumber(pair.subarray(0, 32))), string(toNumber(pair.subarray(32)))])
  }

  return {
    line: `${type} ${blob.toString('base64')} soft@example.com`,
    sign(message, namespace, change = {}) {
      const { hash = 'sha512', flags = 1, reserved = '' } = change
      const digest = createHash(hash === 'sha256' || hash === 'sha1' ? hash : 'sha512')
        .update(message)
        .digest()
      const common = [string(namespace), string(reserved), string(hash)]
      const signed = Buffer.concat([Buffer.from('SSHSIG'), ...common, string(digest)])
      const touch = (written: number): Buffer => Buffer.of(written, 0, 0, 0, 7)
      const data = isSk
        ? Buffer.concat([sha256(change.application ?? application), touch(flags), sha256(signed)])
        : signed
      const signature = Buffer.concat([
        string(change.signatureType ?? type),
        string((change.raw ?? ((raw) => raw))(signRaw(data))),
        ...(isSk ? [touch(change.writtenFlags ?? flags)] : []),
        change.afterSignature ?? Buffer.alloc(0),
      ])
      return armour(
        Buffer.concat([
          change.start ?? Buffer.from('SSHSIG\0\0\0\x01', 'latin1'),
          string(change.blob ?? blob),
          ...common,
          string(signature),
          change.after ?? Buffer.alloc(0),
        ]),
      )
    },
  }
}

export function string(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

export function armour(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,70}/g) ?? []
  return ['-----BEGIN SSH SIGNATURE-----', ...lines, '-----END SSH SIGNATURE-----', ''].join('\n')
}

export function unarmour(text: string): Buffer {
  return Buffer.from(text.split('\n').slice(1, -2).join(''), 'base64')
}

/** The one shortest spelling of a positive number: no zero in front but where the sign would be. */
export function toNumber(digits: Buffer): Buffer {
  const from = digits.findIndex((byte) => byte !== 0)
  const short = digits.subarray(from)
  return (short[0] ?? 0) < 0x80 ? short : Buffer.concat([Buffer.of(0), short])
}

function sha256(data: string | Buffer): Buffer {
  return createHash('sha256').update(data).digest()
}

function decode(part: string): Buffer {
  return Buffer.from(part, 'base64url')
}
