// Keys of Standard Webhooks as text: `whsec_` is a shared secret, `whsk_` and `whpk_` the two halves of an Ed25519 key.
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { toThumbprint } from '#core/digest.ts'

/** The shortest secret that the specification allows, in bytes. */
const SHORTEST_SECRET = 24
const SEED = 32
/** What stands before the seed in the PKCS #8 form of an Ed25519 key (RFC 8410), the form that Node reads. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

export interface SigningKey {
  readonly privateKey: KeyObject
  readonly publicJwk: {
    readonly kty: 'OKP'
    readonly crv: 'Ed25519'
    readonly x: string
    readonly kid: string
    readonly use: 'sig'
    readonly alg: 'EdDSA'
  }
  /** The public half as receivers configure it. */
  readonly whpk: string
}

/** The text never appears in what is thrown. */
export function parseSharedSecret(text: string): Buffer {
  const secret = parseKey('whsec_', text)
  if (secret === undefined || secret.length < SHORTEST_SECRET) {
    throw new TypeError(`a shared secret is whsec_ and at least ${SHORTEST_SECRET} bytes in base64`)
  }
  return secret
}

/** 32 bytes are the seed; 64 are the seed and, again, the public half. */
export function parseSigningKey(text: string): SigningKey {
  const bytes = parseKey('whsk_', text)
  if (bytes === undefined || (bytes.length !== SEED && bytes.length !== 2 * SEED)) {
    throw new TypeError('a signing key is whsk_ and 32 or 64 bytes in base64')
  }
  const der = Buffer.concat([PKCS8, bytes.subarray(0, SEED)])
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' })
  if (x === undefined) throw new TypeError('an Ed25519 key has a public half')
  const publicBytes = Buffer.from(x, 'base64url')
  // Two halves that do not belong together would sign what no receiver can verify.
  if (bytes.length > SEED && !bytes.subarray(SEED).equals(publicBytes)) {
    throw new TypeError('the two halves of the signing key do not belong together')
  }
  const required = { kty: 'OKP', crv: 'Ed25519', x } as const
  return {
    privateKey,
    publicJwk: { ...required, kid: toThumbprint(required), use: 'sig', alg: 'EdDSA' },
    whpk: `whpk_${publicBytes.toString('base64')}`,
  }
}

export function parsePublicKey(text: string): KeyObject {
  const bytes = parseKey('whpk_', text)
  if (bytes?.length !== SEED) throw new TypeError('a public key is whpk_ and 32 bytes in base64')
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') }
  return createPublicKey({ key: jwk, format: 'jwk' })
}

function parseKey(prefix: string, text: string): Buffer | undefined {
  if (!text.startsWith(prefix)) return undefined
  const base64 = text.slice(prefix.length)
  return /^[A-Za-z0-9+/]+={0,2}$/.test(base64) ? Buffer.from(base64, 'base64') : undefined
}
