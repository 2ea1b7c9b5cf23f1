import { connect } from 'node:net'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { Refusal } from '#infra/local/tablestore/refusal.ts'
import { parseFilter } from '#infra/local/tablestore/filter.ts'
import { readRow } from '#infra/local/tablestore/row-reader.ts'
import { startTablestore, tableParams } from '#support/local-tablestore.ts'
import { INF_MAX, INF_MIN, blob, double, int, plainRow, proto, sendRaw, text } from '#support/ots-wire.ts'
import { ignore } from '#support/tablestore-sdk.ts'

const { client, spine, url } = await startTablestore()
const tableName = 'fuzzed'
const condition = proto([1, 0])
const key = [{ name: 'sKey', value: text('a') }]
const filter = proto([1, 1], [2, proto([1, 1], [2, 'c'], [3, int(1)], [4, 1], [5, 1])])

/** A sound request of each operation, for mutations to begin from. */
const SOUND: Readonly<Record<string, Buffer>> = {
  CreateTable: proto(
    [1, proto([1, tableName], [2, proto([1, 'sKey'], [2, 2])])],
    [2, proto([1, proto([1, 0], [2, 0])])],
    [3, proto([1, 86_400], [2, 1])],
  ),
  ListTable: Buffer.of(),
  DescribeTable: proto([1, tableName]),
  PutRow: proto(
    [1, tableName],
    [
      2,
      plainRow({
        key,
        columns: [
          { name: 'c', value: double(1.5) },
          { name: 'd', value: blob(Buffer.of(1)) },
        ],
      }),
    ],
    [3, proto([1, 0], [2, filter])],
    [4, proto([1, 1])],
  ),
  UpdateRow: proto(
    [1, tableName],
    [
      2,
      plainRow({
        key,
        columns: [
          { name: 'n', value: int(1), operation: 4 },
          { name: 'c', operation: 1 },
        ],
      }),
    ],
    [3, condition],
    [4, proto([1, 2], [2, 'n'])],
  ),
  DeleteRow: proto([1, tableName], [2, plainRow({ key, deleteMarker: true })], [3, condition]),
  GetRow: proto([1, tableName], [2, plainRow({ key })], [3, 'c'], [4, proto([1, 1], [2, 2])], [5, 1], [7, filter]),
  GetRange: proto(
    [1, tableName],
    [2, 0],
    [5, 1],
    [6, 10],
    [7, plainRow({ key: [{ name: 'sKey', value: INF_MIN }] })],
    [8, plainRow({ key: [{ name: 'sKey', value: INF_MAX }] })],
    [10, filter],
  ),
  BatchGetRow: proto([1, proto([1, tableName], [2, plainRow({ key })], [6, 1])]),
  BatchWriteRow: proto([1, proto([1, tableName], [2, proto([1, 1], [2, plainRow({ key })], [3, condition])])]),
}

interface Mutation {
  readonly at: number
  readonly kind: 'set' | 'cut' | 'insert' | 'drop'
  readonly bytes: Uint8Array
}

const mutation = fc.record<Mutation>({
  at: fc.nat(400),
  kind: fc.constantFrom('set', 'cut', 'insert', 'drop'),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 6 }),
})

function mutated(bytes: Buffer, mutations: readonly Mutation[]): Buffer {
  return mutations.reduce<Buffer>((whole, { at: anywhere, kind, bytes: own }) => {
    const at = anywhere % (whole.length + 1)
    const after = { set: at + own.length, cut: whole.length, insert: at, drop: at + own.length }[kind]
    const between = kind === 'set' || kind === 'insert' ? own : Buffer.of()
    return Buffer.concat([whole.subarray(0, at), between, whole.subarray(after)])
  }, bytes)
}

/** What the service itself answers; 500 would be a fault of this server. */
const ANSWERS = new Map([
  [200, ['']],
  [400, ['OTSParameterInvalid', 'OTSInvalidPK']],
  [403, ['OTSConditionCheckFail', 'OTSQuotaExhausted']],
  [404, ['OTSObjectNotExist']],
  [409, ['OTSObjectAlreadyExist']],
])

