import { beforeAll, describe, expect, test } from 'vitest'
import { startTablestore, tableParams } from '#support/local-tablestore.ts'
import { columnsOf, ignore, keyOf, refusalOf } from '#support/tablestore-sdk.ts'

const { client } = await startTablestore()
const tableName = 'runs'
const primaryKey = [{ sDigest: 'd' }, { sPart: 'p' }]
const now = Date.now()

const get = async (options: object = {}) => (await client.getRow({ tableName, primaryKey, ...options })).row

beforeAll(async () => {
  await client.createTable(tableParams(tableName, { key: ['sDigest', 'sPart'], maxVersions: 3 }))
  await client.putRow({
    tableName,
    primaryKey,
    condition: ignore(),
    attributeColumns: [
      { b: 'b0', timestamp: now },
      { a: 'a2', timestamp: now - 2000 },
      { a: 'a0', timestamp: now },
      { c: 'c1', timestamp: now - 1000 },
      { a: 'a1', timestamp: now - 1000 },
    ],
  })
})

describe('a read of one row', () => {
  test('gives the newest version of each column, columns by name', async () => {
    const row = await get()
    expect(row.attributes?.map(({ columnName }) => columnName)).toEqual(['a', 'b', 'c'])
    expect(columnsOf(row)).toEqual({ a: 'a0', b: 'b0', c: 'c1' })
  })

  test('gives as many versions as asked for, newest first', async () => {
    const row = await get({ maxVersions: 2, columnsToGet: ['a'] })
    expect(row.attributes?.map(({ columnValue }) => columnValue)).toEqual(['a0', 'a1'])
  })

  test('gives the versions from a time on and before another', async () => {
    const row = await get({ maxVersions: 3, timeRange: { startTime: now - 2000, endTime: now } })
    expect(row.attributes?.map(({ columnValue }) => columnValue)).toEqual(['a1', 'a2', 'c1'])
  })

  test('gives the versions of one time', async () => {
    expect(columnsOf(await get({ timeRange: { specificTime: now - 1000 } }))).toEqual({ a: 'a1', c: 'c1' })
  })

  test('gives only the wanted columns, of the key too', async () => {
    const row = await get({ columnsToGet: ['c', 'sPart', 'none', 'c'] })
    expect(keyOf(row)).toEqual(['p'])
    expect(columnsOf(row)).toEqual({ c: 'c1' })
  })

  test('gives nothing of a row that has none of the wanted columns', async () => {
    expect(await get({ columnsToGet: ['none'] })).toEqual({})
  })

  test('gives the columns from one name on and before another', async () => {
    expect(columnsOf(await get({ startColumn: 'b' }))).toEqual({ b: 'b0', c: 'c1' })
    expect(columnsOf(await get({ endColumn: 'b' }))).toEqual({ a: 'a0' })
  })

  test('gives nothing for a row that is not there', async () => {
    const { row, consumed } = await client.getRow({ tableName, primaryKey: [{ sDigest: 'd' }, { sPart: 'q' }] })
    expect(row).toEqual({})
    expect(consumed.capacityUnit).toMatchObject({ read: 1, write: 0 })
  })
})

describe('options that the service does not take are refused', () => {
  test.each([
    ['129 columns', { columnsToGet: Array.from({ length: 129 }, (_, index) => `c${index}`) }, /exceeds the limit/],
    ['a column with a bad name', { columnsToGet: ['a-b'] }, /Invalid column name/],
    ['fewer than no versions', { maxVersions: -1 }, /must be positive/],
    ['a start without an end', { timeRange: { startTime: 1 } }, /Start and end time/],
    ['a range that ends before it starts', { timeRange: { startTime: 2, endTime: 1 } }, /Timestamp must be in range/],
    ['a range and one time', { timeRange: { startTime: 1, endTime: 2, specificTime: 1 } }, /at the same time/],
    ['a time before 1970', { timeRange: { specificTime: -1 } }, /cannot be less than 0/],
    ['a transaction', { transactionId: 'x' }, /explicit-transaction-disabled/],
  ])('%s', async (_, options, message) => {
    const refusal = await refusalOf(client.getRow({ tableName, primaryKey, ...options }))
    expect(refusal).toMatchObject({ status: 400, code: 'OTSParameterInvalid' })
    expect(refusal.message).toMatch(message)
  })
})
