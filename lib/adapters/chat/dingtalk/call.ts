// What was verified, and which of the two kinds of calls it was. The kind is fixed before anything is read: the body of a
// card callback is anybody's who has caught its headers, so it must never pass for a message to the robot.
import { readJson } from '#adapters/chat/read-json.ts'
import * as z from '#core/zod.ts'

const callSchema = z.strictObject({
  kind: z.enum(['robot', 'card']),
  /** When DingTalk says it was made: epoch ms. */
  at: z.string().check(z.regex(/^[0-9]{13}$/)),
  /** JSON, not yet read. */
  body: z.string(),
})
export type Call = z.infer<typeof callSchema>

export function writeCall(call: Call): Uint8Array {
  return Buffer.from(JSON.stringify(call))
}

/** Undefined for bytes that `writeCall` has not made. */
export function readCall(bytes: Uint8Array): Call | undefined {
  return readJson(bytes, callSchema)
}
