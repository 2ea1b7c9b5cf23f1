import { beforeEach, describe, expect, test } from 'vitest'
import { startTablestore, tableParams } from '#support/local-tablestore.ts'
import { columnsOf, expectExist, expectNotExist, ignore, keyOf, long, refusalOf, sdk } from '#support/tablestore-sdk.ts'

const { client, tablestore } = await startTablestore()

const put = (sKey: string, condition = ignore(), value = 'x') => ({
  type: 'PUT',
  condition,
  primaryKey: [{ sKey }],
  attributeColumns: [{ c: value }],
})
const update = (sKey: string, value: string) => ({
  type: 'UPDATE',
  condition: ignore(),
  primaryKey: [{ sKey }],
  attributeColumns: [{ PUT: [{ d: value }] }],
})
const remove = (sKey: string, condition = ignore()) => ({ type: 'DELETE', condition, primaryKey: [{ sKey }] })
const write = (...rows: readonly object[]) => client.batchWriteRow({ tables: [{ tableName: 'one', rows }] })
const keys = (table: string) => tablestore.rows(table).map(({ primaryKey }) => primaryKey['sKey'])

beforeEach(async () => {
  for (const tableName of tablestore.tables()) await client.deleteTable({ tableName })
  await client.createTable(tableParams('one', { key: ['sKey'] }))
  await client.createTable(tableParams('two', { key: ['sKey'] }))
})

describe('a batch of writes', () => {
  test('puts, updates and deletes in several tables', async () => {
    await write(put('a'), put('b'))
    const { tables } = await client.batchWriteRow({
      tables: [
        { tableName: 'one', rows: [put('c'), update('a', 'y'), remove('b')] },
        { tableName: 'two', rows: [put('d')] },
      ],
    })
    expect(tables.map(({ tableName, isOk }) => [tableName, isOk])).toEqual([
      ['one', true],
      ['one', true],
      ['one', true],
      ['two', true],
    ])
    expect(tablestore.rows('one').map(({ attributes }) => attributes)).toEqual([{ c: 'x', d: 'y' }, { c: 'x' }])
    expect(keys('two')).toEqual(['d'])
  })

  test('lets one row fail and the others be written', async () => {
    await write(put('a'))
    const { tables } = await write(put('a', expectNotExist(), 'lost'), put('b'), remove('c', expectExist()))
    expect(tables.map(({ isOk, errorCode }) => [isOk, errorCode])).toEqual([
      [false, 'OTSConditionCheckFail'],
      [true, null],
      [false, 'OTSConditionCheckFail'],
    ])
    expect(tablestore.rows('one').map(({ attributes }) => attributes)).toEqual([{ c: 'x' }, { c: 'x' }])
  })

  test('writes a row twice in its order when it asks for no condition', async () => {
    await write(put('a', ignore(), 'first'), put('a', ignore(), 'second'))
    expect(tablestore.rows('one').map(({ attributes }) => attributes)).toEqual([{ c: 'second' }])
  })

  test('answers keys when asked for them', async () => {
    const returnContent = { returnType: sdk.ReturnType.Primarykey }
    const { tables } = await write({ ...put('a'), returnContent }, put('b'))
    expect(tables.map(keyOf)).toEqual([['a'], []])
  })

  const largest = Buffer.alloc(1.5 * 1024 * 1024)
  const large = (sKey: string) => ({ ...put(sKey), attributeColumns: [{ c: largest }] })

  test.each([
    ['201 rows', Array.from({ length: 201 }, (_, index) => put(`k${index}`)), /upper limit:200/],
    ['a table without rows', [], /No operation is specified/],
    ['more than 4 MB in all', [large('a'), large('b'), large('c')], /total data size of BatchWriteRow/],
    ['a row twice, with a condition', [put('a'), put('a', expectNotExist())], /Repeated rows/],
    [
      'a row twice, with a condition on a column',
      [put('a', ignore(new sdk.SingleColumnCondition('c', 'x', sdk.ComparatorType.EQUAL, true))), put('a')],
      /Repeated rows/,
    ],
    ['a key of another type', [put('b'), { ...put('a'), primaryKey: [{ sKey: long(1) }] }], /PK type/],
  ])('is refused whole for %s', async (_, rows, message) => {
    const refusal = await refusalOf(write(...rows))
    expect(refusal.status).toBe(400)
    expect(refusal.message).toMatch(message)
    expect(tablestore.rows('one')).toEqual([])
  })

  test('is refused whole for a table that is not there, or is there twice', async () => {
    const missing = { tableName: 'none', rows: [put('a')] }
    const there = { tableName: 'one', rows: [put('a')] }
    expect(await refusalOf(client.batchWriteRow({ tables: [there, missing] }))).toMatchObject({
      status: 404,
      code: 'OTSObjectNotExist',
    })
    expect(await refusalOf(client.batchWriteRow({ tables: [there, there] }))).toMatchObject({
      status: 400,
      code: 'OTSParameterInvalid',
    })
    expect(tablestore.rows('one')).toEqual([])
  })
})

describe('a batch of reads', () => {
  const key = (sKey: string) => [{ sKey }]

  test('gives each row in the order asked for, and an empty one for none', async () => {
    await write(put('a', ignore(), '1'), put('b', ignore(), '2'))
    await client.batchWriteRow({ tables: [{ tableName: 'two', rows: [put('a', ignore(), '3')] }] })
    const { tables } = await client.batchGetRow({
      tables: [
        { tableName: 'one', primaryKey: [key('b'), key('none'), key('a')] },
        { tableName: 'two', primaryKey: [key('a')], columnsToGet: ['c'] },
      ],
    })
    expect(tables.map((rows) => rows.map((row) => [row.isOk, keyOf(row), columnsOf(row)]))).toEqual([
      [
        [true, ['b'], { c: '2' }],
        [true, [], {}],
        [true, ['a'], { c: '1' }],
      ],
      [[true, [], { c: '3' }]],
    ])
  })

  test.each([
    ['101 rows', Array.from({ length: 101 }, (_, index) => key(`k${index}`)), /upper limit:100/],
    ['no rows', [], /No row specified/],
    ['a row twice', [key('a'), key('a')], /Duplicate rows/],
    ['a key too short', [[]], /PK is empty|no Cells/],
  ])('is refused whole for %s', async (_, primaryKey, message) => {
    const refusal = await refusalOf(client.batchGetRow({ tables: [{ tableName: 'one', primaryKey }] }))
    expect(refusal).toMatchObject({ status: 400, code: 'OTSParameterInvalid' })
    expect(refusal.message).toMatch(message)
  })

  test('is refused for no table, a table twice, and one that is not there', async () => {
    const there = { tableName: 'one', primaryKey: [key('a')] }
    const missing = { tableName: 'none', primaryKey: [key('a')] }
    expect((await refusalOf(client.batchGetRow({ tables: [] }))).code).toBe('OTSParameterInvalid')
    expect((await refusalOf(client.batchGetRow({ tables: [there, there] }))).code).toBe('OTSParameterInvalid')
    expect((await refusalOf(client.batchGetRow({ tables: [there, missing] }))).code).toBe('OTSObjectNotExist')
  })
})
