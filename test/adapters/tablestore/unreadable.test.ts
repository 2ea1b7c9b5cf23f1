// Rows that no version of the product wrote, or that a newer one did.
import { describe, expect, it } from 'vitest'
import { createBook } from '#adapters/tablestore/book.ts'
import { createDays } from '#adapters/tablestore/days.ts'
import { createOpenSet } from '#adapters/tablestore/open-set.ts'
import { parseAsks } from '#core/asks.ts'
import { createLocalDriver, startLocalCloud } from '#support/local-cloud.ts'
import { createRecordingLog } from '#support/memory/log.ts'
import { newRow, newStream } from '#support/rows.ts'
import { long, ignore, sdk } from '#support/tablestore-sdk.ts'

const cloud = await startLocalCloud()
const { accessKeyId, accessKeySecret } = cloud.spine.credentials.operator
const client = new sdk.Client({
  endpoint: cloud.endpoints.ots,
  instancename: 'startgate',
  accessKeyId,
  secretAccessKey: accessKeySecret,
  maxRetries: 0,
})
const asks = createBook(createLocalDriver(cloud), 'asks')

async function write(tableName: string, primaryKey: readonly object[], columns: Readonly<Record<string, unknown>>) {
  const attributeColumns = Object.entries(columns).map(([name, value]) => ({ [name]: value }))
  await client.putRow({ tableName, primaryKey, attributeColumns, condition: ignore() })
}

describe('a row of a book', () => {
  const sound = { id: 'ab', at: long(5), actor: '{"principal":"bob"}', body: '{"x":1}', prev: '', hash: 'cd' }

  it.each<[string, string, object]>([
    ['a body that is no JSON', 'approved', { body: '{"x":' }],
    ['a body that is missing', 'approved', { body: undefined }],
    ['a body that is a number', 'approved', { body: long(7) }],
    ['an actor that is no JSON', 'approved', { actor: 'bob' }],
    ['an actor that is nobody', 'approved', { actor: '{"principal":"../bob"}' }],
    ['an actor that is null', 'posted', { actor: 'null' }],
  ])('with %s gets a type that no version knows', async (_, type, given) => {
    const stream = newStream()
    await write('asks', [{ request: stream }, { seq: long(1) }], withoutUndefined({ ...sound, type, ...given }))
    const rows = await asks.read(stream)

    expect(rows).toMatchObject([{ stream, n: 1, type: `unreadable:${type}`, id: 'ab', at: 5 }])
    expect(parseAsks(rows)).toMatchObject({ events: [], fault: { n: 1 } })
  })

  it.each(['denied', 'cancelled'] as const)('stays %s whatever its body and actor are', async (type) => {
    const stream = newStream()
    const columns = { ...sound, type, body: '\u0000', actor: '[]' }
    await write('asks', [{ request: stream }, { seq: long(1) }], columns)
    const rows = await asks.read(stream)

    expect(rows).toMatchObject([{ type, body: null, actor: { function: 'gate' } }])
    expect(parseAsks(rows).no).toEqual({ n: 1, at: 5, kind: type })
  })

  it('with nothing in it is read all the same', async () => {
    const stream = newStream()
    await write('asks', [{ request: stream }, { seq: long(1) }], { x: 1.5 })

    expect(await asks.read(stream)).toEqual([
      {
        book: 'asks',
        stream,
        n: 1,
        id: '',
        type: 'unreadable:',
        at: 0,
        actor: { function: 'gate' },
        body: null,
        prev: '',
        hash: '',
      },
    ])
  })

  it('does not keep the others from being read, nor is a number beyond all numbers one', async () => {
    const row = newRow()
    await asks.put(row)
    await write('asks', [{ request: row.stream }, { seq: long('9007199254740993') }], { ...sound, type: 'approved' })
    const [first, second] = await asks.read(row.stream)

    expect(first).toEqual(row)
    expect(second?.n).toBeNaN()
    expect(parseAsks(await asks.read(row.stream)).fault).toBeDefined()
  })
})

describe('an entry of the open set', () => {
  it('that cannot be read hides no other, and is logged', async () => {
    const log = createRecordingLog()
    const open = createOpenSet(createLocalDriver(cloud, { log }))
    const entry = {
      request: newStream(),
      phase: 'start',
      digest: 'ef',
      createdAt: 1,
      notBefore: 0,
      expiresAt: 2,
    } as const
    await open.add(entry)
    const columns = { digest: 'ef', createdAt: long(1), notBefore: long(0), expiresAt: long(2) }
    await write('open', [{ shard: '0' }, { request: 'req_1' }], { ...columns, phase: long(1) })
    await write('open', [{ shard: '1' }, { request: newStream() }], { ...columns, phase: long(4) })
    await write('open', [{ shard: '2' }, { request: newStream() }], { ...columns, phase: 1 })

    // A double that happens to be whole reads like the integer.
    expect(await open.all()).toHaveLength(2)
    expect(await open.all()).toContainEqual(entry)
    expect(log.lines.filter(({ event }) => event === 'open.unreadable')).toHaveLength(4)
  })
})

describe('an entry without the column that a condition is about', () => {
  it('is neither raised nor removed', async () => {
    const open = createOpenSet(createLocalDriver(cloud))
    const request = newStream()
    await write('open', [{ shard: request.slice(4, 5) }, { request }], { digest: 'ef' })
    const entry = { request, phase: 'tell', digest: 'gh', createdAt: 1, notBefore: 0, expiresAt: 2 } as const
    await open.removeIfUnchanged(entry)

    expect(await open.raise(entry)).toBe(false)
    expect(await open.add(entry)).toBe('exists')
  })
})

describe('an entry of a day', () => {
  it('that names no request is left out', async () => {
    const days = createDays(createLocalDriver(cloud))
    const entry = { request: newStream(), createdAt: 1 }
    await days.put(entry)
    await write('days', [{ day: '1970-01-01' }, { at: long(2) }, { request: 'req_1' }], { v: long(1) })

    expect(await days.list('1970-01-01', undefined, 10)).toEqual({ entries: [entry], cursor: undefined })
  })
})

function withoutUndefined(columns: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined))
}
