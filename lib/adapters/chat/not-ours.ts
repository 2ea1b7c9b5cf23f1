// A verified call of another organisation or app than the policy's.
import { chatIdSchema } from '#core/chat.ts'

/** With the id as it came, where it is one: whoever connects a platform sees in the log what the policy has to say. */
export function notOurs(what: string, id: string): { readonly flaw: string } {
  return { flaw: chatIdSchema.safeParse(id).success ? `${what} ${id}` : what }
}
