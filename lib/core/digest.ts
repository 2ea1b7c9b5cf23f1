// Hash functions: the only thing of Node that core uses, and pure.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { toCanonicalJson } from './canonical-json.ts'

/** A SHA-256 digest as 64 lower-case hex digits. */
export type Digest = string

/** SHA-256 over `<domain>\n<canonical JSON>`: the domain keeps a digest of one kind from passing for another. */
export function digestOf(domain: string, value: unknown): Digest {
  return sha256(`${domain}\n${toCanonicalJson(value)}`)
}

export function sha256(data: string | Uint8Array): Digest {
  return createHash('sha256').update(data).digest('hex')
}

export function hmacSha256(key: string, value: unknown): Digest {
  return createHmac('sha256', key).update(toCanonicalJson(value)).digest('hex')
}

/** Takes as long for a wrong digest as for the right one, wherever they differ. */
export function isSameDigest(right: Digest, given: string): boolean {
  const [one, other] = [Buffer.from(right), Buffer.from(given)]
  return one.length === other.length && timingSafeEqual(one, other)
}

/** The RFC 7638 thumbprint of a public key's required members: its `kid`, 43 characters of base64url. */
export function toThumbprint(requiredMembers: Readonly<Record<string, string>>): string {
  return createHash('sha256').update(toCanonicalJson(requiredMembers)).digest('base64url')
}

/** Of the bytes that identify a key: what OpenSSH shows as `SHA256:…`, in base64url. Also of a passkey's credential id. */
export function toFingerprint(blob: Uint8Array): string {
  return createHash('sha256').update(blob).digest('base64url')
}
