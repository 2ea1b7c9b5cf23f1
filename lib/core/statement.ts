// What an approver signs. The signed bytes are the same for every kind of key; only the envelope differs.
import * as z from 'zod'
import { toCanonicalJson } from './digest.ts'
import { parseJson } from './json.ts'
import { digestProposal, digestSchema, sayProposal, type Proposal } from './proposal.ts'
import { audienceSchema, lineSchema, nameSchema } from './words.ts'

export const statementSchema = z.strictObject({
  v: z.literal(1),
  audience: audienceSchema,
  decision: z.enum(['approve', 'deny']),
  proposal: digestSchema,
  approver: nameSchema,
  says: z.string().min(1).max(1000),
  /** When it was signed, by the approver's clock; a NumericDate: epoch seconds. */
  iat: z.int().min(0).max(8_640_000_000_000),
  reason: lineSchema.optional(),
})
export type Statement = z.infer<typeof statementSchema>

/** A signed statement as it arrived. `kind` chooses the verifier; the text is kept unchanged as proof. */
export const evidenceSchema = z.strictObject({
  kind: z.enum(['jws']),
  token: z.string().min(1).max(8192),
})
export type Evidence = z.infer<typeof evidenceSchema>

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

/** The bytes that every kind of key but JWS signs; a JWS carries the canonical statement itself as its payload. */
export function toSignedText(statement: Statement): string {
  return `startgate-statement/v1\n${toCanonicalJson(statement)}`
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
