import { refuse, type Refusal, type Refused } from '#core/refusal.ts'
import type * as z from '#core/zod.ts'
import type { Call } from './door.ts'

/** Counts what really arrives: a Content-Length is only what the sender says. Stops reading at the limit. */
export async function readBody(request: Request, limit: number): Promise<Uint8Array | 'too_large'> {
  if (request.body === null) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > limit) return 'too_large'
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The body as JSON of this form; `any` content type only where the sender's signature covers the bytes and no browser is one. */
export function parseBody<Schema extends z.ZodMiniType>(
  c: Call,
  schema: Schema,
  contentType: 'json' | 'any' = 'json',
): { readonly data: z.infer<Schema> } | Refused {
  // A form that another site makes a browser send can have any type but this one.
  if (contentType === 'json' && !/^application\/json *(;|$)/i.test(c.req.header('content-type') ?? '')) {
    return malformed([{ path: 'Content-Type', message: 'must be application/json' }])
  }
  const json = parseJson(c.get('body'))
  return json === undefined
    ? malformed([{ path: 'body', message: 'is not JSON in UTF-8' }])
    : parse(schema, json.value, 'body')
}

/** The query as an object of this form; a name that stands there twice has both values, joined with a comma. */
export function parseQuery<Schema extends z.ZodMiniType>(
  c: Call,
  schema: Schema,
): { readonly data: z.infer<Schema> } | Refused {
  return parse(schema, toParameters(new URL(c.req.url).search), 'query')
}

/** As the platform hands them over, so that a call means the same with and without it. */
export function toParameters(query: string): Readonly<Record<string, string>> {
  const all = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(query)) {
    const before = all.get(name)
    all.set(name, before === undefined ? value : `${before},${value}`)
  }
  return Object.fromEntries(all)
}

export function malformed(problems: Extract<Refusal, { reason: 'malformed' }>['problems']): Refused {
  return refuse({ reason: 'malformed', problems })
}

/** `whole`: what is wrong with all of it is said about. */
function parse<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
  whole: string,
): { readonly data: z.infer<Schema> } | Refused {
  const parsed = schema.safeParse(value, { error: ({ input }) => (input === undefined ? 'is missing' : undefined) })
  if (parsed.success) return { data: parsed.data }
  return malformed(parsed.error.issues.map(({ path, message }) => ({ path: path.join('.') || whole, message })))
}

function parseJson(bytes: Uint8Array): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) }
  } catch {
    return undefined
  }
}
