// What the SDK throws, told by names and codes alone: its messages hold whole URLs, and its classes lose their names when
// they are bundled.
import type { Answer } from '#core/runs.ts'

export type Thrown =
  | { readonly kind: 'answered'; readonly answer: Answer; readonly retryAfter?: number }
  | { readonly kind: 'not_sent'; readonly detail: string }
  | { readonly kind: 'no_answer'; readonly detail: string }

export function readThrown(error: unknown): Thrown {
  const fields: Fields = typeof error === 'object' && error !== null ? error : {}
  const answer = toAnswer(fields)
  if (answer !== undefined) {
    const { retryAfter } = fields
    return typeof retryAfter === 'number' && retryAfter > 0
      ? { kind: 'answered', answer, retryAfter }
      : { kind: 'answered', answer }
  }
  return { kind: isNotSent(fields) ? 'not_sent' : 'no_answer', detail: toDetail(fields) }
}

interface Fields {
  readonly name?: unknown
  readonly code?: unknown
  readonly statusCode?: unknown
  readonly requestId?: unknown
  readonly retryAfter?: unknown
  readonly accessDeniedDetail?: unknown
  readonly syscall?: unknown
  readonly errors?: unknown
}

const ANSWERS = ['ClientError', 'ServerError', 'ThrottlingError']

/** The SDK writes `undefined` where an answer lacks a code: that is not the service speaking. */
function toAnswer({ name, code, statusCode, requestId, accessDeniedDetail }: Fields): Answer | undefined {
  if (!ANSWERS.includes(String(name)) || typeof statusCode !== 'number') return undefined
  if (typeof code !== 'string' || code === 'undefined' || !/^[A-Za-z][\w.%-]{1,199}$/.test(code)) return undefined
  const detail = toDenial(accessDeniedDetail)
  return {
    code,
    status: statusCode,
    ...(isWord(requestId) && requestId !== 'undefined' ? { requestId } : {}),
    ...(detail === undefined ? {} : { detail }),
  }
}

/** Which permission is missing, and how: the only part of a denial that helps and gives nothing away. */
function toDenial(detail: unknown): string | undefined {
  if (typeof detail !== 'object' || detail === null) return undefined
  const { AuthAction, NoPermissionType } = detail as Readonly<Record<string, unknown>>
  const words = [AuthAction, NoPermissionType].filter(isWord)
  return words.length === 0 ? undefined : words.join(', ')
}

/**
 * Only what fails before the request can leave: no address, no connection, no trusted peer, no credentials. A timeout is
 * none of these, although the SDK calls one `ConnectTimeout`: it comes up on a connection that is open, too.
 */
function isNotSent({ name, code, statusCode, syscall, errors }: Fields): boolean {
  if (syscall === 'connect' || syscall === 'getaddrinfo') return true
  if (Array.isArray(errors) && errors.length > 0) {
    // One error for each address that was tried.
    return errors.every((each: Fields) => each?.syscall === 'connect')
  }
  if (name === 'ClientError' && code === 'InvalidCredentials' && statusCode === undefined) return true
  return typeof code === 'string' && UNTRUSTED.test(code)
}

const UNTRUSTED = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY)_|ERR_TLS_CERT_ALTNAME_INVALID$)/

function toDetail({ name, code }: Fields): string {
  const words = [name, code].filter(isWord).filter((word) => word !== 'Error')
  return words.length === 0 ? 'Error' : [...new Set(words)].join(' ')
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9][\w:.-]{0,99}$/.test(value)
}
