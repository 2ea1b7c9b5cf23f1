// Who sent this request? Answers with the credentials whose secret signed it, or with the refusal the gateway gives.

import { timingSafeEqual } from 'node:crypto'
import type { Credentials, Spine } from '#infra/local/spine.ts'
import { commonError } from './common-errors.ts'
import type { EcsRefusal } from './errors.ts'
import {
  type Authorization,
  type SignableRequest,
  isSignedHeader,
  parseAuthorization,
  sha256Hex,
  sign,
  toCanonicalRequest,
  toStringToSign,
} from './signature.ts'

export interface EcsRequest extends SignableRequest {
  readonly body: Uint8Array
}

export type Authentication = { readonly credentials: Credentials } | { readonly refusal: EcsRefusal }

const MAX_SKEW_MS = 15 * 60 * 1000
const REQUIRED_HEADERS = [
  'host',
  'x-acs-action',
  'x-acs-version',
  'x-acs-date',
  'x-acs-signature-nonce',
  'x-acs-content-sha256',
]

export function createAuthenticator(
  spine: Pick<Spine, 'now' | 'credentials'>,
): (request: EcsRequest) => Authentication {
  const nonces = createNonceMemory()

  return (request) => {
    const authorization = parseAuthorization(request.headers.get('authorization'))
    if (authorization === undefined) return refuse('IncompleteSignature')
    const credentials = spine.credentials.find(authorization.accessKeyId)
    if (credentials === undefined) return refuse('InvalidAccessKeyId.NotFound')

    const now = spine.now()
    const refusal =
      headerRefusal(request, authorization) ??
      dateRefusal(request, now) ??
      tokenRefusal(request, credentials) ??
      signatureRefusal(request, authorization, credentials) ??
      expiryRefusal(credentials, now) ??
      // Last: a stranger must not be able to use up the nonce of a request that somebody else signed.
      (nonces.use(`${credentials.accessKeyId} ${request.headers.get('x-acs-signature-nonce')}`, now)
        ? undefined
        : commonError('SignatureNonceUsed'))
    return refusal === undefined ? { credentials } : { refusal }
  }
}

function refuse(code: string, message?: string): { refusal: EcsRefusal } {
  return { refusal: commonError(code, message) }
}

function headerRefusal(request: EcsRequest, { signedHeaders }: Authorization): EcsRefusal | undefined {
  const missing = REQUIRED_HEADERS.find((name) => !request.headers.get(name))
  if (missing !== undefined) {
    return commonError(
      'MissingParameter',
      `The input parameter "${missing}" that is mandatory for processing this request is not supplied.`,
    )
  }
  const mustBeSigned = [...request.headers.keys()].filter(isSignedHeader).toSorted()
  if (mustBeSigned.join(';') !== signedHeaders.join(';')) return commonError('IncompleteSignature')
  const isBodyAsSigned = sha256Hex(request.body) === request.headers.get('x-acs-content-sha256')
  return isBodyAsSigned ? undefined : commonError('SignatureDoesNotMatch')
}

function dateRefusal(request: EcsRequest, now: number): EcsRefusal | undefined {
  const date = request.headers.get('x-acs-date') ?? ''
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(date)) return commonError('InvalidTimeStamp.Format')
  // Written so that NaN, an impossible date, is refused too.
  return Math.abs(now - Date.parse(date)) <= MAX_SKEW_MS ? undefined : commonError('InvalidTimeStamp.Expired')
}

function tokenRefusal(request: EcsRequest, credentials: Credentials): EcsRefusal | undefined {
  const token = request.headers.get('x-acs-security-token')
  if (token === credentials.securityToken) return undefined
  return commonError(token === undefined ? 'MissingSecurityToken' : 'InvalidSecurityToken.MismatchWithAccessKey')
}

function signatureRefusal(
  request: EcsRequest,
  { signedHeaders, signature }: Authorization,
  { accessKeySecret }: Credentials,
): EcsRefusal | undefined {
  const canonicalRequest = toCanonicalRequest(request, signedHeaders)
  const stringToSign = toStringToSign(canonicalRequest)
  const expected = sign(stringToSign, accessKeySecret)
  if (timingSafeEqual(Buffer.from(expected, 'hex'), Buffer.from(signature, 'hex'))) return undefined
  // The real message quotes both, the security token in it included: whoever shows it to people must be found out.
  return commonError(
    'SignatureDoesNotMatch',
    `Specified signature does not match our calculation. server StringToSign is:${quote(stringToSign)} server CanonicalRequest is:${quote(canonicalRequest)}`,
  )
}

function quote(text: string): string {
  return `[${text}]`
}

function expiryRefusal({ expiresAt }: Credentials, now: number): EcsRefusal | undefined {
  return expiresAt !== undefined && expiresAt <= now ? commonError('InvalidSecurityToken.Expired') : undefined
}

/** Remembers nonces for as long as a request that carries them could still pass the date check. */
function createNonceMemory(): { use(nonce: string, now: number): boolean } {
  const usedAt = new Map<string, number>()
  return {
    use(nonce, now) {
      // A Map keeps the order of insertion, so the oldest come first.
      for (const [old, at] of usedAt) {
        if (at + 2 * MAX_SKEW_MS >= now) break
        usedAt.delete(old)
      }
      if (usedAt.has(nonce)) return false
      usedAt.set(nonce, now)
      return true
    },
  }
}
