import { chatEventSchema } from './chat.ts'
import type { SealedEvent } from './chat-seal.ts'
import * as z from './zod.ts'

const sealedEventSchema = z.strictObject({
  chat: chatEventSchema,
  seal: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
})

/** Whether the seal is right is still to be seen. */
export function parseSealedEvent(value: unknown): SealedEvent | undefined {
  return sealedEventSchema.safeParse(value).data
}
