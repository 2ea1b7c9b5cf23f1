import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type LocalTablestore, startTablestore, tableParams } from '#support/local-tablestore.ts'
import { type SdkClient, ignore, long, refusalOf, sdk } from '#support/tablestore-sdk.ts'

const resource = (table: string): string => `acs:ots:cn-hangzhou:1234567890123456:instance/startgate/table/${table}`
const local: LocalTablestore = await startTablestore({
  spine: {
    policies: {
      reader: {
        Version: '1',
        Statement: [{ Effect: 'Allow', Action: ['ots:*'], Resource: [resource('asks')] }],
      },
      lister: { Version: '1', Statement: [{ Effect: 'Allow', Action: ['ots:ListTable'], Resource: [resource('*')] }] },
    },
  },
})
const { client, spine, tablestore } = local
const as = (role: string): SdkClient => local.clientFor(spine.credentials.issue(role, { ttlMs: 60_000 }))
const primaryKey = [{ sRequest: 'req_1' }, { iSeq: long(2) }]
const range = {
  direction: sdk.Direction.FORWARD,
  inclusiveStartPrimaryKey: [{ sRequest: 'req_1' }, { iSeq: sdk.INF_MIN }],
  exclusiveEndPrimaryKey: [{ sRequest: 'req_1' }, { iSeq: sdk.INF_MAX }],
}

/** One call of each operation that names a table. */
const calls: readonly (readonly [string, (of: SdkClient, tableName: string) => Promise<unknown>])[] = [
  ['PutRow', (of, tableName) => of.putRow({ tableName, primaryKey, condition: ignore(), attributeColumns: [] })],
  [
    'UpdateRow',
    (of, tableName) =>
      of.updateRow({
        tableName,
        primaryKey,
        condition: ignore(),
        updateOfAttributeColumns: [{ PUT: [{ body: 'secret' }] }],
      }),
  ],
  ['DeleteRow', (of, tableName) => of.deleteRow({ tableName, primaryKey, condition: ignore() })],
  ['GetRow', (of, tableName) => of.getRow({ tableName, primaryKey })],
  ['GetRange', (of, tableName) => of.getRange({ tableName, ...range })],
  ['BatchGetRow', (of, tableName) => of.batchGetRow({ tables: [{ tableName, primaryKey: [primaryKey] }] })],
  [
    'BatchWriteRow',
    (of, tableName) =>
      of.batchWriteRow({ tables: [{ tableName, rows: [{ type: 'DELETE', primaryKey, condition: ignore() }] }] }),
  ],
  ['DescribeTable', (of, tableName) => of.describeTable({ tableName })],
]

beforeAll(async () => {
  for (const name of ['asks', 'runs']) await client.createTable(tableParams(name, { key: ['sRequest', 'iSeq'] }))
})

describe('a role', () => {
  test.each(calls)('is asked for %s on the table', async (_, call) => {
    await call(as('reader'), 'asks')
    expect(await refusalOf(call(as('reader'), 'runs'))).toMatchObject({ status: 403, code: 'OTSNoPermissionAccess' })
    expect(await refusalOf(call(as('lister'), 'asks'))).toMatchObject({ status: 403, code: 'OTSNoPermissionAccess' })
  })

  test('needs permission on every table of a batch', async () => {
    const tables = ['asks', 'runs'].map((tableName) => ({
      tableName,
      rows: [{ type: 'PUT', primaryKey, condition: ignore(), attributeColumns: [] }],
      primaryKey: [primaryKey],
    }))
    expect((await refusalOf(as('reader').batchWriteRow({ tables }))).code).toBe('OTSNoPermissionAccess')
    expect((await refusalOf(as('reader').batchGetRow({ tables }))).code).toBe('OTSNoPermissionAccess')
    expect(tablestore.rows('asks')).toEqual([])
  })

  test('needs permission to list, create and delete tables', async () => {
    expect((await as('lister').listTable({})).tableNames).toEqual(['asks', 'runs'])
    expect((await refusalOf(as('reader').listTable({}))).code).toBe('OTSNoPermissionAccess')
    const created = as('reader').createTable(tableParams('mine', { key: ['sKey'] }))
    expect((await refusalOf(created)).code).toBe('OTSNoPermissionAccess')
    expect((await refusalOf(as('reader').deleteTable({ tableName: 'runs' }))).code).toBe('OTSNoPermissionAccess')
    expect(tablestore.tables()).toEqual(['asks', 'runs'])
  })
})

