// The signature that `@alicloud/fc2` puts on its calls: `Authorization: FC <key id>:<base64 HMAC-SHA256>`.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Credentials, Spine } from '#infra/local/spine.ts'

export interface SignedRequest {
  readonly method: string
  /** Without the query, which this signature does not cover. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export type Verified =
  | { readonly ok: true; readonly credentials: Credentials }
  | { readonly ok: false; readonly status: number; readonly code: string; readonly message: string }

const MOST_SKEW_MS = 15 * 60 * 1000

export function verifySignature(request: SignedRequest, spine: Pick<Spine, 'credentials' | 'now'>): Verified {
  const { headers, body } = request
  const [, accessKeyId = '', given = ''] = /^FC ([^:]+):(\S+)$/.exec(headers.authorization ?? '') ?? []
  if (accessKeyId === '')
    return refused(400, 'MissingRequiredHeader', 'The header authorization is missing or malformed')
  const date = Date.parse(headers.date ?? '')
  if (Number.isNaN(date)) return refused(400, 'MissingRequiredHeader', 'The header date is missing or malformed')
  if (Math.abs(spine.now() - date) > MOST_SKEW_MS)
    return refused(403, 'AccessDenied', 'The date is not within 15 minutes')
  if (headers['content-md5'] !== undefined && headers['content-md5'] !== contentMd5(body)) {
    return refused(400, 'InvalidArgument', 'The content-md5 does not match the body')
  }

  const credentials = spine.credentials.find(accessKeyId)
  if (credentials === undefined) return refused(403, 'InvalidAccessKeyID', 'There is no such access key')
  if (!isSame(toSignature(request, credentials.accessKeySecret), given)) {
    return refused(403, 'SignatureNotMatch', 'The signature does not match')
  }
  if (!isSame(credentials.securityToken ?? '', headers['x-fc-security-token']?.toString() ?? '')) {
    return refused(403, 'InvalidSecurityToken', 'The security token does not belong to the access key')
  }
  if (credentials.expiresAt !== undefined && credentials.expiresAt <= spine.now()) {
    return refused(403, 'ExpiredSecurityToken', 'The security token has expired')
  }
  return { ok: true, credentials }
}

function toSignature({ method, path, headers }: SignedRequest, secret: string): string {
  const own = Object.entries(headers)
    .filter(([name]) => name.startsWith('x-fc-'))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${String(value)}\n`)
  const { 'content-md5': md5 = '', 'content-type': type = '', date = '' } = headers
  const signed = `${method}\n${String(md5)}\n${type}\n${date}\n${own.join('')}${path}`
  return createHmac('sha256', secret).update(signed).digest('base64')
}

/** Of the digest's hexadecimal text, not of its bytes: so the SDK makes it, and so it is checked. */
function contentMd5(body: Buffer): string {
  return Buffer.from(createHash('md5').update(body).digest('hex')).toString('base64')
}

/** Compares digests, so that neither the content nor the length of the right text shows in the time it takes. */
function isSame(right: string, given: string): boolean {
  const [a, b] = [right, given].map((text) => createHash('sha256').update(text).digest())
  return a !== undefined && b !== undefined && timingSafeEqual(a, b)
}

function refused(status: number, code: string, message: string): Verified {
  return { ok: false, status, code, message }
}
