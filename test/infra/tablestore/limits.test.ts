import { beforeAll, expect, test } from 'vitest'
import { startTablestore, tableParams } from '#support/local-tablestore.ts'
import { INF_MIN, blob, int, plainRow, proto, sendRaw, text } from '#support/ots-wire.ts'
import { type Key, columnsOf, ignore, long, refusalOf, sdk } from '#support/tablestore-sdk.ts'

const { client, spine, tablestore, url } = await startTablestore()
const KB = 1024
const MB = 1024 * KB
const tableName = 'limits'
const primaryKey = [{ sKey: 'a' }, { bKey: Buffer.of(1) }]

const put = (attributeColumns: readonly object[], key: Key = primaryKey) =>
  client.putRow({ tableName, condition: ignore(), primaryKey: key, attributeColumns })
const columns = (count: number, value: unknown = 'x') =>
  Array.from({ length: count }, (_, index) => ({ [`c${index}`]: value }))
/** A PutRow that the SDK would not send. */
const putRaw = (row: Parameters<typeof plainRow>[0], table = tableName) =>
  sendRaw(url, {
    operation: 'PutRow',
    credentials: spine.credentials.operator,
    body: proto([1, table], [2, plainRow(row)], [3, proto([1, 0])]),
  })
const key = [
  { name: 'sKey', value: text('a') },
  { name: 'bKey', value: blob(Buffer.of(1)) },
]

beforeAll(async () => {
  await client.createTable(tableParams(tableName, { key: ['sKey', 'bKey'] }))
})

test.each([
  ['a key of 1 KB', [], [{ sKey: 'я'.repeat(512) }, { bKey: Buffer.alloc(KB) }]],
  ['an attribute of 2 MB', [{ c: Buffer.alloc(2 * MB) }], primaryKey],
  ['1,024 columns', columns(1024), primaryKey],
  ['a column with a name of 255 letters', [{ ['c'.repeat(255)]: 'x' }], primaryKey],
  ['4 MB, name and key included', [{ c: Buffer.alloc(2 * MB) }, { d: Buffer.alloc(2 * MB - 12) }], primaryKey],
])('%s is written', async (_, attributeColumns, of) => {
  await put(attributeColumns, of)
  const { row } = await client.getRow({ tableName, primaryKey: of })
  expect(Object.keys(columnsOf(row))).toHaveLength(attributeColumns.length)
  await client.deleteRow({ tableName, condition: ignore(), primaryKey: of })
})

test.each([
  ['a text key of 1 KB and a byte', [], [{ sKey: 'a'.repeat(KB + 1) }, { bKey: Buffer.of(1) }], /MaxLength: 1024/],
  ['a binary key of 1 KB and a byte', [], [{ sKey: 'a' }, { bKey: Buffer.alloc(KB + 1) }], /MaxLength: 1024/],
  ['an attribute of 2 MB and a byte', [{ c: Buffer.alloc(2 * MB + 1) }], primaryKey, /MaxLength:2097152/],
  ['1,025 columns', columns(1025), primaryKey, /limit count:1024/],
  ['a column name of 256 letters', [{ ['c'.repeat(256)]: 'x' }], primaryKey, /Invalid column name/],
  ['a column name with a space', [{ 'a b': 'x' }], primaryKey, /Invalid column name/],
  ['a column without a name', [{ '': 'x' }], primaryKey, /empty name/],
  ['a column named like one of the key', [{ sKey: 'x' }], primaryKey, /Duplicated attribute column/],
  [
    'more than 4 MB',
    [{ c: Buffer.alloc(2 * MB) }, { d: Buffer.alloc(2 * MB - 11) }],
    primaryKey,
    /total data size of PutRow/,
  ],
  ['NaN', [{ c: Number.NaN }], primaryKey, /NaN/],
  ['infinity', [{ c: -Infinity }], primaryKey, /Infinity/],
  ['a timestamp a day ahead', [{ c: 'x', timestamp: Date.now() + 86_460_000 }], primaryKey, /Invalid timestamp/],
  [
    'a timestamp more than a day ago',
    [{ c: 'x', timestamp: Date.now() - 86_460_000 }],
    primaryKey,
    /Invalid timestamp/,
  ],
  ['a timestamp before 1970', [{ c: 'x', timestamp: -1 }], primaryKey, /Timestamp must be in range/],
])('%s is refused', async (_, attributeColumns, of, message) => {
  const refusal = await refusalOf(put(attributeColumns, of))
  expect(refusal).toMatchObject({ status: 400, code: 'OTSParameterInvalid' })
  expect(refusal.message).toMatch(message)
  expect(tablestore.rows(tableName)).toEqual([])
})

test.each([
  ['another name', [{ sOther: 'a' }, { bKey: Buffer.of(1) }], /PK name/],
  ['another order', [{ bKey: Buffer.of(1) }, { sKey: 'a' }], /PK name/],
  ['another type', [{ sKey: long(1) }, { bKey: Buffer.of(1) }], /PK type/],
  ['a column too few', [{ sKey: 'a' }], /PK size/],
  ['a column too many', [{ sKey: 'a' }, { bKey: Buffer.of(1) }, { iMore: long(1) }], /PK size/],
])('a key with %s is refused', async (_, of, message) => {
  for (const call of [put([], of), client.getRow({ tableName, primaryKey: of })]) {
    const refusal = await refusalOf(call)
    expect(refusal).toMatchObject({ status: 400, code: 'OTSInvalidPK' })
    expect(refusal.message).toMatch(message)
  }
})