describe('the log', () => {
  const logged = async (call: Promise<unknown>) => {
    const mark = spine.operations.mark()
    await call.catch(() => undefined)
    return spine.operations.since(mark)
  }
  const subjectOf = async (call: Promise<unknown>) => (await logged(call)).map(({ subject }) => subject)

  test.each(calls)('has a line for %s', async (operation, call) => {
    expect(await logged(call(as('reader'), 'asks'))).toMatchObject([
      { service: 'ots', operation, role: 'reader', status: 200, subject: expect.stringMatching(/^asks/) },
    ])
  })

  test('names tables and keys, and never what a row holds', async () => {
    const key = (sRequest: string, seq: number) => [{ sRequest }, { iSeq: long(seq) }]
    const row = (of: object) => ({
      type: 'PUT',
      primaryKey: of,
      condition: ignore(),
      attributeColumns: [{ c: 'secret' }],
    })
    expect(await subjectOf(client.getRow({ tableName: 'asks', primaryKey }))).toEqual(['asks (req_1, 2)'])
    expect(await subjectOf(client.getRow({ tableName: 'asks', primaryKey: key('a\n"b"', -1) }))).toEqual([
      'asks (a\\n\\"b\\", -1)',
    ])
    expect(await subjectOf(client.listTable({}))).toEqual(['tables (all)'])
    const tables = [
      { tableName: 'asks', rows: [1, 2, 3, 4, 5].map((seq) => row(key('r', seq))) },
      { tableName: 'runs', rows: [row(key('d', 1))] },
    ]
    expect(await subjectOf(client.batchWriteRow({ tables }))).toEqual(['asks (r, 1) (r, 2) (r, 3) +2; runs (d, 1)'])
  })

  test.each([
    [
      'asks (all)',
      [{ sRequest: sdk.INF_MIN }, { iSeq: sdk.INF_MIN }],
      [{ sRequest: sdk.INF_MAX }, { iSeq: sdk.INF_MAX }],
    ],
    ['asks (r, *)', [{ sRequest: 'r' }, { iSeq: sdk.INF_MIN }], [{ sRequest: 'r' }, { iSeq: sdk.INF_MAX }]],
    ['asks (r, 1 … r, +∞)', [{ sRequest: 'r' }, { iSeq: long(1) }], [{ sRequest: 'r' }, { iSeq: sdk.INF_MAX }]],
    ['asks (a, -∞ … b, -∞)', [{ sRequest: 'a' }, { iSeq: sdk.INF_MIN }], [{ sRequest: 'b' }, { iSeq: sdk.INF_MIN }]],
  ])('calls a range %s', async (subject, inclusiveStartPrimaryKey, exclusiveEndPrimaryKey) => {
    const params = {
      tableName: 'asks',
      direction: sdk.Direction.FORWARD,
      inclusiveStartPrimaryKey,
      exclusiveEndPrimaryKey,
    }
    expect(await subjectOf(client.getRange(params))).toEqual([subject])
  })

  test('tells who, how it ended and how long it took', async () => {
    const before = Date.now()
    const [line] = await logged(client.describeTable({ tableName: 'none' }))
    expect(line).toMatchObject({ role: 'operator', status: 404, code: 'OTSObjectNotExist', subject: 'none' })
    expect(line?.at).toBeGreaterThanOrEqual(before)
    expect(line?.durationMs).toBeGreaterThanOrEqual(0)
    expect(await logged(as('reader').describeTable({ tableName: 'runs' }))).toMatchObject([
      { role: 'reader', status: 403, code: 'OTSNoPermissionAccess', subject: 'runs' },
    ])
    const stranger = local.clientFor({ accessKeyId: 'nobody', accessKeySecret: 'x' })
    expect(await logged(stranger.describeTable({ tableName: 'runs' }))).toMatchObject([
      { role: 'unknown', operation: 'DescribeTable', status: 403, code: 'OTSAuthFailed', subject: '' },
    ])
  })
})

describe('a fault of the server itself', () => {
  afterEach(() => vi.restoreAllMocks())

  test('answers 500, is on the console and in the log, and harms no other call', async () => {
    const shown = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const fault = new Error('policy went missing')
    vi.spyOn(spine.ram, 'decide').mockImplementationOnce(() => {
      throw fault
    })
    const mark = spine.operations.mark()
    expect(await refusalOf(as('reader').describeTable({ tableName: 'asks' }))).toMatchObject({
      status: 500,
      code: 'OTSInternalServerError',
    })
    expect(shown).toHaveBeenCalledWith(expect.any(String), fault)
    expect(spine.operations.since(mark)).toMatchObject([{ status: 500, code: 'OTSInternalServerError' }])
    await as('reader').describeTable({ tableName: 'asks' })
  })
})
