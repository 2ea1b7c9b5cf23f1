import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { startTablestore, tableParams } from '#support/local-tablestore.ts'
import { columnsOf, expectNotExist, ignore, keyOf, long, refusalOf, sdk } from '#support/tablestore-sdk.ts'

const { client, tablestore } = await startTablestore()
const DAY = 86_400_000
const START = Date.UTC(2026, 0, 1)
const primaryKey = [{ sKey: 'a' }]

const put = (tableName: string, columns: readonly object[], condition = ignore()) =>
  client.putRow({ tableName, primaryKey, condition, attributeColumns: columns })
const update = (tableName: string, steps: readonly object[]) =>
  client.updateRow({ tableName, primaryKey, condition: ignore(), updateOfAttributeColumns: steps })
const get = async (tableName: string) => (await client.getRow({ tableName, primaryKey, maxVersions: 9 })).row
const versions = async (tableName: string) =>
  (await get(tableName)).attributes?.map(({ columnValue, timestamp }) => [columnValue, Number(String(timestamp))])

// Only the date is faked: the sockets' timers stay real, and the SDK signs with the date that the server sees.
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: START })
  await client.createTable(tableParams('day', { key: ['sKey'], ttlSeconds: 86_400 }))
  await client.createTable(tableParams('three', { key: ['sKey'], maxVersions: 3 }))
})

afterEach(async () => {
  for (const tableName of tablestore.tables()) await client.deleteTable({ tableName })
  vi.useRealTimers()
})

describe('time to live', () => {
  test('ends exactly when it has passed', async () => {
    await put('day', [{ c: 'x' }])
    vi.setSystemTime(START + DAY - 1)
    expect(columnsOf(await get('day'))).toEqual({ c: 'x' })
    vi.setSystemTime(START + DAY)
    expect(await get('day')).toEqual({})
    expect(tablestore.rows('day')).toEqual([])
  })

  test('is counted for each column from its own time', async () => {
    await put('day', [{ early: 'x' }])
    vi.setSystemTime(START + DAY / 2)
    await update('day', [{ PUT: [{ late: 'x' }] }])
    vi.setSystemTime(START + DAY)
    expect(columnsOf(await get('day'))).toEqual({ late: 'x' })
    vi.setSystemTime(START + 1.5 * DAY)
    expect(await get('day')).toEqual({})
  })

  test('is counted from the timestamp that was given', async () => {
    await put('day', [{ c: 'x', timestamp: START - DAY / 2 }])
    vi.setSystemTime(START + DAY / 2)
    expect(columnsOf(await get('day'))).toEqual({})
  })

  test('ends for a row of nothing but its key as well', async () => {
    await put('day', [])
    vi.setSystemTime(START + DAY - 1)
    expect(keyOf(await get('day'))).toEqual(['a'])
    vi.setSystemTime(START + DAY)
    expect(await get('day')).toEqual({})
  })

  test('makes room for a new row, which brings nothing of the old one back', async () => {
    await put('day', [{ old: 'x' }])
    expect(await refusalOf(put('day', [], expectNotExist()))).toMatchObject({ code: 'OTSConditionCheckFail' })
    vi.setSystemTime(START + DAY)
    await put('day', [{ new: 'x' }], expectNotExist())
    expect(columnsOf(await get('day'))).toEqual({ new: 'x' })
  })

  test('hides a row from ranges and conditions', async () => {
    await put('day', [{ n: long(1) }])
    vi.setSystemTime(START + DAY)
    const { rows } = await client.getRange({
      tableName: 'day',
      direction: sdk.Direction.FORWARD,
      inclusiveStartPrimaryKey: [{ sKey: sdk.INF_MIN }],
      exclusiveEndPrimaryKey: [{ sKey: sdk.INF_MAX }],
    })
    expect(rows).toEqual([])
    await update('day', [{ INCREMENT: [{ n: long(1) }] }])
    expect(columnsOf(await get('day'))).toEqual({ n: 1n })
  })

  test('of -1 never ends', async () => {
    await put('three', [{ c: 'x' }])
    vi.setSystemTime(START + 36_500 * DAY)
    expect(columnsOf(await get('three'))).toEqual({ c: 'x' })
  })
})

describe('versions', () => {
  test('are kept newest first, no more than the table allows', async () => {
    for (const minute of [0, 1, 2, 3]) {
      vi.setSystemTime(START + minute * 60_000)
      await update('three', [{ PUT: [{ c: `at ${minute}` }] }])
    }
    expect(await versions('three')).toEqual([
      ['at 3', START + 180_000],
      ['at 2', START + 120_000],
      ['at 1', START + 60_000],
    ])
  })

  test('are ordered by their time, not by when they came', async () => {
    await put('three', [{ c: 'middle', timestamp: START - 2 }])
    await update('three', [{ PUT: [{ c: 'newest', timestamp: START - 1 }] }])
    await update('three', [{ PUT: [{ c: 'oldest', timestamp: START - 3 }] }])
    await update('three', [{ PUT: [{ c: 'too old', timestamp: START - 4 }] }])
    expect(await versions('three')).toEqual([
      ['newest', START - 1],
      ['middle', START - 2],
      ['oldest', START - 3],
    ])
  })

  test('of the same time replace one another', async () => {
    await update('three', [{ PUT: [{ c: 'first' }] }])
    await update('three', [{ PUT: [{ c: 'second' }] }])
    expect(await versions('three')).toEqual([['second', START]])
  })

  test('are removed one by one, or all', async () => {
    await put('three', [
      { c: '1', timestamp: START - 1 },
      { c: '2', timestamp: START - 2 },
    ])
    await update('three', [{ DELETE: [{ c: long(START - 1) }] }])
    expect(await versions('three')).toEqual([['2', START - 2]])
    await update('three', [{ DELETE_ALL: ['c'] }])
    expect(await versions('three')).toEqual([])
  })

  test('are all replaced by a put', async () => {
    await put('three', [{ c: 'old', timestamp: START - 1 }])
    await put('three', [{ c: 'new' }])
    expect(await versions('three')).toEqual([['new', START]])
  })

  test('count on from the newest', async () => {
    await put('three', [
      { c: long(5), timestamp: START - 1 },
      { c: long(1), timestamp: START - 2 },
    ])
    await update('three', [{ INCREMENT: [{ c: long(1) }] }])
    expect(columnsOf(await get('three'))).toEqual({ c: 6n })
    expect(await versions('three')).toHaveLength(3)
  })
})
