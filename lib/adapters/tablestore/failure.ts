// What a failed call means. The SDK gives the HTTP status as the code and leaves the service's own code in the message.

/** Says nothing of the SDK's error but this: it carries the signed headers of the request. */
export interface Failure {
  /**
   * What is known of a write. `condition`: a row was or was not there, so this attempt changed nothing. `rejected`: it
   * changed nothing and would be refused again. `not_applied`: it changed nothing and may be repeated. `unknown`: it may
   * have been carried out, now or a while later.
   */
  readonly kind: 'condition' | 'rejected' | 'not_applied' | 'unknown'
  /** `OTSConditionCheckFail`, or what the transport says: `NetworkingError`, `TimeoutError`. */
  readonly code: string
  readonly status?: number
  readonly requestId?: string
}

export const DEADLINE: Failure = { kind: 'unknown', code: 'Deadline' }

/** The service says in so many words that it did not carry the call out; its own SDKs repeat writes on these too. */
const NOT_APPLIED: ReadonlySet<string> = new Set([
  'OTSRowOperationConflict',
  'OTSServerBusy',
  'OTSPartitionUnavailable',
  'OTSTableNotReady',
  'OTSNotEnoughCapacityUnit',
  'OTSCapacityUnitExhausted',
  'OTSQuotaExhausted',
])

/** Below 500, yet no refusal: a timeout stays one whatever status it comes with. */
const AMBIGUOUS: ReadonlySet<string> = new Set(['OTSTimeout', 'OTSServerUnavailable', 'OTSInternalServerError'])

export function toFailure(error: unknown): Failure {
  const { code, headers } = readFields(error)
  const own = otsCode(error)
  if (own === undefined) return { kind: 'unknown', code: toTransportCode(error) }
  const status = Number(code)
  const requestId = headers?.['x-ots-requestid']
  return {
    kind: toKind(own, status),
    code: own,
    status,
    ...(typeof requestId === 'string' ? { requestId } : {}),
  }
}

function toKind(code: string, status: number): Failure['kind'] {
  if (code === 'OTSConditionCheckFail') return 'condition'
  if (NOT_APPLIED.has(code)) return 'not_applied'
  return status >= 500 || AMBIGUOUS.has(code) ? 'unknown' : 'rejected'
}

/** The service's code out of the message, which is the answer's protobuf as text: `\n`, a length, the code. */
export function otsCode(error: unknown): string | undefined {
  const { code, message } = readFields(error)
  if (typeof code !== 'number' || typeof message !== 'string' || !message.startsWith('\n')) return undefined
  const found = message.slice(2, 2 + message.charCodeAt(1))
  return /^OTS[A-Za-z]+$/.test(found) ? found : undefined
}

/** A name is enough; a message could hold anything. */
function toTransportCode(error: unknown): string {
  const { code, name } = readFields(error)
  const words = [code, name].filter((word) => typeof word === 'string' || typeof word === 'number').map(String)
  return words.find((word) => /^[A-Za-z0-9_]{3,40}$/.test(word)) ?? 'Error'
}

function readFields(error: unknown): {
  readonly code?: unknown
  readonly name?: unknown
  readonly message?: unknown
  readonly headers?: Readonly<Record<string, unknown>>
} {
  return typeof error === 'object' && error !== null ? error : {}
}
