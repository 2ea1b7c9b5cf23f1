// The operations that are served: how each is read from its body, what it touches, and what it does.

import type { Codec, Consumed } from '@alicloud/tablestore/lib/protocol/tablestore_compiled_proto.js'
import type { CapacityUnits } from '#infra/local/spine.ts'
import { namedTables, readBatch, writeBatch } from './batch.ts'
import { parseChange } from './change.ts'
import { parseKey } from './key.ts'
import { decode, encode, messages } from './messages.ts'
import { readRange } from './range.ts'
import { parseReading, readOne } from './read.ts'
import { invalid } from './refusal.ts'
import { readRow } from './row-reader.ts'
import { rangeSubject, rowsSubject } from './subject.ts'
import { createTable, deleteTable, describeTable, listTables } from './table-operations.ts'
import { type Store, checkTableName, findTable } from './table.ts'
import { applyChange } from './write.ts'

/** A request that was read, and not yet carried out. */
export interface Prepared {
  /** The tables it names, for RAM; `*` stands for all of them. */
  readonly tables: readonly [string, ...string[]]
  readonly subject: string
  /** Carries it out and returns the answer's body, and what it consumed if it is about rows. Throws a Refusal. */
  run(store: Store): { readonly body: Buffer; readonly units?: CapacityUnits | undefined }
}

/** 400 OTSParameterInvalid for an unknown operation or a body that is not its request. */
export function prepare(operation: string, body: Buffer): Prepared {
  const parse = OPERATIONS.get(operation)
  if (parse === undefined) throw invalid(`Unsupported operation: ${operation}.`)
  return parse(body)
}

interface Definition<Request, Answer> {
  readonly request: Codec<Request>
  readonly answer: Codec<Answer>
  readonly tables: (request: Request) => readonly string[]
  readonly subject: (request: Request) => string
  readonly run: (store: Store, request: Request) => Answer
}

const named = (request: { readonly tableName: string }): readonly string[] => [request.tableName]

const OPERATIONS: ReadonlyMap<string, (body: Buffer) => Prepared> = new Map([
  define('CreateTable', {
    request: messages.CreateTableRequest,
    answer: messages.CreateTableResponse,
    tables: (request) => named(request.tableMeta),
    subject: (request) => request.tableMeta.tableName,
    run: createTable,
  }),
  define('ListTable', {
    request: messages.ListTableRequest,
    answer: messages.ListTableResponse,
    tables: () => [],
    subject: () => 'tables (all)',
    run: listTables,
  }),
  define('DescribeTable', {
    request: messages.DescribeTableRequest,
    answer: messages.DescribeTableResponse,
    tables: named,
    subject: ({ tableName }) => tableName,
    run: (store, { tableName }) => describeTable(store, tableName),
  }),
  define('DeleteTable', {
    request: messages.DeleteTableRequest,
    answer: messages.DeleteTableResponse,
    tables: named,
    subject: ({ tableName }) => tableName,
    run: (store, { tableName }) => deleteTable(store, tableName),
  }),
  define('PutRow', {
    request: messages.PutRowRequest,
    answer: messages.PutRowResponse,
    tables: named,
    subject: ({ tableName, row }) => rowsSubject(tableName, [row]),
    run: (store, request) => write(store, 'put', request, request.row),
  }),
  define('UpdateRow', {
    request: messages.UpdateRowRequest,
    answer: messages.UpdateRowResponse,
    tables: named,
    subject: ({ tableName, rowChange }) => rowsSubject(tableName, [rowChange]),
    run: (store, request) => write(store, 'update', request, request.rowChange),
  }),
  define('DeleteRow', {
    request: messages.DeleteRowRequest,
    answer: messages.DeleteRowResponse,
    tables: named,
    subject: ({ tableName, primaryKey }) => rowsSubject(tableName, [primaryKey]),
    run: (store, request) => write(store, 'delete', request, request.primaryKey),
  }),
  define('GetRow', {
    request: messages.GetRowRequest,
    answer: messages.GetRowResponse,
    tables: named,
    subject: ({ tableName, primaryKey }) => rowsSubject(tableName, [primaryKey]),
    run(store, request) {
      refuseTransaction(request)
      const table = findTable(store, request.tableName)
      const key = parseKey(table.schema, readRow(request.primaryKey))
      return readOne(table, key, parseReading(request), store.now())
    },
  }),
  define('GetRange', {
    request: messages.GetRangeRequest,
    answer: messages.GetRangeResponse,
    tables: named,
    subject: rangeSubject,
    run(store, request) {
      refuseTransaction(request)
      return readRange(store, request)
    },
  }),
  define('BatchGetRow', {
    request: messages.BatchGetRowRequest,
    answer: messages.BatchGetRowResponse,
    tables: ({ tables }) => namedTables('BatchGetRow', tables),
    subject: ({ tables }) => tables.map((asked) => rowsSubject(asked.tableName, asked.primaryKey)).join('; '),
    run: readBatch,
  }),
  define('BatchWriteRow', {
    request: messages.BatchWriteRowRequest,
    answer: messages.BatchWriteRowResponse,
    tables: ({ tables }) => namedTables('BatchWriteRow', tables),
    subject: ({ tables }) =>
      tables
        .map(({ tableName, rows }) =>
          rowsSubject(
            tableName,
            rows.map(({ rowChange }) => rowChange),
          ),
        )
        .join('; '),
    run(store, request) {
      refuseTransaction(request)
      return writeBatch(store, request)
    },
  }),
])

function define<Request, Answer>(
  operation: string,
  { request, answer, tables, subject, run }: Definition<Request, Answer>,
): [string, (body: Buffer) => Prepared] {
  const parse = (body: Buffer): Prepared => {
    const message = decode(request, body, 'Parse PBMessage from RawString failed.')
    const [first = '*', ...others] = tables(message).map(checkTableName)
    return {
      tables: [first, ...others],
      subject: subject(message),
      run(store) {
        const answered = run(store, message)
        return { body: encode(answer, answered), units: unitsOf(answered) }
      },
    }
  }
  return [operation, parse]
}

/** Of calls about one table; those about several say it row by row. */
function unitsOf(answered: unknown): CapacityUnits | undefined {
  if (typeof answered !== 'object' || answered === null || !('consumed' in answered)) return undefined
  const { read, write: written } = (answered.consumed as Consumed).capacityUnit
  return { read, write: written }
}

type SingleWrite =
  | ReturnType<typeof messages.PutRowRequest.decode>
  | ReturnType<typeof messages.UpdateRowRequest.decode>
  | ReturnType<typeof messages.DeleteRowRequest.decode>

function write(
  store: Store,
  kind: 'put' | 'update' | 'delete',
  request: SingleWrite,
  row: Uint8Array,
): ReturnType<typeof applyChange> {
  refuseTransaction(request)
  const table = findTable(store, request.tableName)
  const now = store.now()
  return applyChange(table, parseChange(table, kind, { row, options: request }, now), now)
}

/** Tables are created without local transactions, so there is no transaction that a request could belong to. */
function refuseTransaction({ transactionId }: { readonly transactionId: string }): void {
  if (transactionId === '') return
  throw invalid('Try to call method using explicit transaction on explicit-transaction-disabled table')
}
