import { describe, expect, test } from 'vitest'
import { startTablestore, tableParams } from '#support/local-tablestore.ts'
import { refusalOf, sdk } from '#support/tablestore-sdk.ts'

const { client, tablestore } = await startTablestore()

test('a table is created, listed, described and deleted', async () => {
  await client.createTable(tableParams('asks', { key: ['sRequest', 'iSeq'], allowUpdate: false, maxVersions: 3 }))
  await client.createTable(tableParams('_a1', { key: ['bKey'], ttlSeconds: 86_400 }))
  expect((await client.listTable({})).tableNames).toEqual(['_a1', 'asks'])
  expect(tablestore.tables()).toEqual(['_a1', 'asks'])

  const described = await client.describeTable({ tableName: 'asks' })
  expect(described.tableMeta.tableName).toBe('asks')
  expect(described.tableMeta.primaryKey).toMatchObject([
    { name: 'sRequest', type: 2 },
    { name: 'iSeq', type: 1 },
  ])
  expect(described.tableOptions).toMatchObject({ timeToLive: -1, maxVersions: 3, allowUpdate: false })
  expect(described.tableStatus).toBe(1)
  expect((await client.describeTable({ tableName: '_a1' })).tableOptions).toMatchObject({
    timeToLive: 86_400,
    allowUpdate: true,
  })

  await client.deleteTable({ tableName: '_a1' })
  await client.deleteTable({ tableName: 'asks' })
  expect((await client.listTable({})).tableNames).toEqual([])
})

test('a deleted table takes its rows with it', async () => {
  const params = tableParams('gone', { key: ['sKey'] })
  const primaryKey = [{ sKey: 'a' }]
  await client.createTable(params)
  await client.putRow({ tableName: 'gone', condition: new sdk.Condition(0), primaryKey, attributeColumns: [] })
  await client.deleteTable({ tableName: 'gone' })
  await client.createTable(params)
  expect(tablestore.rows('gone')).toEqual([])
  await client.deleteTable({ tableName: 'gone' })
})

test('a table exists once', async () => {
  await client.createTable(tableParams('once', { key: ['sKey'] }))
  expect(await refusalOf(client.createTable(tableParams('once', { key: ['sOther'] })))).toMatchObject({
    status: 409,
    code: 'OTSObjectAlreadyExist',
  })
  await client.deleteTable({ tableName: 'once' })
})

test.each(['describeTable', 'deleteTable'] as const)('%s of no table', async (operation) => {
  expect(await refusalOf(client[operation]({ tableName: 'none' }))).toMatchObject({
    status: 404,
    code: 'OTSObjectNotExist',
  })
})

test('an instance holds 64 tables', async () => {
  const names = Array.from({ length: 64 }, (_, index) => `t${index}`)
  await Promise.all(names.map(async (name) => client.createTable(tableParams(name, { key: ['sKey'] }))))
  expect(await refusalOf(client.createTable(tableParams('t64', { key: ['sKey'] })))).toMatchObject({
    status: 403,
    code: 'OTSQuotaExhausted',
  })
  await Promise.all(names.map(async (tableName) => client.deleteTable({ tableName })))
  expect(tablestore.tables()).toEqual([])
})

describe('a definition that the service does not take is refused', () => {
  const valid = tableParams('valid', { key: ['sKey'] })
  const withKey = (...primaryKey: object[]): object => ({ ...valid, tableMeta: { tableName: 'valid', primaryKey } })
  const column = (name: string): object => ({ name, type: 2 })

  test.each([
    ['an empty name', tableParams('', { key: ['sKey'] }), /Invalid table name/],
    ['a name that begins with a digit', tableParams('1a', { key: ['sKey'] }), /Invalid table name/],
    ['a name with a hyphen', tableParams('a-b', { key: ['sKey'] }), /Invalid table name/],
    ['a name of 256 letters', tableParams('a'.repeat(256), { key: ['sKey'] }), /Invalid table name/],
    ['no key', tableParams('valid', { key: [] }), /number of primary key columns/],
    ['a key of five', tableParams('valid', { key: ['s1', 's2', 's3', 's4', 's5'] }), /number of primary key columns/],
    ['a key column twice', withKey(column('a'), column('a')), /Duplicated primary key name/],
    ['a key column with a bad name', withKey(column('a b')), /Invalid column name/],
    ['a key of an unknown type', withKey({ name: 'a', type: 4 }), /only STRING,INTEGER,BINARY/],
    ['an auto-increment key', withKey(column('a'), { name: 'b', type: 1, option: 1 }), /AUTO_INCREMENT/],
    ['a time to live of 0', tableParams('valid', { key: ['sKey'], ttlSeconds: 0 }), /TimeToLive/],
    ['a time to live of -2', tableParams('valid', { key: ['sKey'], ttlSeconds: -2 }), /TimeToLive/],
    ['a time to live under a day', tableParams('valid', { key: ['sKey'], ttlSeconds: 86_399 }), /TimeToLive/],
    ['no versions', tableParams('valid', { key: ['sKey'], maxVersions: 0 }), /maximum versions/],
    ['no time to live', { ...valid, tableOptions: { maxVersions: 1 } }, /Time-to-live is missing/],
    ['no number of versions', { ...valid, tableOptions: { timeToLive: -1 } }, /MaxVersions is missing/],
    [
      'negative capacity',
      { ...valid, reservedThroughput: { capacityUnit: { read: -1, write: 0 } } },
      /must be nonnegative/,
    ],
    [
      'an index',
      {
        ...valid,
        indexMetas: [{ name: 'i', primaryKey: ['sKey'], definedColumn: [], indexUpdateMode: 0, indexType: 0 }],
      },
      /indexes are not supported/,
    ],
  ])('%s', async (_, params, message) => {
    const refusal = await refusalOf(client.createTable(params as Readonly<Record<string, unknown>>))
    expect(refusal).toMatchObject({ status: 400, code: 'OTSParameterInvalid' })
    expect(refusal.message).toMatch(message)
    expect(tablestore.tables()).toEqual([])
  })
})
