import { beforeAll, describe, expect, test } from 'vitest'
import { startTablestore, tableParams } from '#support/local-tablestore.ts'
import {
  type SdkFilter,
  columnsOf,
  expectExist,
  expectNotExist,
  ignore,
  keyOf,
  long,
  refusalOf,
  sdk,
} from '#support/tablestore-sdk.ts'

const { client, spine } = await startTablestore()
const { EQUAL, NOT_EQUAL, GREATER_THAN, GREATER_EQUAL, LESS_THAN, LESS_EQUAL } = sdk.ComparatorType
const { NOT, AND, OR } = sdk.LogicalOperator
const tableName = 'open'
const now = Date.now()

beforeAll(async () => {
  await client.createTable(tableParams(tableName, { key: ['sKey'], maxVersions: 3 }))
  await client.putRow({
    tableName,
    primaryKey: [{ sKey: 'a' }],
    condition: ignore(),
    attributeColumns: [
      { phase: long(2) },
      { name: 'b' },
      { ratio: 1.5 },
      { yes: true },
      { bytes: Buffer.of(5) },
      { versions: long(3), timestamp: now },
      { versions: long(1), timestamp: now - 1000 },
    ],
  })
})

const column = (name: string, comparator: number, value: unknown, passIfMissing = false, latestOnly = true) =>
  new sdk.SingleColumnCondition(name, value, comparator, passIfMissing, latestOnly)

const combined = (operator: number, ...filters: readonly SdkFilter[]): SdkFilter => {
  const composite = new sdk.CompositeCondition(operator)
  for (const filter of filters) composite.addSubCondition(filter)
  return composite
}

const phase1 = column('phase', EQUAL, long(1))
const phase2 = column('phase', EQUAL, long(2))

const cases: readonly (readonly [string, SdkFilter, boolean])[] = [
  ['2 = 2', phase2, true],
  ['2 = 1', phase1, false],
  ['2 != 1', column('phase', NOT_EQUAL, long(1)), true],
  ['2 != 2', column('phase', NOT_EQUAL, long(2)), false],
  ['2 > 1', column('phase', GREATER_THAN, long(1)), true],
  ['2 > 2', column('phase', GREATER_THAN, long(2)), false],
  ['2 >= 2', column('phase', GREATER_EQUAL, long(2)), true],
  ['2 >= 3', column('phase', GREATER_EQUAL, long(3)), false],
  ['2 < 3', column('phase', LESS_THAN, long(3)), true],
  ['2 < 2', column('phase', LESS_THAN, long(2)), false],
  ['2 <= 2', column('phase', LESS_EQUAL, long(2)), true],
  ['2 <= -3', column('phase', LESS_EQUAL, long(-3)), false],
  ['text > text', column('name', GREATER_THAN, 'a'), true],
  ['text in the order of its bytes', column('name', LESS_THAN, 'B'), false],
  ['double = double', column('ratio', EQUAL, 1.5), true],
  ['true = true', column('yes', EQUAL, true), true],
  ['true = false', column('yes', EQUAL, false), false],
  ['binary > binary', column('bytes', GREATER_THAN, Buffer.of(4, 9)), true],
  ['integer = double', column('phase', EQUAL, 2), false],
  ['a missing column, to pass', column('none', EQUAL, long(1), true), true],
  ['a missing column, not to pass', column('none', EQUAL, long(1), false), false],
  ['the latest of the versions', column('versions', EQUAL, long(1)), false],
  ['any of the versions', column('versions', EQUAL, long(1), false, false), true],
  ['not', combined(NOT, phase1), true],
  ['not not', combined(NOT, combined(NOT, phase1)), false],
  ['and', combined(AND, phase2, column('name', EQUAL, 'b')), true],
  ['and, one false', combined(AND, phase2, phase1), false],
  ['or, one true', combined(OR, phase1, phase2), true],
  ['or, none true', combined(OR, phase1, phase1), false],
  ['and of three, nested', combined(AND, phase2, combined(OR, phase1, phase2), combined(NOT, phase1)), true],
  ['ten conditions', combined(AND, ...Array.from({ length: 10 }, () => phase2)), true],
]

