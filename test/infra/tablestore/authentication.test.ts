import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Credentials } from '#infra/local/spine.ts'
import { startTablestore, tableParams } from '#support/local-tablestore.ts'
import { type RawRequest, answerSignature, sendRaw } from '#support/ots-wire.ts'
import { refusalOf } from '#support/tablestore-sdk.ts'

const { client, clientFor, spine, tablestore, url } = await startTablestore({
  spine: { policies: { gate: { Version: '1', Statement: [{ Effect: 'Allow', Action: ['*'], Resource: ['*'] }] } } },
})
const { operator } = spine.credentials
const MINUTE = 60_000

const list = (request: Partial<RawRequest> = {}) =>
  sendRaw(url, { operation: 'ListTable', body: Buffer.of(), credentials: operator, ...request })
const at = (offsetMs: number) => ({ headers: { 'x-ots-date': new Date(Date.now() + offsetMs).toISOString() } })

beforeAll(async () => {
  await client.createTable(tableParams('asks', { key: ['sKey'] }))
})

describe('a request that proves who sends it', () => {
  test.each([
    ['with a key that lasts', () => operator],
    ['with a short-lived key and its token', () => spine.credentials.issue('gate', { ttlMs: MINUTE })],
  ])('%s is served', async (_, issue) => {
    expect((await clientFor(issue()).listTable({})).tableNames).toEqual(['asks'])
    expect((await list({ credentials: issue() })).status).toBe(200)
  })

  test.each([-15 * MINUTE + 2000, 15 * MINUTE - 2000])('is served with a clock that is %i ms off', async (offset) => {
    expect((await list(at(offset))).status).toBe(200)
  })

  test('may say the date without milliseconds', async () => {
    const date = `${new Date().toISOString().slice(0, 19)}Z`
    expect((await list({ headers: { 'x-ots-date': date } })).status).toBe(200)
  })
})

describe('a request is refused', () => {
  const wrongMd5 = createHash('md5').update('other').digest('base64')
  test.each([
    ['for another instance', { headers: { 'x-ots-instancename': 'other' } }, /instance is not found/],
    ['with a clock 15 minutes slow', at(-15 * MINUTE - 2000), /Mismatch between system time/],
    ['with a clock 15 minutes fast', at(15 * MINUTE + 2000), /Mismatch between system time/],
    ['with the checksum of another body', { headers: { 'x-ots-contentmd5': wrongMd5 } }, /Mismatch between MD5/],
    ['with an unknown key', { credentials: { ...operator, accessKeyId: 'nobody' } }, /AccessKeyID does not exist/],
    ['with the wrong secret', { credentials: { ...operator, accessKeySecret: 'guess' } }, /Signature mismatch/],
    ['with an empty signature', { signature: '' }, /Signature mismatch/],
    ['with a signature that is no base64', { signature: '!'.repeat(28) }, /Signature mismatch/],
    ['with a token that its key does not have', { headers: { 'x-ots-ststoken': 'x' } }, /token is invalid/],
  ])('%s', async (_, request, message) => {
    const answer = await list(request)
    expect(answer).toMatchObject({ status: 403, code: 'OTSAuthFailed' })
    expect(answer.message).toMatch(message)
  })

  test.each([
    ['without its token', (key: Credentials) => ({ ...key, securityToken: undefined }), /token is missing/],
    ['with another token', (key: Credentials) => ({ ...key, securityToken: 'x' }), /token is invalid/],
    [
      'when it has expired',
      (key: Credentials) => {
        spine.credentials.expire(key.accessKeyId)
        return key
      },
      /token has expired/,
    ],
  ])('with a short-lived key %s', async (_, change, message) => {
    const { securityToken, ...key } = change(spine.credentials.issue('gate', { ttlMs: MINUTE }))
    const answer = await list({ credentials: { ...key, ...(securityToken !== undefined && { securityToken }) } })
    expect(answer).toMatchObject({ status: 403, code: 'OTSAuthFailed' })
    expect(answer.message).toMatch(message)
  })

  test.each(['x-ots-apiversion', 'x-ots-instancename', 'x-ots-contentmd5', 'x-ots-date', 'x-ots-accesskeyid'])(
    'without %s',
    async (name) => {
      expect(await list({ headers: { [name]: undefined } })).toMatchObject({
        status: 400,
        code: 'OTSParameterInvalid',
        message: `Missing header: ${name}.`,
      })
    },
  )

  test.each([
    ['of another API version', { 'x-ots-apiversion': '2014-08-08' }],
    ['with a date in words', { 'x-ots-date': 'Thu, 01 Jan 2026 00:00:00 GMT' }],
    ['with a date that does not exist', { 'x-ots-date': '2026-13-01T00:00:00.000Z' }],
  ])('%s', async (_, headers) => {
    expect(await list({ headers })).toMatchObject({ status: 400, code: 'OTSParameterInvalid' })
  })

  test('by GET', async () => {
    expect(await list({ method: 'GET' })).toMatchObject({ status: 405, code: 'OTSMethodNotAllowed' })
  })

  test.each([
    ['changed', { 'x-ots-date': new Date(Date.now() + MINUTE).toISOString() }],
    ['added', { 'x-ots-traceid': 'x' }],
  ])('with a header that was %s on the way', async (_, tampered) => {
    expect((await list({ headers: tampered })).status).toBe(200)
    const answer = await list({ tampered })
    expect(answer).toMatchObject({ status: 403, code: 'OTSAuthFailed', message: 'Signature mismatch.' })
  })

  test('without doing any of it', async () => {
    const stranger = clientFor({ ...operator, accessKeySecret: 'other' })
    expect(await refusalOf(stranger.deleteTable({ tableName: 'asks' }))).toMatchObject({ status: 403 })
    expect(tablestore.tables()).toEqual(['asks'])
  })

  test('and says nothing that a key would be needed for', async () => {
    const answer = await list({ signature: 'wrong' })
    expect(answer.headers['authorization']).toBeUndefined()
    expect(answer.headers['x-ots-contentmd5']).toBe(createHash('md5').update(answer.body).digest('base64'))
  })
})

describe('an answer proves where it comes from', () => {
  test.each([
    ['ListTable', 200],
    ['Nonsense', 400],
  ])('%s', async (operation, status) => {
    const { headers, body, ...answer } = await list({ operation })
    expect(answer.status).toBe(status)
    const signature = answerSignature(headers, `/${operation}`, operator.accessKeySecret)
    expect(headers['authorization']).toBe(`OTS ${operator.accessKeyId}:${signature}`)
    expect(headers['x-ots-contentmd5']).toBe(createHash('md5').update(body).digest('base64'))
    expect(headers['x-ots-contenttype']).toBe('protocol buffer')
    expect(Math.abs(Date.parse(headers['x-ots-date'] ?? '') - Date.now())).toBeLessThan(15 * MINUTE)
    expect(headers['x-ots-requestid']).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('each has its own request id', async () => {
    const ids = await Promise.all([list(), list()])
    expect(new Set(ids.map(({ headers }) => headers['x-ots-requestid'])).size).toBe(2)
  })
})
