// A public key of the policy. Its `kid` is computed from the key itself, so it can name no other.
import type { PublicJwk, SshKey } from './ssh-key.ts'

/** Only passkeys are made with RSA, by some computers' own hardware. */
export type RsaJwk = { readonly kty: 'RSA'; readonly n: string; readonly e: string }

/** `from` and `until` are epoch ms; `until` is the first instant at which the key is no longer valid. */
export interface Key {
  readonly jwk: PublicJwk | RsaJwk
  readonly kid: string
  readonly from: number
  readonly until: number
  /**
   * Written as the line of OpenSSH. How a key is written says what it is for, and that alone: one written so makes SSH
   * signatures, one with a credential id WebAuthn assertions, and only one written as a plain JWK makes JWS.
   */
  readonly ssh?: Pick<SshKey, 'type' | 'blob'>
  /** The credential id of a passkey, base64url. */
  readonly passkey?: string
}
export type SshBoundKey = Key & Required<Pick<Key, 'ssh'>>
export type Passkey = Key & Required<Pick<Key, 'passkey'>>

/** `whpk_` and 32 bytes in base64: the same key as a JWK has them in base64url. */
export function toJwkOfWebhookKey(whpk: string): PublicJwk {
  const x = Buffer.from(whpk.slice('whpk_'.length), 'base64').toString('base64url')
  return { kty: 'OKP', crv: 'Ed25519', x }
}

export function isKeyValid({ from, until }: Pick<Key, 'from' | 'until'>, at: number): boolean {
  return from <= at && at < until
}
