// One call of a platform's API. What goes wrong is said in words of our own: never the address, a header, or text of the
// platform, any of which may hold a token.
import type * as z from '#core/zod.ts'
import { MOST_BYTES, readJson } from './read-json.ts'

export interface ApiCall<T> {
  readonly method: 'POST' | 'PUT' | 'PATCH'
  /** What `toApi` gave, and a path. */
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body: unknown
  /** One for all calls that a message needs: `AbortSignal.timeout(deliverTimeout)`. */
  readonly signal: AbortSignal
  /** What an answer looks like, a refusal of the platform included. */
  readonly schema: z.ZodMiniType<T>
}

/** `answer` of a call that failed: the platform refused it with another status than 2xx, and said so in this form. */
export type Called<T> =
  | { readonly ok: true; readonly answer: T }
  | { readonly ok: false; readonly why: string; readonly answer?: T }

/** Never throws, follows no redirect, and reads no more than 64 KB. */
export async function callApi<T>({ method, url, headers, body, signal, schema }: ApiCall<T>): Promise<Called<T>> {
  try {
    const response = await fetch(url, {
      method,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'startgate',
        // A kept socket may be dead after a freeze.
        connection: 'close',
        ...headers,
      },
      body: JSON.stringify(body),
      // A redirect would carry the token to a host that nobody named.
      redirect: 'manual',
      signal,
    })
    const answer = readJson(await readBody(response), schema)
    if (!response.ok) {
      const why = `the platform answered ${response.status}`
      return answer === undefined ? { ok: false, why } : { ok: false, why, answer }
    }
    return answer === undefined ? { ok: false, why: 'the platform answered something else' } : { ok: true, answer }
  } catch (error) {
    return { ok: false, why: sayFailure(error) }
  }
}

/** One byte more than may be read says that it is too long. */
async function readBody(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of response.body ?? []) {
    parts.push(part)
    bytes += part.length
    if (bytes > MOST_BYTES) break
  }
  return Buffer.concat(parts)
}

function sayFailure(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'no answer in time'
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? ` (${cause.code})` : ''
  return `the platform could not be reached${code}`
}
