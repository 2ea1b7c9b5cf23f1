// HTTP as a function sees it: a request becomes an event in JSON, and the JSON it answers becomes a response.

import type { Place } from './context.ts'

/** A whole request as it came over the wire. */
export interface HttpRequest {
  readonly method: string
  /** Path and query, still encoded. */
  readonly target: string
  /** Names and values in turn, as `IncomingMessage.rawHeaders` has them. */
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
  readonly sourceIp: string
}

export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

const MOST_HEADER_BYTES = 8 * 1024
const MOST_TARGET_BYTES = 4 * 1024
export const MOST_BODY_BYTES = 32 * 1024 * 1024
export const MOST_ASYNC_BODY_BYTES = 128 * 1024

/** Why the trigger refuses the request before it runs anything; undefined when it does not. */
export function httpFault({ target, rawHeaders, body }: HttpRequest, mostBody: number): string | undefined {
  const headerBytes = rawHeaders.reduce((sum, each) => sum + Buffer.byteLength(each), 0)
  if (headerBytes > MOST_HEADER_BYTES) return `The headers exceed ${MOST_HEADER_BYTES} bytes`
  if (Buffer.byteLength(target) > MOST_TARGET_BYTES) return `Path and query exceed ${MOST_TARGET_BYTES} bytes`
  if (body.length > mostBody) return `The body exceeds ${mostBody} bytes`
  return undefined
}

export function toHttpEvent(request: HttpRequest, place: Place, meta: { requestId: string; now: number }) {
  // Not through a URL, which would tidy up paths like `/a/../b` before the function sees them.
  const [rawPath = '', query = ''] = request.target.split(/\?(.*)/s)
  const headers = toEventHeaders(request.rawHeaders)
  const isBase64Encoded = request.body.length > 0 && !isText(headers['Content-Type'])
  const host = headers['Host'] ?? ''
  return {
    version: 'v1',
    rawPath,
    headers,
    queryParameters: joined([...new URLSearchParams(query)]),
    body: request.body.toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
    requestContext: {
      accountId: place.accountId,
      domainName: host,
      domainPrefix: host.split(/[.:]/)[0],
      requestId: meta.requestId,
      time: new Date(meta.now).toISOString().replace(/\.\d{3}Z$/, 'Z'),
      timeEpoch: String(meta.now),
      http: {
        method: request.method,
        path: decodePath(rawPath),
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: headers['User-Agent'] ?? '',
      },
    },
  }
}

/** An answer that is not of the documented shape becomes the body of a 200 as it is. */
export function toHttpResponse(answer: Buffer): HttpResponse {
  const parsed = parseAnswer(answer)
  if (parsed === undefined) return { status: 200, headers: {}, body: answer }
  const { statusCode, headers = {}, body = '', isBase64Encoded = false } = parsed
  return {
    status: statusCode,
    headers: toResponseHeaders(headers),
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  }
}

function toResponseHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const all = Object.entries(headers).map(([name, value]) => [name, String(value)] as const)
  return Object.fromEntries(all.filter(([name, value]) => !isForbidden(name, value)))
}

/** The platform's own headers are not for callers to set, and `connection` means the hop before. */
function toEventHeaders(rawHeaders: readonly string[]): Record<string, string> {
  const pairs = rawHeaders.flatMap((name, at) =>
    at % 2 === 0 ? [[toCanonicalCase(name), rawHeaders[at + 1] ?? ''] as const] : [],
  )
  return joined(pairs.filter(([name]) => !/^(x-fc-.*|connection|keep-alive)$/i.test(name)))
}

/** `content-type` → `Content-Type`. */
function toCanonicalCase(name: string): string {
  return name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase())
}

function joined(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const all = new Map<string, string>()
  for (const [name, value] of pairs) all.set(name, all.has(name) ? `${all.get(name)},${value}` : value)
  return Object.fromEntries(all)
}

function isText(contentType: string | undefined): boolean {
  return /^(text\/|application\/(json|xml|javascript|x-www-form-urlencoded)\b|[^;]+\+(json|xml)\b)/i.test(
    contentType ?? '',
  )
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

interface FunctionAnswer {
  readonly statusCode: number
  readonly headers?: Readonly<Record<string, unknown>>
  readonly body?: string
  readonly isBase64Encoded?: boolean
}

function parseAnswer(answer: Buffer): FunctionAnswer | undefined {
  try {
    const parsed: unknown = JSON.parse(answer.toString('utf8'))
    const isAnswer = typeof parsed === 'object' && parsed !== null && 'statusCode' in parsed
    return isAnswer && Number.isInteger(parsed.statusCode) ? (parsed as FunctionAnswer) : undefined
  } catch {
    return undefined
  }
}

function isForbidden(name: string, value: string): boolean {
  if (/^(x-fc-.*|connection|content-length|date|keep-alive|server|transfer-encoding)$/i.test(name)) return true
  return /^content-disposition$/i.test(name) && /^\s*attachment/i.test(value)
}
