import { describe, expect, it } from 'vitest'
import { readThrown } from '#adapters/ecs/thrown.ts'

const URL_WITH_TOKEN = 'POST https://ecs.example/?InstanceId=i-1&SecurityToken=sekret failed.'

function thrown(name: string, fields: object = {}): Error {
  return Object.assign(new Error(URL_WITH_TOKEN), { name, ...fields })
}

describe('an error that ECS answered with', () => {
  it.each([
    ['ClientError', { code: 'IncorrectInstanceStatus', statusCode: 403 }],
    ['ServerError', { code: 'InternalError', statusCode: 500 }],
    ['ThrottlingError', { code: 'Throttling.User', statusCode: 400 }],
  ])('%s keeps its code, status and request id', (name, { code, statusCode }) => {
    expect(readThrown(thrown(name, { code, statusCode, requestId: 'A-1', data: {} }))).toEqual({
      kind: 'answered',
      answer: { code, status: statusCode, requestId: 'A-1' },
    })
  })

  it('says how long to wait', () => {
    const fields = { code: 'Throttling', statusCode: 400, requestId: 'A-1' }

    expect(readThrown(thrown('ThrottlingError', { ...fields, retryAfter: 1500 }))).toMatchObject({ retryAfter: 1500 })
    expect(readThrown(thrown('ThrottlingError', { ...fields, retryAfter: 0 }))).not.toHaveProperty('retryAfter')
  })

  it('says which permission is missing, and nothing more of the denial', () => {
    const accessDeniedDetail = {
      AuthAction: 'ecs:StartInstance',
      NoPermissionType: 'ImplicitDeny',
      AuthPrincipalDisplayName: 'role/name',
      EncodedDiagnosticMessage: 'AQIB…',
    }
    const fields = { code: 'Forbidden.RAM', statusCode: 403, requestId: 'A-1', accessDeniedDetail }

    expect(readThrown(thrown('ClientError', fields))).toEqual({
      kind: 'answered',
      answer: { code: 'Forbidden.RAM', status: 403, requestId: 'A-1', detail: 'ecs:StartInstance, ImplicitDeny' },
    })
  })

  it('may lack a request id, which the SDK calls undefined', () => {
    const fields = { code: 'Throttling', statusCode: 503, requestId: 'undefined' }

    expect(readThrown(thrown('ThrottlingError', fields))).toEqual({
      kind: 'answered',
      answer: { code: 'Throttling', status: 503 },
    })
  })

  it.each([
    ['no code', { code: 'undefined', statusCode: 403 }],
    ['no status', { code: 'Forbidden.RAM' }],
    ['a code that is a page', { code: '<html>\n', statusCode: 403 }],
  ])('with %s is no answer', (_, fields) => {
    expect(readThrown(thrown('ClientError', fields)).kind).toBe('no_answer')
  })
})

describe('not sent', () => {
  it.each([
    ['a refused connection', thrown('Error', { code: 'ECONNREFUSED', syscall: 'connect' })],
    ['a connection that timed out', thrown('Error', { code: 'ETIMEDOUT', syscall: 'connect' })],
    ['an unknown host', thrown('Error', { code: 'ENOTFOUND', syscall: 'getaddrinfo' })],
    ['every address refused', thrown('AggregateError', { code: 'ECONNREFUSED', errors: [{ syscall: 'connect' }] })],
    ['a certificate nobody trusts', thrown('Error', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })],
    ['a certificate of another host', thrown('Error', { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })],
    ['no credentials', thrown('ClientError', { code: 'InvalidCredentials' })],
  ])('is %s', (_, error) => {
    expect(readThrown(error).kind).toBe('not_sent')
  })
})

describe('no answer', () => {
  it.each([
    ['a timeout, even one that is called ConnectTimeout', thrown('RequestTimeoutError'), 'RequestTimeoutError'],
    ['a reset', thrown('Error', { code: 'ECONNRESET' }), 'ECONNRESET'],
    ['a reset while reading', thrown('Error', { code: 'ECONNRESET', syscall: 'read' }), 'ECONNRESET'],
    ['a page of a gateway', new SyntaxError('Unexpected token < in JSON'), 'SyntaxError'],
    ['an empty answer', new TypeError('Cannot read properties of null'), 'TypeError'],
    [
      'addresses of which one was connected',
      thrown('AggregateError', { errors: [{ syscall: 'connect' }, {}] }),
      'AggregateError',
    ],
    ['no addresses at all', thrown('AggregateError', { errors: [] }), 'AggregateError'],
    ['a code from the service without its name', thrown('Error', { code: 'InvalidCredentials' }), 'InvalidCredentials'],
    ['something that is no error', 'no', 'Error'],
    ['nothing', undefined, 'Error'],
    ['a name that could hold anything', thrown('a b\nc'), 'Error'],
  ])('is %s', (_, error, detail) => {
    expect(readThrown(error)).toEqual({ kind: 'no_answer', detail })
  })
})
