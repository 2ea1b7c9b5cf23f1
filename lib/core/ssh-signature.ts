// A signature as `ssh-keygen -Y sign` makes it (OpenSSH PROTOCOL.sshsig), read narrowly: one blob, nothing after it, the
// key and its one algorithm as the policy has them.
import type { SshBoundKey } from './key.ts'
import type { PolicyDocument } from './policy.ts'
import { findSshKey } from './principals.ts'
import { isSecurityKey } from './ssh-key.ts'
import { readNumber, readStrings } from './ssh-wire.ts'

export interface ReadSshSignature {
  readonly principal: string
  readonly key: SshBoundKey
  /** What the signature is for, as its maker said. */
  readonly namespace: string
  readonly hash: SshHash
  /** 64 bytes, for Ed25519 and P-256 alike. */
  readonly signature: Buffer
  /** Of a security key only: flags and counter, which it signed too. */
  readonly touch?: Buffer
}

export type SshHash = 'sha256' | 'sha512'
export type SshFlaw = 'malformed' | 'not_canonical' | 'header' | 'unknown_key' | 'algorithm' | 'not_touched'

const START = Buffer.from('SSHSIG\0\0\0\x01', 'latin1')
const USER_PRESENT = 0b1

export function readSshSignature(
  armoured: string,
  policy: PolicyDocument,
): ReadSshSignature | { readonly flaw: SshFlaw } {
  const base64 = removeArmour(armoured)
  if (base64 === undefined) return { flaw: 'malformed' }
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.toString('base64') !== base64) return { flaw: 'not_canonical' }
  if (!bytes.subarray(0, START.length).equals(START)) return { flaw: 'header' }
  const parts = readStrings(bytes.subarray(START.length)) ?? []
  const [blob, namespace, reserved, hash, signature] = parts
  if (!blob || !namespace || !reserved || !hash || !signature || parts.length !== 5) return { flaw: 'malformed' }
  if (reserved.length !== 0) return { flaw: 'header' }
  const hashName = hash.toString('latin1')
  if (hashName !== 'sha256' && hashName !== 'sha512') return { flaw: 'algorithm' }
  // Looked up as bytes, never interpreted: whatever kind of key it may be, the policy has it or has it not.
  const found = findSshKey(policy, blob.toString('base64'))
  if (found === undefined) return { flaw: 'unknown_key' }
  const made = readMade(signature, found.key)
  return 'flaw' in made ? made : { ...found, namespace: namespace.toString('latin1'), hash: hashName, ...made }
}

/** The base64 inside exactly one armour; undefined for anything before, between or after. */
function removeArmour(armoured: string): string | undefined {
  const text = armoured.replaceAll('\r\n', '\n')
  const armour = /^-----BEGIN SSH SIGNATURE-----\n((?:[A-Za-z0-9+/=]+\n)+)-----END SSH SIGNATURE-----\n?$/
  return armour.exec(text)?.[1]?.replaceAll('\n', '')
}

type Made = Pick<ReadSshSignature, 'signature' | 'touch'>

function readMade(bytes: Buffer, { ssh: { type }, jwk }: SshBoundKey): Made | { readonly flaw: SshFlaw } {
  const isTouched = isSecurityKey(type)
  const end = isTouched ? Math.max(0, bytes.length - 5) : bytes.length
  const touch = bytes.subarray(end)
  const [madeAs, raw, ...more] = readStrings(bytes.subarray(0, end)) ?? []
  if (madeAs === undefined || raw === undefined || more.length > 0) return { flaw: 'malformed' }
  // The key says what it signs with, never the signature.
  if (madeAs.toString('latin1') !== type) return { flaw: 'algorithm' }
  const signature = jwk.kty === 'OKP' ? raw : toPair(raw)
  if (signature?.length !== 64) return { flaw: 'malformed' }
  if (!isTouched) return { signature }
  // OpenSSH itself takes a signature that nobody touched the key for, when the key was made so; here a person approves.
  return (touch.readUInt8(0) & USER_PRESENT) === 0 ? { flaw: 'not_touched' } : { signature, touch }
}

function toPair(raw: Buffer): Buffer | undefined {
  const numbers = (readStrings(raw) ?? []).map(readNumber)
  const [r, s] = numbers
  return r && s && numbers.length === 2 ? Buffer.concat([r, s]) : undefined
}