describe('a condition on columns', () => {
  test.each(cases)('%s, of a write', async (_, filter, passes) => {
    const written = client.updateRow({
      tableName,
      primaryKey: [{ sKey: 'a' }],
      condition: expectExist(filter),
      updateOfAttributeColumns: [{ PUT: [{ touched: 'x' }] }],
    })
    if (passes) await written
    else expect(await refusalOf(written)).toMatchObject({ status: 403, code: 'OTSConditionCheckFail' })
  })

  test.each(cases)('%s, of a read', async (_, filter, passes) => {
    const { row } = await client.getRow({
      tableName,
      primaryKey: [{ sKey: 'a' }],
      columnFilter: filter,
      maxVersions: 3,
    })
    expect(keyOf(row)).toEqual(passes ? ['a'] : [])
  })
})

test('of a row that is not there every column is missing', async () => {
  const put = (sKey: string, filter: SdkFilter) =>
    client.putRow({ tableName, primaryKey: [{ sKey }], condition: ignore(filter), attributeColumns: [] })
  expect(await refusalOf(put('absent', column('phase', EQUAL, long(1), false)))).toMatchObject({
    code: 'OTSConditionCheckFail',
  })
  await put('absent', column('phase', EQUAL, long(1), true))
  await client.deleteRow({ tableName, primaryKey: [{ sKey: 'absent' }], condition: expectExist() })
})

test('existence is judged as well as the columns', async () => {
  const put = client.putRow({
    tableName,
    primaryKey: [{ sKey: 'a' }],
    condition: expectNotExist(phase2),
    attributeColumns: [],
  })
  expect(await refusalOf(put)).toMatchObject({ status: 403, code: 'OTSConditionCheckFail' })
})

test('a call is logged with what it consumes, one whose condition does not hold too', async () => {
  const mark = spine.operations.mark()
  const put = (text: string) =>
    client.putRow({
      tableName,
      primaryKey: [{ sKey: 'units' }],
      condition: expectNotExist(),
      attributeColumns: [{ text }],
    })
  await put('x'.repeat(5000))
  await refusalOf(put('again'))
  await client.getRow({ tableName, primaryKey: [{ sKey: 'units' }], maxVersions: 1 })
  await client.deleteRow({ tableName, primaryKey: [{ sKey: 'units' }], condition: ignore() })
  await client.listTable({})
  expect(spine.operations.since(mark).map(({ operation, units }) => [operation, units])).toEqual([
    ['PutRow', { read: 1, write: 2 }],
    ['PutRow', { read: 1, write: 1 }],
    ['GetRow', { read: 2, write: 0 }],
    ['DeleteRow', { read: 0, write: 1 }],
    ['ListTable', undefined],
  ])
})

test('a filter does not see the columns that the read leaves out', async () => {
  const read = (columnsToGet: readonly string[]) =>
    client.getRow({ tableName, primaryKey: [{ sKey: 'a' }], columnFilter: phase2, columnsToGet })
  expect(columnsOf((await read(['name', 'phase'])).row)).toEqual({ name: 'b', phase: 2n })
  expect((await read(['name'])).row).toEqual({})
})

test('a page of columns is a filter of a read alone', async () => {
  const page = new sdk.ColumnPaginationFilter(2, 1)
  const read = await client.getRow({ tableName, primaryKey: [{ sKey: 'a' }], columnFilter: page })
  expect(Object.keys(columnsOf(read.row))).toEqual(['name', 'phase'])
  const put = client.putRow({ tableName, primaryKey: [{ sKey: 'a' }], condition: ignore(page), attributeColumns: [] })
  expect(await refusalOf(put)).toMatchObject({ status: 400, code: 'OTSParameterInvalid' })
})

describe('a filter that the service does not take is refused', () => {
  const nested = Array.from({ length: 30 }).reduce<SdkFilter>((inner) => combined(NOT, inner), phase1)
  test.each([
    ['eleven conditions', combined(AND, ...Array.from({ length: 11 }, () => phase2)), /exceeds the max/],
    ['thirty levels', nested, /exceeds the max/],
    ['not of two', combined(NOT, phase1, phase2), /NOT operator/],
    ['and of one', combined(AND, phase1), /AND\/OR operator/],
    ['or of none', combined(OR), /AND\/OR operator/],
    ['a page within', combined(NOT, new sdk.ColumnPaginationFilter(1, 0)), /sub-filter/],
    ['a page of none', new sdk.ColumnPaginationFilter(0, 0), /Limit/],
    ['a page before the first', new sdk.ColumnPaginationFilter(1, -1), /Offset/],
  ])('%s', async (_, columnFilter, message) => {
    const refusal = await refusalOf(client.getRow({ tableName, primaryKey: [{ sKey: 'a' }], columnFilter }))
    expect(refusal).toMatchObject({ status: 400, code: 'OTSParameterInvalid' })
    expect(refusal.message).toMatch(message)
  })
})
