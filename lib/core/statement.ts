// What an approver signs. The signed bytes are the same for every kind of key; only the envelope differs.
import { toCanonicalJson } from './canonical-json.ts'
import { parseJson } from './json.ts'
import { digestProposal, sayProposal, type Proposal } from './proposal.ts'
import { audienceSchema, digestSchema, lineSchema, nameSchema } from './words.ts'
import * as z from './zod.ts'

/** Half of a surrogate pair has neither a canonical form nor bytes of its own. */
const wholeText = z.string().check(z.refine((text) => !/\p{Cs}/u.test(text), 'must be text that UTF-8 can carry'))

export const statementSchema = z.strictObject({
  v: z.literal(1),
  audience: audienceSchema,
  decision: z.enum(['approve', 'deny']),
  proposal: digestSchema,
  approver: nameSchema,
  says: wholeText.check(z.minLength(1), z.maxLength(1000)),
  /** When it was signed, by the approver's clock; a NumericDate: epoch seconds. */
  iat: z.int().check(z.minimum(0), z.maximum(8_640_000_000_000)),
  reason: z.optional(lineSchema),
})
export type Statement = z.infer<typeof statementSchema>

/** A signed statement as it arrived. `kind` chooses the verifier; the text is kept unchanged as proof. */
export const evidenceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('jws'), token: z.string().check(z.minLength(1), z.maxLength(8192)) }),
  z.strictObject({
    kind: z.literal('ssh'),
    /** The canonical text of the statement: an SSH signature does not carry what it signs. */
    statement: wholeText.check(z.minLength(1), z.maxLength(4096)),
    /** As `ssh-keygen -Y sign` writes it. */
    signature: z.string().check(z.minLength(1), z.maxLength(2048)),
  }),
  z.strictObject({
    kind: z.literal('passkey'),
    /** The canonical text of the statement: an assertion signs only its hash, as the challenge. */
    statement: wholeText.check(z.minLength(1), z.maxLength(4096)),
    /** Members of a WebAuthn assertion, each base64url without padding. */
    credential: z.string().check(z.minLength(1), z.maxLength(1364)),
    authenticatorData: z.string().check(z.minLength(1), z.maxLength(2048)),
    clientData: z.string().check(z.minLength(1), z.maxLength(4096)),
    signature: z.string().check(z.minLength(1), z.maxLength(1024)),
  }),
])
export type Evidence = z.infer<typeof evidenceSchema>

/** What a statement was signed with: the page that Startgate serves, or a tool that the approver brought along. */
export function toolOf({ kind }: Pick<Evidence, 'kind'>): 'own-tool' | 'page' {
  return kind === 'passkey' ? 'page' : 'own-tool'
}

export function createStatement(
  proposal: Proposal,
  decision: Statement['decision'],
  approver: string,
  iat: number,
  reason?: string,
): Statement {
  return {
    v: 1,
    audience: proposal.audience,
    decision,
    proposal: digestProposal(proposal),
    approver,
    says: sayProposal(proposal),
    iat,
    ...(reason === undefined ? {} : { reason }),
  }
}

/** Keeps an SSH signature from passing for another purpose (git, a file), or at another deployment. */
export function toSshNamespace(audience: string): string {
  return `startgate-approval@${audience}`
}

/**
 * Parses signed bytes. Only the canonical spelling passes: a second spelling of one statement, a repeated key or an
 * unsafe number would let two readers see two different things under one signature.
 */
export function parseStatement(bytes: Uint8Array): Statement | undefined {
  const text = decodeUtf8(bytes)
  const parsed = text === undefined ? undefined : statementSchema.safeParse(parseJson(text))
  if (!parsed?.success || toCanonicalJson(parsed.data) !== text) return undefined
  return parsed.data
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
