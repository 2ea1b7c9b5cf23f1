// The form of an export: JSON Lines, the first of which says what the others are; then one receipt a line, oldest first.
import { audienceSchema, instantSchema } from '#core/words.ts'
import * as z from '#core/zod.ts'

const DAYS = 366

/** `days`: every day of the period (UTC), and how many requests the gate listed for it. `madeAt`: epoch ms. */
export const exportHeadSchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('startgate-export'),
  audience: audienceSchema,
  days: z
    .array(z.strictObject({ day: z.iso.date(), count: z.int().check(z.minimum(0)) }))
    .check(z.minLength(1), z.maxLength(DAYS)),
  count: z.int().check(z.minimum(0)),
  madeAt: instantSchema,
})
export type ExportHead = z.infer<typeof exportHeadSchema>

export const MOST_DAYS = DAYS

/** Far more than a receipt may hold. */
const LONGEST_LINE = 4 * 1024 * 1024

/**
 * Ends lines at line feeds alone: JSON may hold every other character that ends a line elsewhere. The last one comes also
 * when it was cut off. What does not end is handed out in pieces, which are no JSON.
 */
export async function* toLines(chunks: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of chunks) {
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    yield* lines
    if (rest.length <= LONGEST_LINE) continue
    yield rest
    rest = ''
  }
  if (rest !== '') yield rest
}
