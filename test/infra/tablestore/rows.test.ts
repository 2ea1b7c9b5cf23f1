import { beforeEach, describe, expect, test } from 'vitest'
import { startTablestore, tableParams } from '#support/local-tablestore.ts'
import { columnsOf, expectExist, expectNotExist, ignore, keyOf, long, refusalOf, sdk } from '#support/tablestore-sdk.ts'

const { client, tablestore } = await startTablestore()
const tableName = 'asks'
const primaryKey = [{ sRequest: 'req_1' }, { iSeq: long(7) }]

const put = (columns: object, condition = ignore(), more: object = {}) =>
  client.putRow({ tableName, primaryKey, condition, attributeColumns: toColumns(columns), ...more })
const update = (updateOfAttributeColumns: readonly object[], condition = ignore(), more: object = {}) =>
  client.updateRow({ tableName, primaryKey, condition, updateOfAttributeColumns, ...more })
const remove = (condition = ignore()) => client.deleteRow({ tableName, primaryKey, condition })
const get = async (more: object = {}) => (await client.getRow({ tableName, primaryKey, ...more })).row

beforeEach(async () => {
  if (tablestore.tables().length > 0) await client.deleteTable({ tableName })
  await client.createTable(tableParams(tableName, { key: ['sRequest', 'iSeq'] }))
})

describe('put', () => {
  test('stores every type exactly, integers past 2^53 too', async () => {
    const columns = {
      text: 'пуск ✓ 𝒳',
      empty: '',
      integer: long('9007199254740993'),
      least: long('-9223372036854775808'),
      double: 0.1,
      yes: true,
      no: false,
      bytes: Buffer.of(0, 1, 255),
    }
    await put(columns)
    const row = await get()
    expect(keyOf(row)).toEqual(['req_1', 7n])
    expect(columnsOf(row)).toEqual({ ...columns, integer: 9007199254740993n, least: -(2n ** 63n) })
    expect(tablestore.rows(tableName)).toEqual([
      {
        primaryKey: { sRequest: 'req_1', iSeq: 7n },
        attributes: { ...columns, integer: 9007199254740993n, least: -(2n ** 63n) },
      },
    ])
  })

  test('replaces the whole row', async () => {
    await put({ a: 'old', b: 'old' })
    await put({ a: 'new' })
    expect(columnsOf(await get())).toEqual({ a: 'new' })
  })

  test('keeps a row without columns', async () => {
    await put({})
    expect(keyOf(await get())).toEqual(['req_1', 7n])
  })

  test('answers the key when asked for it', async () => {
    expect((await put({ a: '1' })).row).toEqual({})
    const { row } = await put({ a: '1' }, ignore(), { returnContent: { returnType: sdk.ReturnType.Primarykey } })
    expect(keyOf(row)).toEqual(['req_1', 7n])
  })

  test('stamps what it writes with the clock, or with the timestamp given', async () => {
    const before = Date.now()
    const given = before - 1000
    await client.putRow({
      tableName,
      primaryKey,
      condition: ignore(),
      attributeColumns: [{ now: 'x' }, { given: 'x', timestamp: given }],
    })
    const [first, second] = (await get()).attributes ?? []
    expect([first?.columnName, second?.columnName]).toEqual(['given', 'now'])
    expect(Number(first?.timestamp.toString())).toBe(given)
    expect(Number(second?.timestamp.toString())).toBeGreaterThanOrEqual(before)
    expect(Number(second?.timestamp.toString())).toBeLessThanOrEqual(Date.now())
  })

  test('consumes a unit for each 4 KB, and one to read for a condition', async () => {
    expect((await put({ a: 'x' })).consumed.capacityUnit).toMatchObject({ read: 0, write: 1 })
    expect((await put({ a: 'x'.repeat(4096) }, expectExist())).consumed.capacityUnit).toMatchObject({
      read: 1,
      write: 2,
    })
  })
})

