// ACS3-HMAC-SHA256: what is signed, and the signature over it.

import { createHash, createHmac } from 'node:crypto'

const ALGORITHM = 'ACS3-HMAC-SHA256'

export interface SignableRequest {
  readonly method: string
  /** The path as it stands in the request line, without the query. */
  readonly path: string
  /** Decoded; a name at most once. */
  readonly query: ReadonlyMap<string, string>
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>
}

export interface Authorization {
  readonly accessKeyId: string
  readonly signedHeaders: readonly string[]
  /** Lower-case hex. */
  readonly signature: string
}

/** Undefined: not an ACS3 authorization. */
export function parseAuthorization(value: string | undefined): Authorization | undefined {
  const [algorithm, rest] = (value ?? '').split(/ (.*)/s)
  if (algorithm !== ALGORITHM || rest === undefined) return undefined
  const fields = new Map(rest.split(',').map((field) => splitOnce(field.trim(), '=')))
  const accessKeyId = fields.get('Credential')
  const signedHeaders = fields.get('SignedHeaders')
  const signature = fields.get('Signature')
  if (!accessKeyId || !signedHeaders || !signature || !/^[0-9a-f]{64}$/.test(signature)) return undefined
  return { accessKeyId, signedHeaders: signedHeaders.split(';'), signature }
}

/** The canonical request over exactly the named headers; the body takes part by its announced hash. */
export function toCanonicalRequest(request: SignableRequest, signedHeaders: readonly string[]): string {
  const query = [...request.query]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join('&')
  const headers = signedHeaders.map((name) => `${name}:${(request.headers.get(name) ?? '').trim()}\n`).join('')
  const contentSha256 = request.headers.get('x-acs-content-sha256') ?? ''
  return [request.method, request.path, query, headers, signedHeaders.join(';'), contentSha256].join('\n')
}

export function toStringToSign(canonicalRequest: string): string {
  return `${ALGORITHM}\n${sha256Hex(canonicalRequest)}`
}

export function sign(stringToSign: string, secret: string): string {
  return createHmac('sha256', secret).update(stringToSign).digest('hex')
}

export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

/** Headers that must be signed when they are there. */
export function isSignedHeader(name: string): boolean {
  return name === 'host' || name === 'content-type' || name.startsWith('x-acs-')
}

/** RFC 3986: everything but the unreserved characters, which `encodeURIComponent` leaves five too many of. */
function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
