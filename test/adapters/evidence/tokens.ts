// Approvers with keys, a policy that knows them, and a way to write tokens that no honest tool would write.
import { createHmac, createPrivateKey, generateKeyPairSync, sign, type JsonWebKey } from 'node:crypto'
import { toCanonicalJson } from '#core/canonical-json.ts'
import { toThumbprint } from '#core/digest.ts'
import { parsePolicy, type Policy } from '#core/policy.ts'
import type { Statement } from '#core/statement.ts'
import type { PrivateJwk } from '#adapters/evidence/sign-jws.ts'

export const ED25519 = generate('ed25519')
export const P256 = generate('P-256')
export const STRANGER = generate('ed25519')

export const POLICY: Policy = (() => {
  const parsed = parsePolicy({
    people: { alice: {}, bob: { keys: [toPublic(ED25519)] }, carol: { keys: [toPublic(P256)] } },
    rules: [{ name: 'all', requesters: ['alice'], instances: {}, approvers: ['bob', 'carol'], validFor: '2h' }],
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  return parsed.policy
})()

export const STATEMENT: Statement = {
  v: 1,
  audience: '1234567890123456/cn-hangzhou/startgate-starter',
  decision: 'approve',
  proposal: 'ab'.repeat(32),
  approver: 'bob',
  says: 'start i-bp67acfmxazb4p3ujhx1 in cn-hangzhou',
  iat: 1_795_424_400,
}

export function toPublic(key: PrivateJwk): Pick<PrivateJwk, 'kty' | 'crv' | 'x'> & { readonly y?: string } {
  const { kty, crv, x } = key
  return key.kty === 'OKP' ? { kty, crv, x } : { kty, crv, x, y: key.y }
}

export function kidOf(key: PrivateJwk): string {
  return toThumbprint({ ...toPublic(key) })
}

export function headerFor(key: PrivateJwk): Record<string, unknown> {
  return { alg: key.kty === 'OKP' ? 'EdDSA' : 'ES256', kid: kidOf(key), typ: 'startgate-approval+jwt' }
}

interface Parts {
  /** An object, or the exact text or bytes. */
  readonly header?: object | string
  readonly payload?: object | string | Buffer
}

/** Signs whatever it is given with its own code, so that no library refuses to. */
export function forge(
  key: PrivateJwk,
  { header = headerFor(key), payload = toCanonicalJson(STATEMENT) }: Parts = {},
): string {
  const input = `${encode(header)}.${encode(payload)}`
  const privateKey = createPrivateKey({ key: { ...key } as JsonWebKey, format: 'jwk' })
  const signature =
    key.kty === 'OKP'
      ? sign(null, Buffer.from(input), privateKey)
      : sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

/** Signed by anybody who knows the public key, if a verifier takes it for a shared secret. */
export function forgeWithPublicKey(key: PrivateJwk): string {
  const input = `${encode({ ...headerFor(key), alg: 'HS256' })}.${encode(toCanonicalJson(STATEMENT))}`
  const secret = Buffer.from(toPublic(key).x, 'base64url')
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

export function encode(part: object | string | Buffer): string {
  const bytes = Buffer.isBuffer(part) ? part : Buffer.from(typeof part === 'string' ? part : JSON.stringify(part))
  return bytes.toString('base64url')
}

function generate(curve: 'ed25519' | 'P-256'): PrivateJwk {
  const { privateKey } =
    curve === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: curve })
  return privateKey.export({ format: 'jwk' }) as unknown as PrivateJwk
}
