import type { Failure } from './failure.ts'

/**
 * `record_unclear`: a write may have been carried out or not, and could not be settled in time. `record_unavailable`: it
 * was not carried out, or nothing could be read. `record_refused`: the service refuses it, and would again: a matter of
 * permissions, of tables, or a fault of ours.
 */
export type RecordErrorCode = 'record_unclear' | 'record_unavailable' | 'record_refused'

/** A fault of the record. Not this: a row that somebody else put first, which is an answer. */
export class RecordError extends Error {
  override readonly name = 'RecordError'
  readonly code: RecordErrorCode
  readonly failure: Failure

  constructor(code: RecordErrorCode, what: string, failure: Failure) {
    const { status, requestId } = failure
    const details = [
      failure.code,
      ...(status === undefined ? [] : [status]),
      ...(requestId === undefined ? [] : [requestId]),
    ]
    super(`${what}: ${SAYS[code]} (${details.join(', ')})`)
    this.code = code
    this.failure = failure
  }
}

const SAYS: Readonly<Record<RecordErrorCode, string>> = {
  record_unclear: 'no clear outcome in time',
  record_unavailable: 'Tablestore did not carry it out in time',
  record_refused: 'refused by Tablestore',
}
