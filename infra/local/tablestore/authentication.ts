// Who calls: the checks that a request passes before anything of its body is read.

import type { Credentials, Spine } from '#infra/local/spine.ts'
import { MAX_CLOCK_SKEW_MS } from './limits.ts'
import { authFailed, invalid } from './refusal.ts'
import { type Headers, contentMd5, isSame, signRequest } from './signature.ts'

export interface Request {
  /** As it was sent: it is signed. */
  readonly path: string
  readonly headers: Headers
  readonly body: Buffer
}

const API_VERSION = '2015-12-31'

/** 400 OTSParameterInvalid for headers missing or malformed, 403 OTSAuthFailed for all that does not prove who calls. */
export function authenticate(spine: Spine, instance: string, request: Request): Credentials {
  const { path, headers, body } = request
  const version = header(headers, 'x-ots-apiversion')
  if (version !== API_VERSION) throw invalid(`Invalid API version: ${version}.`)
  if (header(headers, 'x-ots-instancename') !== instance) throw authFailed('The instance is not found.')
  checkDate(header(headers, 'x-ots-date'), spine.now())
  if (header(headers, 'x-ots-contentmd5') !== contentMd5(body)) {
    throw authFailed('Mismatch between MD5 value of request body and x-ots-contentmd5 in header.')
  }
  const signature = header(headers, 'x-ots-signature')
  const credentials = spine.credentials.find(header(headers, 'x-ots-accesskeyid'))
  if (credentials === undefined) throw authFailed('The AccessKeyID does not exist.')
  if (!isSame(signature, signRequest(credentials.accessKeySecret, path, headers))) {
    throw authFailed('Signature mismatch.')
  }
  checkToken(credentials, headers['x-ots-ststoken'], spine.now())
  return credentials
}

function header(headers: Headers, name: string): string {
  const value = headers[name]
  if (value === undefined) throw invalid(`Missing header: ${name}.`)
  return value
}

const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/

function checkDate(date: string, now: number): void {
  const at = DATE.test(date) ? Date.parse(date) : Number.NaN
  if (Number.isNaN(at)) throw invalid(`Invalid date format: ${date}.`)
  if (Math.abs(at - now) > MAX_CLOCK_SKEW_MS) {
    throw authFailed(`Mismatch between system time and x-ots-date: ${date}.`)
  }
}

/** A short-lived key is nothing without its token, and a long-lived key has none. */
function checkToken({ securityToken, expiresAt }: Credentials, sent: string | undefined, now: number): void {
  if (securityToken !== undefined && sent === undefined) throw authFailed('The security token is missing.')
  if (sent !== undefined && !isSame(sent, securityToken ?? '')) throw authFailed('The security token is invalid.')
  if (expiresAt !== undefined && expiresAt <= now) throw authFailed('The security token has expired.')
}
