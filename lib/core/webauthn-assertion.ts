// A WebAuthn assertion (W3C WebAuthn Level 3 §7.2), read narrowly: one spelling, made on the page of the policy, by a
// person who was there and proved to be its owner. Whether it is signed is checked by who holds the cryptography.
import { isCanonicalBase64url } from './base64url.ts'
import { sha256, toFingerprint } from './digest.ts'
import { parseJson } from './json.ts'
import type { Passkey } from './key.ts'
import type { PolicyDocument } from './policy.ts'
import { findPasskey } from './principals.ts'
import { withDomain } from './signed-text.ts'
import { readNumber } from './ssh-wire.ts'
import type { Evidence } from './statement.ts'
import * as z from './zod.ts'

type PasskeyEvidence = Extract<Evidence, { kind: 'passkey' }>
export type Assertion = Pick<PasskeyEvidence, 'credential' | 'authenticatorData' | 'clientData' | 'signature'>

/** What an assertion must have been made of. */
export interface AssertionTerms {
  /** What was signed, as the page gave it to the browser: base64url. */
  readonly challenge: string
  readonly origin: string
  /** The host name of the origin. */
  readonly rpId: string
  readonly key: Passkey
}

export type AssertionFlaw =
  | 'malformed'
  | 'not_canonical'
  | 'header'
  | 'unknown_key'
  | 'not_touched'
  | 'not_verified'
  | 'another_origin'
  | 'signature'

const RP_ID_HASH = 32
/** The hash, one byte of flags and the counter. */
const SHORTEST = 37
const FLAGS = { userPresent: 0x01, userVerified: 0x04, attestedCredential: 0x40, extensions: 0x80 }

/** Whose passkey is named, and what it must have signed. A policy without a page has no passkey that counts. */
export function toAssertionTerms(
  { credential, statement }: Pick<PasskeyEvidence, 'credential' | 'statement'>,
  policy: PolicyDocument,
): ({ readonly principal: string } & AssertionTerms) | { readonly flaw: 'unknown_key' } {
  const found = findPasskey(policy, credential)
  if (found === undefined || policy.page === undefined) return { flaw: 'unknown_key' }
  const { origin } = policy.page
  const challenge = toFingerprint(Buffer.from(withDomain(statement)))
  return { ...found, challenge, origin, rpId: new URL(origin).hostname }
}

/** Everything about an assertion but its signature; undefined when nothing is wrong. */
export function findAssertionFlaw(
  { credential, authenticatorData, clientData, signature }: Assertion,
  terms: AssertionTerms,
): AssertionFlaw | undefined {
  if (![credential, authenticatorData, clientData, signature].every(isCanonicalBase64url)) return 'not_canonical'
  if (credential !== terms.key.passkey) return 'unknown_key'
  return (
    findClientFlaw(Buffer.from(clientData, 'base64url'), terms) ??
    findAuthenticatorFlaw(Buffer.from(authenticatorData, 'base64url'), terms) ??
    (terms.key.jwk.kty === 'EC' && !isPairInDer(Buffer.from(signature, 'base64url')) ? 'malformed' : undefined)
  )
}

/** What the browser adds besides is signed too, and means nothing here. */
const clientDataSchema = z.looseObject({
  type: z.string(),
  challenge: z.string(),
  origin: z.string(),
  crossOrigin: z.optional(z.boolean()),
  topOrigin: z.optional(z.string()),
})

function findClientFlaw(bytes: Buffer, { challenge, origin }: AssertionTerms): AssertionFlaw | undefined {
  const { data } = clientDataSchema.safeParse(parseJson(bytes.toString('utf8')))
  if (data === undefined) return 'malformed'
  // Making a passkey signs as well, and approves nothing.
  if (data.type !== 'webauthn.get') return 'header'
  // Inside the page of somebody else, people cannot see what they approve.
  if (data.origin !== origin || data.crossOrigin === true || data.topOrigin !== undefined) return 'another_origin'
  return data.challenge === challenge ? undefined : 'signature'
}

function findAuthenticatorFlaw(bytes: Buffer, { rpId }: AssertionTerms): AssertionFlaw | undefined {
  const flags = bytes[RP_ID_HASH]
  if (flags === undefined || (flags & FLAGS.attestedCredential) !== 0) return 'malformed'
  if ((flags & FLAGS.extensions) === 0 ? bytes.length !== SHORTEST : bytes.length <= SHORTEST) return 'malformed'
  if (bytes.toString('hex', 0, RP_ID_HASH) !== sha256(rpId)) return 'another_origin'
  if ((flags & FLAGS.userPresent) === 0) return 'not_touched'
  return (flags & FLAGS.userVerified) === 0 ? 'not_verified' : undefined
}

/** Two numbers in DER, which spells a number as SSH does, and nothing else: decoders take more than that. */
function isPairInDer(bytes: Buffer): boolean {
  const end = 4 + (bytes[3] ?? 0)
  const [r, s] = [bytes.subarray(4, end), bytes.subarray(end + 2)]
  const spelled = Buffer.concat([Buffer.of(0x30, bytes.length - 2, 2, r.length), r, Buffer.of(2, s.length), s])
  return spelled.equals(bytes) && [r, s].every((number) => readNumber(number) !== undefined)
}
