// HTTP as the platform hands it over, to and from the `Request` and `Response` of the app.
import { createHeaders, createRequest, type HttpHeaders } from '#core/http-message.ts'
import type { HttpEvent } from './event.ts'

export interface HttpAnswer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly isBase64Encoded: boolean
  readonly body: string
}

/** No caller chooses the host that the app sees; the app's own address is part of its configuration. */
const ORIGIN = 'https://gate.invalid'

/**
 * The query arrives taken apart and decoded, so it is put together again in one fixed order; whoever signs an address
 * signs its names and values. Undefined for a method or a header that `Request` does not take.
 */
export function toRequest(event: HttpEvent, requestId: string): Request | undefined {
  const { method } = event.requestContext.http
  const body = Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8')
  const takesBody = method !== 'GET' && method !== 'HEAD' && body.length > 0
  try {
    const headers = toHeaders(event.headers)
    headers.set('x-fc-request-id', requestId)
    return createRequest({ url: toUrl(event), method, headers, body: takesBody ? body : null })
  } catch {
    return undefined
  }
}

/** Names that differ only in case become one header with both values: neither may win over what was signed. */
function toHeaders(all: HttpEvent['headers']): HttpHeaders {
  return createHeaders(Object.entries(all).map(([name, value]) => [name, toByteString(value)]))
}

export async function toAnswer(response: Response): Promise<HttpAnswer> {
  const bytes = Buffer.from(await response.arrayBuffer())
  const isText = /^(text\/|application\/([\w.-]+\+)?json\b)/.test(response.headers.get('content-type') ?? '')
  const isBase64Encoded = bytes.length > 0 && !isText
  return {
    statusCode: response.status,
    headers: Object.fromEntries([...response.headers].filter(([name]) => !isForbidden(name))),
    isBase64Encoded,
    body: bytes.toString(isBase64Encoded ? 'base64' : 'utf8'),
  }
}

function toUrl({ rawPath, queryParameters }: HttpEvent): URL {
  // Decoded by mistake they would cut the path short.
  const path = rawPath.replaceAll('?', '%3F').replaceAll('#', '%23')
  const sorted = Object.entries(queryParameters).toSorted(([one], [other]) => (one < other ? -1 : 1))
  const query = new URLSearchParams(sorted).toString()
  return new URL(`${ORIGIN}${path}${query === '' ? '' : `?${query}`}`)
}

/** The platform decodes header values as UTF-8; `Headers` takes the bytes. */
function toByteString(value: string): string {
  return Buffer.from(value, 'utf8').toString('latin1')
}

/** What a function may not set. */
function isForbidden(name: string): boolean {
  return name.startsWith('x-fc-') || ['connection', 'content-length', 'date', 'keep-alive', 'server'].includes(name)
}
