import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Fault } from '#infra/local/spine.ts'
import { startTablestore, tableParams } from '#support/local-tablestore.ts'
import { plainRow, proto, sendRaw, text, toSigned } from '#support/ots-wire.ts'
import { ignore, refusalOf } from '#support/tablestore-sdk.ts'

const policies = {
  gate: { Version: '1' as const, Statement: [{ Effect: 'Allow' as const, Action: ['*'], Resource: ['*'] }] },
}
const { client, clientFor, spine, tablestore, url } = await startTablestore({ spine: { policies } })
const functions = {
  crash: vi.fn<(instance: string) => void>(),
  freeze: vi.fn<(instance: string, ms: number) => void>(),
}
spine.attachFunctions(functions)

const tableName = 'asks'
const put = (of = client) =>
  of.putRow({ tableName, primaryKey: [{ sKey: 'a' }], condition: ignore(), attributeColumns: [{ c: 'x'.repeat(100) }] })
const isWritten = () => tablestore.rows(tableName).length === 1
const plan = (fault: Fault) => spine.faults.add({ service: 'ots', operation: 'PutRow', fault })
const lines = (mark: number) => spine.operations.since(mark)
let mark = 0

beforeEach(async () => {
  spine.faults.clear()
  vi.clearAllMocks()
  if (tablestore.tables().length > 0) await client.deleteTable({ tableName })
  await client.createTable(tableParams(tableName, { key: ['sKey'] }))
  mark = spine.operations.mark()
})

describe.each([true, false])('applied: %s', (applied) => {
  test('a lost call is a reset connection', async () => {
    plan({ kind: 'lost', applied })
    await expect(put()).rejects.toMatchObject({
      code: 'NetworkingError',
      message: expect.stringMatching(/ECONNRESET/),
    })
    expect(isWritten()).toBe(applied)
    expect(lines(mark)).toMatchObject([{ operation: 'PutRow', status: 0, fault: 'lost', subject: 'asks (a)' }])
  })

  test('an error has the shape of the service', async () => {
    plan({ kind: 'error', status: 503, code: 'OTSServerBusy', message: 'Server is busy.', applied })
    const refusal = await refusalOf(put())
    expect(refusal).toMatchObject({ status: 503, code: 'OTSServerBusy' })
    expect(refusal.message).toContain('Server is busy.')
    expect(isWritten()).toBe(applied)
    expect(lines(mark)).toMatchObject([{ status: 503, code: 'OTSServerBusy', fault: 'error' }])
  })

  test('a page comes from a gateway, which signs nothing', async () => {
    plan({ kind: 'html', status: 502, applied })
    await expect(put()).rejects.toMatchObject({ code: 502, message: expect.stringContaining('<html>') })
    expect(isWritten()).toBe(applied)
    expect(lines(mark)).toMatchObject([{ status: 502, fault: 'html' }])
    plan({ kind: 'html', status: 504, applied })
    const operator = spine.credentials.operator
    const answer = await sendRaw(url, { operation: 'PutRow', credentials: operator, body: putBody() })
    expect(answer.headers['authorization']).toBeUndefined()
    expect(answer.headers['content-type']).toBe('text/html')
  })

  test('a crash kills the instance that called, which hears nothing', async () => {
    plan({ kind: 'crash', applied })
    const key = spine.credentials.issue('gate', { ttlMs: 60_000, functionInstance: 'gate-1' })
    await expect(put(clientFor(key))).rejects.toMatchObject({ code: 'NetworkingError' })
    expect(functions.crash.mock.calls).toEqual([['gate-1']])
    expect(isWritten()).toBe(applied)
    expect(lines(mark)).toMatchObject([{ role: 'gate', status: 0, fault: 'crash' }])
  })

  test('a freeze stops the instance, and the call ends well', async () => {
    plan({ kind: 'freeze', applied, ms: 40 })
    const key = spine.credentials.issue('gate', { ttlMs: 60_000, functionInstance: 'gate-1' })
    functions.freeze.mockImplementation(() => expect(isWritten()).toBe(applied))
    const started = performance.now()
    await put(clientFor(key))
    // A request that left before the freeze is answered at once; one that did not leaves after it.
    if (!applied) expect(performance.now() - started).toBeGreaterThanOrEqual(39)
    expect(functions.freeze.mock.calls).toEqual([['gate-1', 40]])
    expect(isWritten()).toBe(true)
    expect(lines(mark)).toMatchObject([{ status: 200, fault: 'freeze' }])
  })

  test('nobody is killed or frozen when the operator calls', async () => {
    plan({ kind: 'crash', applied })
    await expect(put()).rejects.toMatchObject({ code: 'NetworkingError' })
    plan({ kind: 'freeze', applied, ms: 1 })
    await put()
    expect(functions.crash).not.toHaveBeenCalled()
    expect(functions.freeze).not.toHaveBeenCalled()
  })
})

