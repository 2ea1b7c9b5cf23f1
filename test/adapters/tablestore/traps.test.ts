// What the official SDK would do to us, and does not: over real sockets, with the faults of the local cloud.
import { describe, expect, it, vi } from 'vitest'
import { createBook } from '#adapters/tablestore/book.ts'
import { RecordError } from '#adapters/tablestore/record-error.ts'
import type { Fault, FaultRule } from '#infra/local/spine.ts'
import { createLocalDriver, issueFor, startLocalCloud, type LocalDriverOptions } from '#support/local-cloud.ts'
import { createRecordingLog } from '#support/memory/log.ts'
import { newChain, newRow } from '#support/rows.ts'

const cloud = await startLocalCloud()
/** Short, so that what ends at the deadline ends soon; long enough for an answer on loopback on a busy machine. */
const TIMEOUT = 250

function setup(options: LocalDriverOptions = {}) {
  const { faults, operations } = cloud.spine
  faults.clear()
  const log = createRecordingLog()
  const book = createBook(createLocalDriver(cloud, { role: 'gate', recordTimeout: TIMEOUT, log, ...options }), 'asks')
  const mark = operations.mark()
  return {
    book,
    log,
    calls: () => operations.since(mark).map(({ operation }) => operation),
    plan: (operation: string, fault: Fault, rule: FaultRule | object = {}) => faults.add({ operation, fault, ...rule }),
  }
}

describe('an answer that is cut off', () => {
  it.each([true, false])('ends a read at the deadline, not never (silent: %s)', async (stall) => {
    const { book, plan, calls } = setup()
    const rows = newChain(1)
    for (const row of rows) await book.put(row)
    plan('GetRange', { kind: 'truncated', stall })
    const begun = performance.now()

    expect(await book.read(rows[0]?.stream ?? '')).toEqual(rows)
    expect(performance.now() - begun).toBeLessThan(2 * TIMEOUT)
    expect(calls()).toEqual(['PutRow', 'GetRange', 'GetRange'])
  })

  it('of every read ends in a fault after three of them', async () => {
    const { book, plan, calls } = setup()
    plan('GetRange', { kind: 'truncated', stall: true }, { times: null })
    const begun = performance.now()

    await expect(book.read('req_1')).rejects.toMatchObject({
      code: 'record_unavailable',
      failure: { kind: 'unknown', code: expect.stringMatching(/^(Deadline|TimeoutError|NetworkingError)$/) as string },
    })
    expect(performance.now() - begun).toBeLessThan(5 * TIMEOUT)
    expect(calls()).toEqual(['GetRange', 'GetRange', 'GetRange'])
  })

  it.each([true, false])('of a put is settled by reading (silent: %s)', async (stall) => {
    const { book, plan, calls } = setup()
    plan('PutRow', { kind: 'truncated', stall })

    expect(await book.put(newRow())).toBe('mine')
    expect(calls()).toEqual(['PutRow', 'GetRow'])
  })
})

