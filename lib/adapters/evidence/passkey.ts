// A statement with a WebAuthn assertion beside it: the form is judged by core, the signature here.
import type { Passkey } from '#core/key.ts'
import type { Policy } from '#core/policy.ts'
import { parseStatement, type Evidence } from '#core/statement.ts'
import {
  findAssertionFlaw,
  toAssertionTerms,
  type Assertion,
  type AssertionFlaw,
  type AssertionTerms,
} from '#core/webauthn-assertion.ts'
import type { Verified } from '#ports/evidence.ts'

export async function verifyPasskey(
  evidence: Extract<Evidence, { kind: 'passkey' }>,
  policy: Policy,
): Promise<Verified> {
  const terms = toAssertionTerms(evidence, policy)
  if ('flaw' in terms) return terms
  const flaw = await judgeAssertion(evidence, terms)
  if (flaw !== undefined) return { flaw }
  const statement = parseStatement(Buffer.from(evidence.statement))
  if (statement === undefined) return { flaw: 'statement' }
  // The page shows what is approved, and Startgate serves the page.
  return { signed: { statement, principal: terms.principal, key: terms.key, tool: 'page' } }
}

/** Undefined for an assertion that was made of these terms; of the statement behind the challenge it knows nothing. */
export async function judgeAssertion(assertion: Assertion, terms: AssertionTerms): Promise<AssertionFlaw | undefined> {
  return findAssertionFlaw(assertion, terms) ?? ((await isSigned(assertion, terms)) ? undefined : 'signature')
}

async function isSigned(assertion: Assertion, { challenge, origin, rpId, key }: AssertionTerms): Promise<boolean> {
  const { credential: id, authenticatorData, clientData: clientDataJSON, signature } = assertion
  // Large, and needed only where somebody approves by passkey: neither function loads it when it starts.
  const [{ verifyAuthenticationResponse }, { isoCBOR }] = await Promise.all([
    import('@simplewebauthn/server'),
    import('@simplewebauthn/server/helpers'),
  ])
  try {
    const { verified } = await verifyAuthenticationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        response: { authenticatorData, clientDataJSON, signature },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      // Zero is never refused: single use is the proposal's own, and passkeys that travel between devices do not count.
      credential: { id, counter: 0, publicKey: isoCBOR.encode(toCose(key.jwk)) },
      requireUserVerification: true,
    })
    return verified
  } catch {
    // Also a point that is not on the curve.
    return false
  }
}

/** RFC 9052 §7 and RFC 9053 §7 by number: key type, the one algorithm that the key is for, and the key. */
function toCose(jwk: Passkey['jwk']): Map<number, number | Uint8Array> {
  switch (jwk.kty) {
    case 'EC':
      return new Map<number, number | Uint8Array>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, decode(jwk.x)],
        [-3, decode(jwk.y)],
      ])
    case 'OKP':
      return new Map<number, number | Uint8Array>([
        [1, 1],
        [3, -8],
        [-1, 6],
        [-2, decode(jwk.x)],
      ])
    case 'RSA':
      return new Map<number, number | Uint8Array>([
        [1, 3],
        [3, -257],
        [-1, decode(jwk.n)],
        [-2, decode(jwk.e)],
      ])
  }
}

function decode(part: string): Uint8Array {
  return Buffer.from(part, 'base64url')
}
