import { hmacSha256 } from './digest.ts'
import * as z from './zod.ts'

/** Names one start request: `req_` and 128 bits in hex. Unguessable: knowing it lets one look, never decide. */
export type RequestId = `req_${string}`

export const requestIdSchema = z.templateLiteral(['req_', z.string().check(z.regex(/^[0-9a-f]{32}$/))])

export function isRequestId(text: string): text is RequestId {
  return /^req_[0-9a-f]{32}$/.test(text)
}

/**
 * The id is derived, never drawn, so that a repeated ask finds its own request.
 * `key`: the caller's Idempotency-Key, a webhook's message id, or a schedule's trigger time.
 */
export function deriveRequestId(viewKey: string, audience: string, caller: string, key: string): RequestId {
  return `req_${hmacSha256(viewKey, [audience, caller, key]).slice(0, 32)}`
}
