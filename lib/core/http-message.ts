// HTTP messages as plain objects: of the standard `Headers`, `Request` and `Response` what Hono and the adapters use, and
// nothing more. The first touch of one of these globals makes Node load its whole fetch, a third of a gate's cold start.

/** As the standard `Headers`: what is no name or value throws a TypeError, values of one name are joined, iteration is sorted. */
export interface HttpHeaders extends Iterable<readonly [string, string]> {
  append(name: string, value: string): void
  get(name: string): string | null
  has(name: string): boolean
  set(name: string, value: string): void
}

interface RequestParts {
  readonly url: URL
  /** In capitals. */
  readonly method: string
  readonly headers: HttpHeaders
  /** Null: there is none. */
  readonly body: Uint8Array | null
}

/** Unlike the standard one it gives a body no content type: whoever makes an answer says what it is. */
export interface ResponseParts {
  /** Null: there is none. */
  readonly body: string | null
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
}

/** Methods that `Request` refuses: a server that obeys them gives away what it must not. */
const FORBIDDEN = ['CONNECT', 'TRACE', 'TRACK']

export function createHeaders(entries: Iterable<readonly [string, string]> = []): HttpHeaders {
  const all = new Map<string, readonly string[]>()
  const headers: HttpHeaders = {
    append(name, value) {
      const key = toKey(name)
      all.set(key, [...(all.get(key) ?? []), toValue(name, value)])
    },
    get: (name) => all.get(toKey(name))?.join(', ') ?? null,
    has: (name) => all.has(toKey(name)),
    set: (name, value) => void all.set(toKey(name), [toValue(name, value)]),
    *[Symbol.iterator]() {
      for (const [name, values] of [...all].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
        // The one header whose values may hold commas.
        if (name === 'set-cookie') for (const value of values) yield [name, value]
        else yield [name, values.join(', ')]
      }
    },
  }
  for (const [name, value] of entries) headers.append(name, value)
  return headers
}

/** Throws a TypeError for a method that `Request` refuses. */
export function createRequest({ url, method, headers, body }: RequestParts): Request {
  if (FORBIDDEN.includes(method)) throw new TypeError(`A request cannot have the method ${method}`)
  const request = { url: url.href, method, headers, body: body && inOneChunk(body) }
  // What is left out, nobody reads.
  return request as unknown as Request
}

export function createResponse({ body, status, headers = {} }: ResponseParts): Response {
  const text = body ?? ''
  const response = {
    status,
    headers: createHeaders(Object.entries(headers)),
    // A text, and no stream: Hono makes a standard `Response` of it where it needs one.
    body,
    text: async () => text,
    json: async () => JSON.parse(text) as unknown,
    arrayBuffer: async () => new TextEncoder().encode(text).buffer,
  }
  // Here too.
  return response as unknown as Response
}

async function* inOneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** RFC 9110: a token, whatever its case. */
function toKey(name: string): string {
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw new TypeError('The name of a header is not understood')
  return name.toLowerCase()
}

/** Bytes, one a character. Never shown: it may be a credential. */
function toValue(name: string, value: string): string {
  // From the first character that is not blank to the last one, in one pass however many blanks there are.
  const trimmed = /[^\t\n\r ](?:.*[^\t\n\r ])?/s.exec(value)?.[0] ?? ''
  if (/[\0\r\n]|[^\0-\u00ff]/.test(trimmed)) throw new TypeError(`The value of the header ${name} is not understood`)
  return trimmed
}