describe('update', () => {
  test('creates a row, and later leaves the columns alone that it does not name', async () => {
    await update([{ PUT: [{ a: '1' }, { b: '1' }] }])
    await update([{ PUT: [{ b: '2' }, { c: '2' }] }])
    expect(columnsOf(await get())).toEqual({ a: '1', b: '2', c: '2' })
  })

  test('removes a column, or one version of it; the row stays without columns', async () => {
    const timestamp = Date.now()
    await client.putRow({
      tableName,
      primaryKey,
      condition: ignore(),
      attributeColumns: [{ a: '1' }, { b: '1', timestamp }],
    })
    await update([{ DELETE_ALL: ['a'] }])
    expect(columnsOf(await get())).toEqual({ b: '1' })
    await update([{ DELETE: [{ b: long(timestamp - 1) }] }])
    expect(columnsOf(await get())).toEqual({ b: '1' })
    await update([{ DELETE: [{ b: long(timestamp) }] }])
    expect(columnsOf(await get())).toEqual({})
    expect(keyOf(await get())).toEqual(['req_1', 7n])
  })

  test('counts up and down from 0, and answers the new count', async () => {
    await update([{ INCREMENT: [{ count: long(5) }] }])
    const returnContent = { returnType: sdk.ReturnType.AfterModify, returnColumns: ['count'] }
    const { row } = await update([{ INCREMENT: [{ count: long(-7) }] }], ignore(), { returnContent })
    expect(columnsOf(row)).toEqual({ count: -2n })
    expect(columnsOf(await get())).toEqual({ count: -2n })
  })

  test.each([
    ['what is no integer', { count: '5' }],
    ['past the largest integer', { count: long('9223372036854775807') }],
  ])('does not count %s', async (_, columns) => {
    await put(columns)
    expect(await refusalOf(update([{ INCREMENT: [{ count: long(1) }] }]))).toMatchObject({
      status: 400,
      code: 'OTSParameterInvalid',
    })
    expect(columnsOf(await get())).toEqual({ count: columns.count === '5' ? '5' : 2n ** 63n - 1n })
  })

  test('does not write a counter twice in one request', async () => {
    const twice = update([{ INCREMENT: [{ count: long(1) }] }, { PUT: [{ count: long(1) }] }])
    expect(await refusalOf(twice)).toMatchObject({ status: 400, code: 'OTSParameterInvalid' })
    expect(tablestore.rows(tableName)).toEqual([])
  })

  test('is refused where the table does not allow it', async () => {
    await client.createTable(tableParams('ledger', { key: ['sKey'], allowUpdate: false }))
    const updated = client.updateRow({
      tableName: 'ledger',
      primaryKey: [{ sKey: 'a' }],
      condition: ignore(),
      updateOfAttributeColumns: [{ PUT: [{ a: '1' }] }],
    })
    expect(await refusalOf(updated)).toMatchObject({ status: 400, code: 'OTSParameterInvalid' })
    expect(tablestore.rows('ledger')).toEqual([])
    await client.deleteTable({ tableName: 'ledger' })
  })
})

describe('delete', () => {
  test('removes the row, and does not mind when there is none', async () => {
    await put({ a: '1' })
    await remove()
    expect(await get()).toEqual({})
    await remove()
    expect(tablestore.rows(tableName)).toEqual([])
  })
})

// The service's table of existence conditions: what each write meets with and without the row.
describe.each([
  ['put', (condition: object) => put({ a: 'new' }, condition)],
  ['update', (condition: object) => update([{ PUT: [{ a: 'new' }] }], condition)],
  ['delete', (condition: object) => remove(condition)],
] as const)('%s on condition', (_, write) => {
  test.each([
    ['IGNORE', 'a row', true, ignore(), true],
    ['IGNORE', 'no row', false, ignore(), true],
    ['EXPECT_EXIST', 'a row', true, expectExist(), true],
    ['EXPECT_EXIST', 'no row', false, expectExist(), false],
    ['EXPECT_NOT_EXIST', 'a row', true, expectNotExist(), false],
    ['EXPECT_NOT_EXIST', 'no row', false, expectNotExist(), true],
  ] as const)('%s meets %s', async (_name, _row, exists, condition, passes) => {
    if (exists) await put({ a: 'old' })
    const before = tablestore.rows(tableName)
    if (passes) {
      await write(condition)
      return
    }
    expect(await refusalOf(write(condition))).toMatchObject({ status: 403, code: 'OTSConditionCheckFail' })
    expect(tablestore.rows(tableName)).toEqual(before)
  })
})

function toColumns(columns: object): readonly object[] {
  return Object.entries(columns).map(([name, value]) => ({ [name]: value as unknown }))
}
