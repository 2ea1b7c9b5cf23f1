import { describe, expect, it } from 'vitest'
import { otsCode, toFailure } from '#adapters/tablestore/failure.ts'

describe('the code of a service error', () => {
  it('is read out of the message, which holds the answer as text', () => {
    expect(otsCode(serviceError('OTSConditionCheckFail', 403))).toBe('OTSConditionCheckFail')
    expect(otsCode(serviceError('OTSServerBusy', 503, 'x'.repeat(300)))).toBe('OTSServerBusy')
  })

  it.each([
    ['a transport error', { code: 'NetworkingError', message: '\n\u0008OTSThing' }],
    ['a page of a gateway', { code: 502, message: '<html>OTSServerBusy</html>' }],
    ['a code that is none', { code: 503, message: '\n\u0005hello' }],
    ['a length past the end', { code: 503, message: '\n' }],
    ['no error object', 'OTSServerBusy'],
    ['nothing', undefined],
  ])('is not found in %s', (_, error) => {
    expect(otsCode(error)).toBeUndefined()
  })
})

describe('a failed write', () => {
  it.each([
    ['OTSConditionCheckFail', 403, 'condition'],
    ['OTSRowOperationConflict', 409, 'not_applied'],
    ['OTSServerBusy', 503, 'not_applied'],
    ['OTSPartitionUnavailable', 503, 'not_applied'],
    ['OTSTableNotReady', 404, 'not_applied'],
    ['OTSNotEnoughCapacityUnit', 403, 'not_applied'],
    ['OTSTimeout', 503, 'unknown'],
    ['OTSServerUnavailable', 503, 'unknown'],
    ['OTSInternalServerError', 500, 'unknown'],
    ['OTSSomethingNew', 500, 'unknown'],
    ['OTSTimeout', 400, 'unknown'],
    ['OTSAuthFailed', 403, 'rejected'],
    ['OTSNoPermissionAccess', 403, 'rejected'],
    ['OTSParameterInvalid', 400, 'rejected'],
    ['OTSObjectNotExist', 404, 'rejected'],
  ])('%s (%i) is known to be: %s', (code, status, kind) => {
    expect(toFailure(serviceError(code, status))).toEqual({ kind, code, status, requestId: '0005-ab' })
  })

  it.each([
    ['a reset', Object.assign(new Error('socket hang up'), { code: 'NetworkingError' }), 'NetworkingError'],
    ['a page of a gateway', Object.assign(new Error('<html>'), { code: 502, name: 'Error' }), '502'],
    ['an empty 403', Object.assign(new Error(''), { code: 'Forbidden' }), 'Forbidden'],
    ['a 200 that is no answer', new RangeError('index out of range: 3 + 104 > 9'), 'RangeError'],
    ['something thrown that is no error', 'no', 'Error'],
    ['a code that could hold anything', { code: 'secret\nlines', name: 'Error' }, 'Error'],
  ])('by %s is unknown', (_, error, code) => {
    expect(toFailure(error)).toEqual({ kind: 'unknown', code })
  })
})

/** As the SDK gives it: the HTTP status as the code, the answer's protobuf as the message. */
function serviceError(code: string, status: number, message = 'Something is wrong.'): Error {
  const text = `\n${String.fromCharCode(code.length)}${code}\u0012\u0013${message} requestId:0005-ab`
  return Object.assign(new Error(text), {
    code: status,
    headers: { 'x-ots-requestid': '0005-ab', authorization: 'OTS key' },
  })
}
