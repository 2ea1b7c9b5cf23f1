// A public key of the policy. Its `kid` is computed from the key itself, so it can name no other.
import * as z from 'zod'
import { toThumbprint } from './digest.ts'

const base64url32 = z.string().regex(/^[A-Za-z0-9_-]{43}$/, '32 bytes in base64url are 43 characters')
const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))
const validity = { from: instant.optional(), until: instant.optional() }

export const keySchema = z
  .discriminatedUnion('kty', [
    z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: base64url32, ...validity }),
    z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: base64url32, y: base64url32, ...validity }),
  ])
  .transform(({ from, until, ...jwk }) => ({
    jwk,
    kid: toThumbprint(jwk),
    from: from ?? 0,
    until: until ?? Number.MAX_SAFE_INTEGER,
  }))

/** `from` and `until` are epoch ms; `until` is the first instant at which the key is no longer valid. */
export type Key = z.infer<typeof keySchema>

export function isKeyValid({ from, until }: Pick<Key, 'from' | 'until'>, at: number): boolean {
  return from <= at && at < until
}
