import type * as z from '#core/zod.ts'

/** Nothing that a platform says to Startgate is longer. In bytes. */
export const MOST_BYTES = 64 * 1024

/** What JSON says, if it is JSON at all and of this form. Never throws. */
export function readJson<T>(json: string | Uint8Array, schema: z.ZodMiniType<T>): T | undefined {
  if (json.length > MOST_BYTES) return undefined
  try {
    const text = typeof json === 'string' ? json : new TextDecoder('utf-8', { fatal: true }).decode(json)
    return schema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
