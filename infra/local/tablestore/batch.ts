// BatchGetRow and BatchWriteRow: what is wrong with the request refuses it whole; what befalls one row is that row's.

import type {
  BatchAnswer,
  BatchGetRowRequest,
  BatchWriteRowRequest,
  RowInBatchAnswer,
  RowInBatchWriteRow,
} from '@alicloud/tablestore/lib/protocol/tablestore_compiled_proto.js'
import { type Change, type ChangeKind, checkSize, parseChange } from './change.ts'
import { parseKey } from './key.ts'
import * as limits from './limits.ts'
import { parseReading, readOne } from './read.ts'
import { invalid, Refusal } from './refusal.ts'
import { readRow } from './row-reader.ts'
import { type Store, findTable } from './table.ts'
import { applyChange } from './write.ts'

export function readBatch(store: Store, request: BatchGetRowRequest): BatchAnswer {
  checkRowCount(
    request.tables.map(({ primaryKey }) => primaryKey.length),
    limits.MAX_ROWS_PER_BATCH_GET,
  )
  const now = store.now()
  const reads = request.tables.map((asked) => {
    if (asked.primaryKey.length === 0) throw invalid('No row specified in the request of BatchGetRow.')
    const table = findTable(store, asked.tableName)
    const keys = asked.primaryKey.map((bytes) => parseKey(table.schema, readRow(bytes)))
    if (hasRepeated(keys)) throw invalid('Duplicate rows detected in MultiGet.')
    return { table, tableName: asked.tableName, keys, reading: parseReading(asked) }
  })
  return {
    tables: reads.map(({ table, tableName, keys, reading }) => ({
      tableName,
      rows: keys.map((key) => ({ isOk: true, ...readOne(table, key, reading, now) })),
    })),
  }
}

/** Rows are written one by one in their order; one that is refused does not hold back the others. */
export function writeBatch(store: Store, request: BatchWriteRowRequest): BatchAnswer {
  checkRowCount(
    request.tables.map(({ rows }) => rows.length),
    limits.MAX_ROWS_PER_BATCH_WRITE,
  )
  const now = store.now()
  const writes = request.tables.map((asked) => {
    if (asked.rows.length === 0) throw invalid(`No operation is specified for table:${asked.tableName}.`)
    const table = findTable(store, asked.tableName)
    const changes = asked.rows.map((row) =>
      parseChange(table, parseKind(row), { row: row.rowChange, options: row }, now),
    )
    checkRepeated(changes)
    return { table, tableName: asked.tableName, changes }
  })
  const bytes = writes.flatMap(({ changes }) => changes).reduce((sum, change) => sum + change.bytes, 0)
  checkSize('BatchWriteRow', bytes)
  return {
    tables: writes.map(({ table, tableName, changes }) => ({
      tableName,
      rows: changes.map((change) => separately(() => applyChange(table, change, now))),
    })),
  }
}

/** The tables that a batch names. 400 OTSParameterInvalid when there is none, or one twice. */
export function namedTables(operation: string, tables: readonly { readonly tableName: string }[]): readonly string[] {
  if (tables.length === 0) throw invalid(`No row specified in the request of ${operation}.`)
  const names = tables.map(({ tableName }) => tableName)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw invalid(`Duplicated table name: ${twice}.`)
  return names
}

function checkRowCount(counts: readonly number[], limit: number): void {
  const count = counts.reduce((sum, rows) => sum + rows, 0)
  if (count > limit) throw invalid(`Rows count exceeds the upper limit:${limit}.`)
}

const KINDS = new Map<number, ChangeKind>([
  [1, 'put'],
  [2, 'update'],
  [3, 'delete'],
])

function parseKind(row: RowInBatchWriteRow): ChangeKind {
  const kind = KINDS.get(row.type)
  if (kind === undefined) throw invalid('The type of row in batch write operation is invalid.')
  return kind
}

/** A row may be written twice in a batch only if it asks for no condition. */
function checkRepeated(changes: readonly Change[]): void {
  if (!hasRepeated(changes.map(({ key }) => key))) return
  if (changes.some(({ existence }) => existence !== 'ignore')) {
    throw invalid('Repeated rows do not support row exist expectation check in BatchModify.')
  }
  if (changes.some(({ columnTest }) => columnTest !== undefined)) {
    throw invalid('Repeated rows do not support row condition check in BatchModify.')
  }
}

function hasRepeated(keys: readonly { readonly bytes: Buffer }[]): boolean {
  return new Set(keys.map(({ bytes }) => bytes.toString('latin1'))).size < keys.length
}

function separately(write: () => Omit<RowInBatchAnswer, 'isOk'>): RowInBatchAnswer {
  try {
    return { isOk: true, ...write() }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { isOk: false, error: { code: error.code, message: error.message } }
  }
}
