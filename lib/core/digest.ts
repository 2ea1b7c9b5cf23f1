// The only file of core that imports from outside it besides zod: hash functions and RFC 8785, both pure.
import { createHash, createHmac } from 'node:crypto'
import canonicalize from 'canonicalize'

/** A SHA-256 digest as 64 lower-case hex digits. */
export type Digest = string

/** The canonical JSON text (RFC 8785) of plain, already validated data. */
export function toCanonicalJson(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('only plain JSON data has a canonical form')
  return text
}

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

/** The RFC 7638 thumbprint of a public key's required members: its `kid`, 43 characters of base64url. */
export function toThumbprint(requiredMembers: Readonly<Record<string, string>>): string {
  return createHash('sha256').update(toCanonicalJson(requiredMembers)).digest('base64url')
}

/** Of the bytes that identify a key: what OpenSSH shows as `SHA256:…`, in base64url. Also of a passkey's credential id. */
export function toFingerprint(blob: Uint8Array): string {
  return createHash('sha256').update(blob).digest('base64url')
}
