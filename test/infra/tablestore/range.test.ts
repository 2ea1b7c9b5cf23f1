import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { type LocalTablestore, startTablestore, tableParams } from '#support/local-tablestore.ts'
import { type Key, type SdkClient, columnsOf, ignore, keyOf, long, refusalOf, sdk } from '#support/tablestore-sdk.ts'

const { client } = await startTablestore()
const short = await startTablestore({ pageRows: 3 })
const { INF_MIN, INF_MAX } = sdk
const { FORWARD, BACKWARD } = sdk.Direction

const put = (to: SdkClient, tableName: string, primaryKey: Key, columns: readonly object[] = [{ c: 'x' }]) =>
  to.putRow({ tableName, primaryKey, condition: ignore(), attributeColumns: columns })

interface Page {
  readonly start: Key
  readonly end: Key
  readonly direction?: string
  readonly limit?: number
}

const range = (from: SdkClient, tableName: string, { start, end, direction = FORWARD, limit }: Page, more = {}) =>
  from.getRange({
    tableName,
    inclusiveStartPrimaryKey: start,
    exclusiveEndPrimaryKey: end,
    direction,
    ...(limit !== undefined && { limit }),
    ...more,
  })

/** All pages of a range, as a client has to read them. */
const readAll = async (from: SdkClient, tableName: string, page: Page, more = {}) => {
  const pages: (readonly unknown[])[][] = []
  for (let start: Key | undefined = page.start; start !== undefined;) {
    const { rows, nextStartPrimaryKey } = await range(from, tableName, { ...page, start }, more)
    pages.push(rows.map(keyOf).map((key) => [...key]))
    start = nextStartPrimaryKey?.map(({ name, value }) => ({ [name]: value }))
  }
  return pages
}

describe('a range of one integer column', () => {
  const tableName = 'numbers'
  const numbers = [-(2n ** 63n), -300n, -1n, 0n, 1n, 255n, 256n, 2n ** 63n - 1n]
  const at = (value: bigint | number): Key => [{ iN: long(String(value)) }]
  const read = async (page: Page) => (await range(client, tableName, page)).rows.map((row) => keyOf(row)[0])

  beforeAll(async () => {
    await client.createTable(tableParams(tableName, { key: ['iN'] }))
    await Promise.all([...numbers].reverse().map(async (value) => put(client, tableName, at(value))))
  })

  test('runs in the order of the numbers', async () => {
    expect(await read({ start: [{ iN: INF_MIN }], end: [{ iN: INF_MAX }] })).toEqual(numbers)
  })

  test('runs backward', async () => {
    expect(await read({ start: [{ iN: INF_MAX }], end: [{ iN: INF_MIN }], direction: BACKWARD })).toEqual(
      numbers.toReversed(),
    )
  })

  test('has its first bound and not its second', async () => {
    expect(await read({ start: at(-1), end: at(256) })).toEqual([-1n, 0n, 1n, 255n])
    expect(await read({ start: at(255), end: at(-1), direction: BACKWARD })).toEqual([255n, 1n, 0n])
  })

  test('may begin and end where there is no row', async () => {
    expect(await read({ start: at(-5), end: at(100) })).toEqual([-1n, 0n, 1n])
    expect(await read({ start: at(100), end: at(-5), direction: BACKWARD })).toEqual([1n, 0n, -1n])
    expect(await read({ start: at(2), end: at(3) })).toEqual([])
  })
})

test('keys of text sort by their UTF-8 bytes, keys of bytes by theirs', async () => {
  await client.createTable(tableParams('texts', { key: ['sText', 'bBytes'] }))
  const texts = ['', 'a', 'a\0', 'a\0b', 'ab', 'b', 'я', '\u{FFFD}', '\u{1F600}']
  const bytes = [Buffer.of(), Buffer.of(0), Buffer.of(0, 0), Buffer.of(0, 1), Buffer.of(1), Buffer.of(255)]
  const keys = texts.flatMap((sText) => bytes.map((bBytes) => [{ sText }, { bBytes }]))
  await Promise.all(keys.toReversed().map(async (key) => put(client, 'texts', key)))
  const { rows } = await range(client, 'texts', {
    start: [{ sText: INF_MIN }, { bBytes: INF_MIN }],
    end: [{ sText: INF_MAX }, { bBytes: INF_MAX }],
  })
  expect(rows.map(keyOf)).toEqual(texts.flatMap((text) => bytes.map((value) => [text, value])))
})