describe('a put', () => {
  it.each<[string, Fault]>([
    ['an internal error', { kind: 'error', status: 500, code: 'OTSInternalServerError', applied: true }],
    ['a timeout inside the service', { kind: 'error', status: 503, code: 'OTSTimeout', applied: true }],
    ['a page of a gateway', { kind: 'html', status: 502, applied: true }],
    ['a reset', { kind: 'lost', applied: true }],
  ])('that was carried out and answered with %s is settled by reading', async (_, fault) => {
    const { book, plan, calls } = setup()
    plan('PutRow', fault)

    expect(await book.put(newRow())).toBe('mine')
    expect(calls()).toEqual(['PutRow', 'GetRow'])
  })

  it.each([
    [409, 'OTSRowOperationConflict'],
    [503, 'OTSServerBusy'],
    [404, 'OTSTableNotReady'],
  ])('that was answered with %i %s is put again without reading', async (status, code) => {
    const { book, plan, calls } = setup()
    plan('PutRow', { kind: 'error', status, code })

    expect(await book.put(newRow())).toBe('mine')
    expect(calls()).toEqual(['PutRow', 'PutRow'])
  })

  it('that lands after it was given up and put again leaves one row', async () => {
    const { book, plan, calls } = setup()
    const row = newRow()
    plan('PutRow', { kind: 'delayed', ms: 2 * TIMEOUT, before: true })

    expect(await book.put(row)).toBe('mine')
    await vi.waitFor(() => expect(calls().filter((operation) => operation === 'PutRow')).toHaveLength(2))
    expect(await book.read(row.stream)).toEqual([row])
  })

  it('that lands between the reading and the second put is still recognised', async () => {
    const { book, plan } = setup()
    const row = newRow()
    plan('PutRow', { kind: 'delayed', ms: TIMEOUT + 100, before: true })
    // What it read was true when it was read; when the answer comes it no longer is.
    plan('GetRow', { kind: 'delayed', ms: 180, before: false })

    expect(await book.put(row)).toBe('mine')
    expect(await book.read(row.stream)).toEqual([row])
  })

  it('that was carried out although the service denies it is recognised when it is put again', async () => {
    const { book, plan, calls } = setup()
    plan('PutRow', { kind: 'error', status: 503, code: 'OTSServerBusy', applied: true })

    expect(await book.put(newRow())).toBe('mine')
    expect(calls()).toEqual(['PutRow', 'PutRow', 'GetRow'])
  })

  it.each([true, false])(
    'without any answer ends unclear (carried out: %s), also when nothing can be read',
    async (applied) => {
      const { book, plan } = setup()
      const row = newRow()
      plan('PutRow', { kind: 'lost', applied }, { times: null })
      plan('GetRow', { kind: 'lost', applied }, { times: null })
      const begun = performance.now()

      await expect(book.put(row)).rejects.toMatchObject({ code: 'record_unclear', failure: { kind: 'unknown' } })
      expect(performance.now() - begun).toBeLessThan(5 * TIMEOUT)
      expect(await book.read(row.stream)).toHaveLength(applied ? 1 : 0)
    },
  )

  it('that is never carried out ends unavailable, which is not unclear', async () => {
    const { book, plan } = setup()
    plan('PutRow', { kind: 'error', status: 503, code: 'OTSServerBusy' }, { times: null })

    await expect(book.put(newRow())).rejects.toMatchObject({ code: 'record_unavailable' })
  })

  it('stays unclear when the credentials end after the answer was lost', async () => {
    const [fresh, ended] = [issueFor(cloud, 'gate'), issueFor(cloud, 'gate')]
    cloud.spine.credentials.expire(ended.accessKeyId)
    const given = [fresh, ended]
    const { book, plan } = setup({ credentials: () => given.shift() ?? ended })
    plan('PutRow', { kind: 'lost', applied: false })

    await expect(book.put(newRow())).rejects.toMatchObject({ code: 'record_unclear', failure: { kind: 'rejected' } })
  })

  it('of a number that cannot be stored exactly sends nothing', async () => {
    const { book, calls } = setup()

    await expect(book.put(newRow({ at: 1.5 }))).rejects.toThrow(TypeError)
    expect(calls()).toEqual([])
  })
})

describe('the SDK', () => {
  it('repeats nothing by itself', async () => {
    const { book, plan, calls } = setup()
    plan('GetRange', { kind: 'error', status: 503, code: 'OTSServerUnavailable' }, { times: null })

    await expect(book.read('req_1')).rejects.toBeInstanceOf(RecordError)
    expect(calls()).toEqual(['GetRange', 'GetRange', 'GetRange'])
  })

  it('is asked for nothing twice that was refused', async () => {
    const { book, calls } = setup({ role: 'starter' })

    await expect(book.put(newRow())).rejects.toMatchObject({
      code: 'record_refused',
      failure: { kind: 'rejected', code: 'OTSNoPermissionAccess', status: 403 },
    })
    expect(calls()).toEqual(['PutRow'])
  })

  it('signs each call with the credentials of that moment', async () => {
    let current = issueFor(cloud, 'gate')
    const { book } = setup({ credentials: () => current })
    const row = newRow()
    await book.put(row)
    cloud.spine.credentials.expire(current.accessKeyId)
    await expect(book.read(row.stream)).rejects.toMatchObject({ code: 'record_refused' })
    current = issueFor(cloud, 'gate')

    expect(await book.read(row.stream)).toEqual([row])
  })

  it('keeps its errors to itself: no key, secret, token or signature gets out', async () => {
    const credentials = issueFor(cloud, 'starter')
    const { book, log, plan } = setup({ credentials: () => credentials })
    plan('GetRange', { kind: 'html', status: 502, applied: false }, { times: null })
    const errors = await Promise.all([caught(book.put(newRow())), caught(book.read('req_1'))])
    const shown = [...errors, ...errors.map((error) => JSON.stringify(error)), JSON.stringify(log.lines)].join('\n')

    expect(log.lines.length).toBeGreaterThan(0)
    for (const secret of [credentials.accessKeyId, credentials.accessKeySecret, credentials.securityToken, 'OTS STS'])
      expect(shown).not.toContain(secret)
  })
})

async function caught(call: Promise<unknown>): Promise<Error> {
  const thrown = await call.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(thrown instanceof Error)) throw new Error('the call succeeded')
  return thrown
}