const send = (operation: string, body: Uint8Array) =>
  sendRaw(url, { operation, body, credentials: spine.credentials.operator })

beforeAll(async () => {
  await client.createTable(tableParams(tableName, { key: ['sKey'] }))
})

test('the requests that are mutated are sound', async () => {
  for (const [operation, body] of Object.entries(SOUND)) {
    const { status } = await send(operation, body)
    expect([operation, status]).toEqual([operation, { CreateTable: 409, PutRow: 403 }[operation] ?? 200])
  }
})

test('any bytes of a body get an answer of the service', async () => {
  const request = fc.constantFrom(...Object.keys(SOUND)).chain((operation) => {
    const sound = SOUND[operation] ?? Buffer.of()
    const body = fc.oneof(
      { weight: 4, arbitrary: fc.array(mutation, { minLength: 1, maxLength: 4 }).map((list) => mutated(sound, list)) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
    )
    return fc.tuple(fc.constant(operation), body)
  })
  await fc.assert(
    fc.asyncProperty(request, async ([operation, body]) => {
      const answer = await send(operation, body)
      expect(ANSWERS.get(answer.status), `${answer.status} ${answer.message}`).toContain(answer.code)
    }),
    { numRuns: 400 },
  )
  await client.putRow({ tableName, primaryKey: [{ sKey: 'alive' }], condition: ignore(), attributeColumns: [] })
})

test('any bytes of a row are read or refused', () => {
  const row = plainRow({
    key: [...key, { name: 'n', value: int(-5) }],
    columns: [
      { name: 'c', value: text('текст'), timestamp: 5n },
      { name: 'd', operation: 3, timestamp: 6n },
    ],
    deleteMarker: true,
  })
  const bytes = fc.oneof(
    fc.array(mutation, { maxLength: 3 }).map((list) => mutated(row, list)),
    fc.uint8Array({ maxLength: 200 }).map((tail) => Buffer.concat([Buffer.of(0x75, 0, 0, 0, 1, 3, 4), tail])),
  )
  fc.assert(
    fc.property(bytes, (sent) => {
      expect(refusalOf(() => readRow(sent))).not.toBe('fault')
    }),
    { numRuns: 10_000 },
  )
})

test('any bytes of a filter are read or refused', () => {
  const composite = proto([1, 2], [2, proto([1, 2], [2, filter], [2, filter])])
  const bytes = fc.oneof(
    fc.array(mutation, { maxLength: 3 }).map((list) => mutated(composite, list)),
    fc.uint8Array({ maxLength: 60 }),
  )
  fc.assert(
    fc.property(bytes, (sent) => {
      expect(refusalOf(() => parseFilter(sent))).not.toBe('fault')
    }),
    { numRuns: 5000 },
  )
})

test('lengths that claim gigabytes, and nesting without end, are refused at once', async () => {
  const row = Buffer.concat([Buffer.of(0x75, 0, 0, 0, 1, 3, 4), Buffer.of(0xff, 0xff, 0xff, 0xff)])
  expect((await send('PutRow', proto([1, tableName], [2, row], [3, condition]))).status).toBe(400)
  expect((await send('PutRow', Buffer.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f))).status).toBe(400)
  expect((await send('PutRow', Buffer.alloc(4 * 1024 * 1024, 0x1b))).status).toBe(400)
  const nested = Array.from({ length: 1000 }).reduce<Buffer>(
    (inner) => proto([1, 2], [2, proto([1, 1], [2, inner])]),
    filter,
  )
  const get = await send('GetRow', proto([1, tableName], [2, plainRow({ key })], [5, 1], [7, nested]))
  expect(get).toMatchObject({ status: 400, code: 'OTSParameterInvalid' })
})

test('a client that goes away in the middle of its body harms nobody', async () => {
  const { port } = new URL(url)
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write('POST /PutRow HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nhalf', () => socket.destroy())
    })
    socket.on('close', () => resolve())
  })
  expect((await client.listTable({})).tableNames).toContain(tableName)
})

function refusalOf(read: () => unknown): 'read' | 'refused' | 'fault' {
  try {
    read()
    return 'read'
  } catch (error) {
    return error instanceof Refusal ? 'refused' : 'fault'
  }
}
