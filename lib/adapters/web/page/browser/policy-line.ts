// A passkey as the policy has it, from what the browser gives: the credential id and the public key as SPKI.
import { base64URLStringToBuffer, bufferToBase64URLString } from '@simplewebauthn/browser'

export interface PolicyLine {
  readonly line: string
  /** SHA-256 of the credential id: short enough to be read out. */
  readonly kid: string
}

/** COSE algorithms, in the order in which they are wished for. */
export const ALGORITHMS = [-7, -8, -257] as const

/** Undefined for a kind of key that the policy does not take. `credential` and `spki` are base64url. */
export async function toPolicyLine(
  credential: string,
  spki: string,
  algorithm: number,
): Promise<PolicyLine | undefined> {
  const members = await toMembers(base64URLStringToBuffer(spki), algorithm)
  if (members === undefined) return undefined
  const kid = bufferToBase64URLString(await crypto.subtle.digest('SHA-256', base64URLStringToBuffer(credential)))
  const all = Object.entries({ passkey: credential, ...members }).map(([name, value]) => `${name}: ${value}`)
  return { line: `- { ${all.join(', ')} } # ${kid}`, kid }
}

async function toMembers(spki: ArrayBuffer, algorithm: number): Promise<Record<string, string> | undefined> {
  switch (algorithm) {
    case -7: {
      const { x, y } = await toJwk(spki, { name: 'ECDSA', namedCurve: 'P-256' })
      return x && y ? { kty: 'EC', crv: 'P-256', x, y } : undefined
    }
    // Not every browser that makes these can import them; the key is the end of its SPKI (RFC 8410).
    case -8:
      return { kty: 'OKP', crv: 'Ed25519', x: bufferToBase64URLString(spki.slice(-32)) }
    case -257: {
      const { n, e } = await toJwk(spki, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' })
      return n && e ? { kty: 'RSA', n, e } : undefined
    }
    default:
      return undefined
  }
}

async function toJwk(
  spki: ArrayBuffer,
  kind: { readonly name: string; readonly namedCurve: string } | { readonly name: string; readonly hash: string },
): Promise<Record<'x' | 'y' | 'n' | 'e', string | undefined>> {
  const { x, y, n, e } = await crypto.subtle.exportKey(
    'jwk',
    await crypto.subtle.importKey('spki', spki, kind, true, ['verify']),
  )
  return { x, y, n, e }
}