test('credentials that expire are refused, and so is every later call with them', async () => {
  plan({ kind: 'expired' })
  const key = spine.credentials.issue('gate', { ttlMs: 60_000, functionInstance: 'gate-1' })
  for (const fault of ['expired', undefined]) {
    expect(await refusalOf(put(clientFor(key)))).toMatchObject({ status: 403, code: 'OTSAuthFailed' })
    expect(lines(mark).at(-1)?.fault).toBe(fault)
  }
  expect(isWritten()).toBe(false)
  await put(clientFor(spine.credentials.issue('gate', { ttlMs: 60_000 })))
  expect(isWritten()).toBe(true)
})

describe('a truncated answer', () => {
  const settled = async (call: Promise<unknown>, ms: number) => {
    const quiet = new Promise((resolve) => setTimeout(resolve, ms, 'silent'))
    return Promise.race([
      call.then(
        () => 'answered',
        () => 'failed',
      ),
      quiet,
    ])
  }

  test('leaves the SDK waiting for ever, and the row written', async () => {
    plan({ kind: 'truncated', stall: false })
    expect(await settled(put(), 100)).toBe('silent')
    expect(isWritten()).toBe(true)
    expect(lines(mark)).toMatchObject([{ status: 200, fault: 'truncated' }])
  })

  test.each(['PutRow', 'DeleteTable'])('of %s ends before the length that it announced', async (operation) => {
    spine.faults.add({ operation, fault: { kind: 'truncated', stall: false } })
    const body = operation === 'PutRow' ? putBody() : proto([1, tableName])
    const answer = await request(operation, body)
    expect(answer.status).toBe(200)
    expect(Number(answer.headers.get('content-length'))).toBeGreaterThan(0)
    await expect(answer.arrayBuffer()).rejects.toThrow(/terminated/)
  })

  test('that stalls neither ends nor goes on', async () => {
    plan({ kind: 'truncated', stall: true })
    const answer = await request('PutRow', putBody())
    expect(answer.status).toBe(200)
    const reader = answer.body?.getReader()
    const first = await reader?.read()
    expect(first?.value?.length).toBe(Math.floor(Number(answer.headers.get('content-length')) / 2))
    const second = reader?.read() ?? Promise.resolve()
    expect(await settled(second, 50)).toBe('silent')
    await reader?.cancel()
  })

  const request = (operation: string, body: Buffer) =>
    fetch(toSigned(url, { operation, body, credentials: spine.credentials.operator }))
})

describe('a delayed call', () => {
  test.each([true, false])('is carried out before the delay or after it: %s', async (before) => {
    plan({ kind: 'delayed', ms: 40, before })
    const started = performance.now()
    const call = put()
    await vi.waitFor(() => expect(spine.faults.list()[0]?.hits).toBe(1), { interval: 1 })
    expect(isWritten()).toBe(!before)
    await call
    expect(isWritten()).toBe(true)
    expect(performance.now() - started).toBeGreaterThanOrEqual(39)
    expect(lines(mark)).toMatchObject([{ status: 200, fault: 'delayed' }])
  })
})

test('a call that is refused before does not use the plan up', async () => {
  plan({ kind: 'lost', applied: false })
  const stranger = clientFor(spine.credentials.issue('nobody', { ttlMs: 60_000 }))
  expect((await refusalOf(put(stranger))).code).toBe('OTSNoPermissionAccess')
  expect((await refusalOf(put(clientFor({ ...spine.credentials.operator, accessKeySecret: 'x' })))).status).toBe(403)
  expect(spine.faults.list()).toMatchObject([{ seen: 0, hits: 0 }])
})

test('a fault befalls the row that it names', async () => {
  spine.faults.add({ subject: 'asks (b)', fault: { kind: 'lost', applied: false } })
  await put()
  const other = client.getRow({ tableName, primaryKey: [{ sKey: 'b' }] })
  await expect(other).rejects.toMatchObject({ code: 'NetworkingError' })
})

function putBody(): Buffer {
  return proto([1, tableName], [2, plainRow({ key: [{ name: 'sKey', value: text('a') }] })], [3, proto([1, 0])])
}
