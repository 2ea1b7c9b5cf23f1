// How the policy writes a public key: as a JWK, as the line of OpenSSH, or as a passkey.
import { isCanonicalBase64url } from './base64url.ts'
import { toFingerprint, toThumbprint } from './digest.ts'
import type { Key, Passkey } from './key.ts'
import { isSecurityKey, parseSshLine, type SshKey } from './ssh-key.ts'
import * as z from './zod.ts'

/** In one spelling: with another one, the same key would have another name, and could be in two hands. */
const base64url = (form: RegExp, error: string) =>
  z
    .string()
    .check(
      z.regex(form, { abort: true, error }),
      z.refine(isCanonicalBase64url, 'its base64url is not the canonical one'),
    )
const base64url32 = base64url(/^[A-Za-z0-9_-]{43}$/, '32 bytes in base64url are 43 characters')
const instant = z.pipe(
  z.iso.datetime({ offset: true }),
  z.transform((text) => Date.parse(text)),
)
const validity = {
  from: z.optional(instant).check(z.describe('The first instant at which the key counts; without it, it always did.')),
  until: z
    .optional(instant)
    .check(z.describe('The first instant at which the key counts no more. What it signed before stays good.')),
}

const okp = {
  kty: z.literal('OKP').check(z.describe('The type of the key: OKP for Ed25519, EC for P-256, RSA for some passkeys.')),
  crv: z.literal('Ed25519').check(z.describe('The curve of the key.')),
  x: base64url32.check(z.describe('The public key, 32 bytes in base64url.')),
}
const ec = {
  kty: z.literal('EC').check(z.describe('The type of the key: OKP for Ed25519, EC for P-256, RSA for some passkeys.')),
  crv: z.literal('P-256').check(z.describe('The curve of the key.')),
  x: base64url32.check(z.describe('The first half of the public key, 32 bytes in base64url.')),
  y: base64url32.check(z.describe('The second half of the public key, 32 bytes in base64url.')),
}

const jwkSchema = z.pipe(
  z.discriminatedUnion('kty', [z.strictObject({ ...okp, ...validity }), z.strictObject({ ...ec, ...validity })]),
  z.transform(({ from, until, ...jwk }): Key => ({ jwk, kid: toThumbprint(jwk), ...toInterval(from, until) })),
)

const sshLineSchema = z.pipe(
  z.string().check(z.maxLength(1000)),
  z.transform((line, { issues }) => {
    const key = parseSshLine(line)
    if (!('problem' in key)) return key
    issues.push({ code: 'custom', message: key.problem, input: line })
    return z.NEVER
  }),
)

const sshSchema = z.pipe(
  z.strictObject({
    ssh: sshLineSchema.check(z.describe('The one line of the .pub file. Such a key signs decisions, and no calls.')),
    ...validity,
  }),
  z.transform(({ ssh, from, until }): Key => toSshKey(ssh, from, until)),
)

const passkeyMembers = {
  passkey: base64url(/^[A-Za-z0-9_-]{16,1364}$/, 'a credential id is 16 to 1364 characters of base64url').check(
    z.describe('The credential id of the passkey, as the page for making one shows it.'),
  ),
  ...validity,
}
export const passkeySchema = z.pipe(
  z.discriminatedUnion('kty', [
    z.strictObject({ ...ec, ...passkeyMembers }),
    z.strictObject({ ...okp, ...passkeyMembers }),
    z.strictObject({
      kty: z.literal('RSA').check(z.describe('The type of the key, which only passkeys have.')),
      // Without a zero in front, which would be another spelling too.
      n: base64url(/^(?!A[A-P])[A-Za-z0-9_-]{342,683}$/, 'an RSA modulus is 2048 to 4096 bits in base64url').check(
        z.describe('The modulus in base64url.'),
      ),
      e: z.literal('AQAB').check(z.describe('The exponent in base64url.')),
      ...passkeyMembers,
    }),
  ]),
  z.transform(({ from, until, passkey, ...jwk }): Passkey => {
    const kid = toFingerprint(Buffer.from(passkey, 'base64url'))
    return { jwk, kid, passkey, ...toInterval(from, until) }
  }),
)

/** Of the ways to write a key, the faults of the one that was meant are told. */
export const keySchema = z.union([jwkSchema, sshSchema, passkeySchema], {
  error: ({ input, errors }) => {
    const members = typeof input === 'object' && input !== null ? input : {}
    const meant = 'ssh' in members ? 1 : 'passkey' in members ? 2 : 0
    const faults = errors.filter((_, index) => index === meant).flat()
    return faults.map(({ path, message }) => [...path, message].join(': ')).join('; ')
  },
})

/** A security key has its own id: it makes other signatures than the same key pair would by itself. */
function toSshKey({ jwk, type, blob }: SshKey, from?: number, until?: number): Key {
  const kid = isSecurityKey(type) ? toFingerprint(Buffer.from(blob, 'base64')) : toThumbprint(jwk)
  return { jwk, kid, ssh: { type, blob }, ...toInterval(from, until) }
}

function toInterval(from = 0, until = Number.MAX_SAFE_INTEGER): Pick<Key, 'from' | 'until'> {
  return { from, until }
}