describe('pages', () => {
  const all = { start: [{ sKey: INF_MIN }, { iN: INF_MIN }], end: [{ sKey: INF_MAX }, { iN: INF_MAX }] }
  const tableName = 'days'

  beforeAll(async () => {
    await short.client.createTable(tableParams(tableName, { key: ['sKey', 'iN'] }))
    const keys = ['a', 'b'].flatMap((sKey) => [1, 2, 3, 4].map((n) => [{ sKey }, { iN: long(n) }]))
    await Promise.all(keys.map(async (key, index) => put(short.client, tableName, key, [{ n: long(index) }])))
  })

  test('end where the server ends them, and say where to go on', async () => {
    expect(await readAll(short.client, tableName, all)).toEqual([
      [
        ['a', 1n],
        ['a', 2n],
        ['a', 3n],
      ],
      [
        ['a', 4n],
        ['b', 1n],
        ['b', 2n],
      ],
      [
        ['b', 3n],
        ['b', 4n],
      ],
    ])
  })

  test('end where the caller ends them', async () => {
    expect(await readAll(short.client, tableName, { ...all, limit: 2 })).toHaveLength(4)
    const { rows, nextStartPrimaryKey } = await range(short.client, tableName, { ...all, limit: 1 })
    expect(rows.map(keyOf)).toEqual([['a', 1n]])
    expect(nextStartPrimaryKey?.map(({ value }) => String(value))).toEqual(['a', '2'])
  })

  test('go on backward', async () => {
    const backward = { start: all.end, end: all.start, direction: BACKWARD }
    expect((await readAll(short.client, tableName, backward)).flat()).toEqual(
      (await readAll(short.client, tableName, all)).flat().toReversed(),
    )
  })

  test('can be empty under a filter although there is more', async () => {
    const columnFilter = new sdk.SingleColumnCondition('n', long(7), sdk.ComparatorType.EQUAL, false)
    expect(await readAll(short.client, tableName, all, { columnFilter })).toEqual([[], [], [['b', 4n]]])
  })

  test('of one leading value end with it', async () => {
    const one = { start: [{ sKey: 'a' }, { iN: INF_MIN }], end: [{ sKey: 'a' }, { iN: INF_MAX }] }
    expect((await readAll(short.client, tableName, one)).flat()).toEqual([1n, 2n, 3n, 4n].map((n) => ['a', n]))
  })

  test('have the whole key even when only a column is wanted', async () => {
    const { rows } = await range(short.client, tableName, { ...all, limit: 1 }, { columnsToGet: ['n'] })
    expect(rows.map((row) => [keyOf(row), columnsOf(row)])).toEqual([[['a', 1n], { n: 0n }]])
  })

  test('leave out rows without any of the wanted columns', async () => {
    expect(await readAll(short.client, tableName, all, { columnsToGet: ['none'] })).toEqual([[], [], []])
  })
})

test('a page holds no more than 4 MB, and at least one row', async () => {
  await client.createTable(tableParams('large', { key: ['iN'] }))
  const half = Buffer.alloc(2 * 1024 * 1024)
  await put(client, 'large', [{ iN: long(0) }], [{ a: half.subarray(1000) }, { b: half.subarray(1000) }])
  await client.updateRow({
    tableName: 'large',
    primaryKey: [{ iN: long(0) }],
    condition: ignore(),
    updateOfAttributeColumns: [{ PUT: [{ c: half }] }],
  })
  for (const n of [1, 2, 3]) await put(client, 'large', [{ iN: long(n) }], [{ a: half.subarray(1000) }])
  const pages = await readAll(client, 'large', { start: [{ iN: INF_MIN }], end: [{ iN: INF_MAX }] })
  expect(pages).toEqual([[[0n]], [[1n], [2n]], [[3n]]])
})

