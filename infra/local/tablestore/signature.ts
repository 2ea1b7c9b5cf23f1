// The service's signatures: base64 HMAC-SHA1 over the x-ots-* headers, of the request and, laid out differently, of the
// answer.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

export type Headers = Readonly<Record<string, string>>

/** `headers`: lower-case names; those that are not signed are passed over. */
export function signRequest(secret: string, path: string, headers: Headers): string {
  return sign(secret, `${path}\nPOST\n\n${canonical(headers)}\n`)
}

export function signAnswer(secret: string, path: string, headers: Headers): string {
  return sign(secret, `${canonical(headers)}\n${path}`)
}

export function contentMd5(body: Buffer): string {
  return createHash('md5').update(body).digest('base64')
}

/** Takes as long for a near miss as for nonsense, so that no secret can be guessed byte by byte. */
export function isSame(left: string, right: string): boolean {
  return timingSafeEqual(createHash('sha256').update(left).digest(), createHash('sha256').update(right).digest())
}

function sign(secret: string, text: string): string {
  return createHmac('sha1', secret).update(text).digest('base64')
}

function canonical(headers: Headers): string {
  return Object.keys(headers)
    .filter((name) => name.startsWith('x-ots-') && name !== 'x-ots-signature')
    .toSorted()
    .map((name) => `${name}:${headers[name]?.trim()}`)
    .join('\n')
}