test.each([
  ['an auto-increment key', [{ sKey: sdk.PK_AUTO_INCR }, { bKey: Buffer.of(1) }]],
  ['an infinite key', [{ sKey: sdk.INF_MAX }, { bKey: Buffer.of(1) }]],
])('%s is refused', async (_, of) => {
  expect(await refusalOf(put([], of))).toMatchObject({ status: 400, code: 'OTSParameterInvalid' })
})

test.each([
  ['a key column without a value', { key: [{ name: 'sKey' }, ...key.slice(1)] }, /cannot be NULL/],
  [
    'a key column with a time',
    { key: [{ ...key[0], name: 'sKey', timestamp: 1n }, ...key.slice(1)] },
    /Timestamp cannot/,
  ],
  ['a key column with an operation', { key: [{ ...key[0], name: 'sKey', operation: 1 }, ...key.slice(1)] }, /OpType/],
  ['no key at all', { key: [], columns: [{ name: 'c', value: int(1) }] }, /PK is empty/],
  ['a column without a value', { key, columns: [{ name: 'c' }] }, /no value/],
  ['a column that is infinite', { key, columns: [{ name: 'c', value: INF_MIN }] }, /invalid type/],
  ['a column that is deleted', { key, columns: [{ name: 'c', operation: 1 }] }, /in PutRow/],
  ['a delete marker', { key, deleteMarker: true }, /unexpected RowDeleteMarker/],
])('a put with %s is refused', async (_, row, message) => {
  const answer = await putRaw(row)
  expect(answer).toMatchObject({ status: 400, code: 'OTSParameterInvalid' })
  expect(answer.message).toMatch(message)
})

test.each([
  [
    'UpdateRow',
    'a deletion of all versions with a time',
    { key, columns: [{ name: 'c', operation: 1, timestamp: 1n }] },
  ],
  ['UpdateRow', 'a deletion of one version without a time', { key, columns: [{ name: 'c', operation: 3 }] }],
  ['UpdateRow', 'a deletion with a value', { key, columns: [{ name: 'c', operation: 1, value: int(1) }] }],
  ['UpdateRow', 'a count by a text', { key, columns: [{ name: 'c', operation: 4, value: text('1') }] }],
  ['UpdateRow', 'a count at a time', { key, columns: [{ name: 'c', operation: 4, value: int(1), timestamp: 1n }] }],
  ['UpdateRow', 'nothing to do', { key }],
  ['DeleteRow', 'no marker', { key }],
  ['DeleteRow', 'columns', { key, columns: [{ name: 'c', value: int(1) }], deleteMarker: true }],
])('%s with %s is refused', async (operation, _, row) => {
  const body = proto([1, tableName], [2, plainRow(row)], [3, proto([1, 0])])
  const answer = await sendRaw(url, { operation, credentials: spine.credentials.operator, body })
  expect(answer).toMatchObject({ status: 400, code: 'OTSParameterInvalid' })
})

test.each([
  ['an unknown existence', proto([1, tableName], [2, plainRow({ key })], [3, proto([1, 3])])],
  ['an unknown answer wanted', proto([1, tableName], [2, plainRow({ key })], [3, proto([1, 0])], [4, proto([1, 9])])],
  ['no condition', proto([1, tableName], [2, plainRow({ key })])],
  ['no row', proto([1, tableName], [3, proto([1, 0])])],
])('a put with %s is refused', async (_, body) => {
  const answer = await sendRaw(url, { operation: 'PutRow', credentials: spine.credentials.operator, body })
  expect(answer).toMatchObject({ status: 400, code: 'OTSParameterInvalid' })
  expect(tablestore.rows(tableName)).toEqual([])
})

test('a read must say which versions it wants', async () => {
  const body = proto([1, tableName], [2, plainRow({ key })])
  const answer = await sendRaw(url, { operation: 'GetRow', credentials: spine.credentials.operator, body })
  expect(answer).toMatchObject({
    status: 400,
    code: 'OTSParameterInvalid',
    message: 'No version condition is specified while querying row.',
  })
})

test('no table of that name', async () => {
  expect(await putRaw({ key }, 'none')).toMatchObject({ status: 404, code: 'OTSObjectNotExist' })
  expect(await putRaw({ key }, 'no/ne')).toMatchObject({ status: 400, code: 'OTSParameterInvalid' })
})

test('a body of more than 5 MB is refused, one of 5 MB is read', async () => {
  const send = (bytes: number) =>
    sendRaw(url, { operation: 'PutRow', credentials: spine.credentials.operator, body: Buffer.alloc(bytes) })
  expect(await send(5 * MB + 1)).toMatchObject({ status: 413, code: 'OTSRequestBodyTooLarge' })
  expect(await send(5 * MB)).toMatchObject({ status: 400, code: 'OTSParameterInvalid' })
})

test('an operation that is not served is refused by name', async () => {
  expect(await refusalOf(client.startLocalTransaction({ tableName, primaryKey: [{ sKey: 'a' }] }))).toMatchObject({
    status: 400,
    code: 'OTSParameterInvalid',
  })
  const answer = await sendRaw(url, {
    operation: 'ComputeSplitPointsBySize',
    credentials: spine.credentials.operator,
    body: Buffer.of(),
  })
  expect(answer).toMatchObject({ status: 400, message: 'Unsupported operation: ComputeSplitPointsBySize.' })
})
