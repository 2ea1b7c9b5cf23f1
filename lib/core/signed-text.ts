// The text that approvers sign, made by terminals and browsers alike: nothing here needs Node.
import { toCanonicalJson } from './canonical-json.ts'
import type { Statement } from './statement.ts'

const DOMAIN = 'startgate-statement/v1\n'

/** The bytes that every kind of key but JWS signs; a JWS carries the canonical statement itself as its payload. */
export function toSignedText(statement: Statement): string {
  return withDomain(toCanonicalJson(statement))
}

/** The signed bytes of a statement that is still text. */
export function withDomain(canonicalText: string): string {
  return `${DOMAIN}${canonicalText}`
}

/** The statement in bytes that were to be signed by hand. */
export function withoutDomain(signedText: string): string | undefined {
  return signedText.startsWith(DOMAIN) ? signedText.slice(DOMAIN.length) : undefined
}
