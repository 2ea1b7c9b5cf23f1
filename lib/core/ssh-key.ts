// An OpenSSH public key, as `ssh-keygen` writes it and as it travels inside a signature (RFC 4253 §6.6, OpenSSH PROTOCOL.u2f).
import { readStrings } from './ssh-wire.ts'

const SSH_KEY_TYPES = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
] as const
export type SshKeyType = (typeof SSH_KEY_TYPES)[number]

export type PublicJwk =
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string }
  | { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string }

export interface SshKey {
  readonly type: SshKeyType
  /** The whole key in base64: what a signature repeats byte for byte. */
  readonly blob: string
  /** The key itself, however it is spelled: equal for one key pair in two spellings. */
  readonly jwk: PublicJwk
}

/** What a security key is made for; a key of a web page, with its address here, is none of ours. */
export const SSH_APPLICATION = 'ssh:'

export function isSecurityKey(type: SshKeyType): boolean {
  return type.startsWith('sk-')
}

/** One line of a `.pub` file: type, base64, comment. The second way out is a sentence for who wrote the policy. */
export function parseSshLine(line: string): SshKey | { readonly problem: string } {
  const [, type, blob] = /^([a-z][a-z0-9@.-]*) ([A-Za-z0-9+/]+={0,2})(?: [^\r\n]*)?$/.exec(line) ?? []
  if (type === undefined || blob === undefined)
    return { problem: 'an SSH key is the one line of its .pub file: type, key in base64, comment' }
  if (type === 'ssh-rsa') return { problem: 'an RSA key cannot approve; make one with: ssh-keygen -t ed25519' }
  if (!SSH_KEY_TYPES.some((each) => each === type))
    return { problem: `${type} is none of the types that can approve: ${SSH_KEY_TYPES.join(', ')}` }
  const bytes = Buffer.from(blob, 'base64')
  const key = readSshKey(bytes)
  if (key === undefined || key.type !== type || key.blob !== blob)
    return { problem: `this is no whole ${type} key (of a security key: for the application ${SSH_APPLICATION})` }
  return key
}

function readSshKey(bytes: Buffer): SshKey | undefined {
  const [type, ...parts] = readStrings(bytes) ?? []
  const jwk = toJwk(String(type), parts)
  return jwk && { type: String(type) as SshKeyType, blob: bytes.toString('base64'), jwk }
}

function toJwk(type: string, parts: readonly Buffer[]): PublicJwk | undefined {
  switch (type) {
    case 'ssh-ed25519':
      return parts.length === 1 ? toEd25519(parts[0]) : undefined
    case 'ecdsa-sha2-nistp256':
      return parts.length === 2 ? toP256(parts[0], parts[1]) : undefined
    case 'sk-ssh-ed25519@openssh.com':
      return parts.length === 2 && isOurs(parts[1]) ? toEd25519(parts[0]) : undefined
    case 'sk-ecdsa-sha2-nistp256@openssh.com':
      return parts.length === 3 && isOurs(parts[2]) ? toP256(parts[0], parts[1]) : undefined
    default:
      return undefined
  }
}

function isOurs(application: Buffer | undefined): boolean {
  return application?.toString('latin1') === SSH_APPLICATION
}

function toEd25519(x: Buffer | undefined): PublicJwk | undefined {
  return x?.length === 32 ? { kty: 'OKP', crv: 'Ed25519', x: x.toString('base64url') } : undefined
}

/** Uncompressed only: one spelling of one point. */
function toP256(curve: Buffer | undefined, point: Buffer | undefined): PublicJwk | undefined {
  if (curve?.toString('latin1') !== 'nistp256' || point?.length !== 65 || point[0] !== 4) return undefined
  const [x, y] = [point.subarray(1, 33), point.subarray(33)]
  return { kty: 'EC', crv: 'P-256', x: x.toString('base64url'), y: y.toString('base64url') }
}