test('5,000 rows are one page', async () => {
  await client.createTable(tableParams('many', { key: ['iN'] }))
  const rows = Array.from({ length: 5001 }, (_, n) => ({
    type: 'PUT',
    condition: ignore(),
    primaryKey: [{ iN: long(n) }],
    attributeColumns: [],
  }))
  for (let at = 0; at < rows.length; at += 200) {
    await client.batchWriteRow({ tables: [{ tableName: 'many', rows: rows.slice(at, at + 200) }] })
  }
  const pages = await readAll(client, 'many', { start: [{ iN: INF_MIN }], end: [{ iN: INF_MAX }] })
  expect(pages.map((page) => page.length)).toEqual([5000, 1])
})

test('any two bounds give what a sorted list gives', async () => {
  const { client: own } = (await startTablestore({ pageRows: 4 })) satisfies LocalTablestore
  await own.createTable(tableParams('any', { key: ['sKey', 'iN'] }))
  const keys = ['a', 'b', 'c'].flatMap((sKey) => [0, 1, 2, 3].map((n) => [sKey, n] as const))
  await Promise.all(keys.map(async ([sKey, n]) => put(own, 'any', [{ sKey }, { iN: long(n) }])))
  const bound = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: -1, max: 4 }))
  const toKey = ([sKey, n]: readonly [string, number]): Key => [{ sKey }, { iN: long(n) }]
  const compare = (left: readonly [string, number], right: readonly [string, number]): number =>
    left[0] === right[0] ? left[1] - right[1] : left[0] < right[0] ? -1 : 1
  await fc.assert(
    fc.asyncProperty(bound, bound, async (one, other) => {
      fc.pre(compare(one, other) !== 0)
      const [low, high] = compare(one, other) < 0 ? [one, other] : [other, one]
      const up = keys.filter((key) => compare(key, low) >= 0 && compare(key, high) < 0)
      const down = keys.filter((key) => compare(key, low) > 0 && compare(key, high) <= 0).toReversed()
      const forward = { start: toKey(low), end: toKey(high) }
      const backward = { start: toKey(high), end: toKey(low), direction: BACKWARD }
      expect((await readAll(own, 'any', forward)).flat()).toEqual(up.map(([text, n]) => [text, BigInt(n)]))
      expect((await readAll(own, 'any', backward)).flat()).toEqual(down.map(([text, n]) => [text, BigInt(n)]))
    }),
    { numRuns: 60 },
  )
})

describe('a range that the service does not take is refused', () => {
  const low = [{ iN: long(1) }]
  const high = [{ iN: long(2) }]
  test.each([
    ['forward, from high to low', { start: high, end: low }, 'OTSParameterInvalid', /less than end key/],
    ['backward, from low to high', { start: low, end: high, direction: BACKWARD }, 'OTSParameterInvalid', /more than/],
    ['from a key to itself', { start: low, end: low }, 'OTSParameterInvalid', /less than end key/],
    ['with a bound of another type', { start: [{ iN: 'a' }], end: high }, 'OTSInvalidPK', /type/],
    ['with a bound of another column', { start: [{ iM: long(1) }], end: high }, 'OTSInvalidPK', /name/],
    ['with a bound too short', { start: [], end: high }, 'OTSParameterInvalid', /.+/],
    ['with a bound too long', { start: [...low, ...low], end: high }, 'OTSInvalidPK', /size/],
    ['of fewer rows than none', { start: low, end: high, limit: -1 }, 'OTSParameterInvalid', /greater than 0/],
  ])('%s', async (_, page, code, message) => {
    const refusal = await refusalOf(range(client, 'numbers', page))
    expect(refusal).toMatchObject({ status: 400, code })
    expect(refusal.message).toMatch(message)
  })
})
