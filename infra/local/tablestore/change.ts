// One write, read from its request and checked by itself: all that can be refused without looking at the stored row.

import type { WriteOptions } from '@alicloud/tablestore/lib/protocol/tablestore_compiled_proto.js'
import { type ColumnTest, parseCondition } from './filter.ts'
import { type PrimaryKey, parseKey, sizeOfKey } from './key.ts'
import * as limits from './limits.ts'
import type { WireCell, WireRow } from './plain-buffer.ts'
import { invalid } from './refusal.ts'
import { readRow } from './row-reader.ts'
import { type Table, checkColumnName } from './table.ts'
import { type Value, isValue, sizeOf } from './value.ts'

export type ChangeKind = 'put' | 'update' | 'delete'

/** What happens to one column. */
export type Step =
  | { readonly kind: 'put'; readonly name: string; readonly value: Value; readonly timestamp: bigint }
  | { readonly kind: 'deleteAll'; readonly name: string }
  | { readonly kind: 'deleteOne'; readonly name: string; readonly timestamp: bigint }
  | { readonly kind: 'increment'; readonly name: string; readonly by: bigint }

export interface Change {
  readonly kind: ChangeKind
  readonly key: PrimaryKey
  readonly steps: readonly Step[]
  readonly existence: 'ignore' | 'expectExist' | 'expectNotExist'
  readonly columnTest: ColumnTest | undefined
  readonly returns: 'nothing' | 'key' | { readonly columns: readonly string[] }
  /** Of key, names and values. */
  readonly bytes: number
}

/** 400 OTSParameterInvalid or OTSInvalidPK. `now`, in epoch milliseconds, is the timestamp of cells without one. */
export function parseChange(
  table: Table,
  kind: ChangeKind,
  sent: { readonly row: Uint8Array; readonly options: WriteOptions },
  now: number,
): Change {
  const row = readRow(sent.row)
  const key = parseKey(table.schema, row)
  checkShape(kind, row, table)
  const steps = row.attributes.map((cell) => parseStep(kind, cell, table, now))
  checkCountersStandAlone(steps)
  const bytes = steps.reduce((sum, step) => sum + sizeOfStep(step), sizeOfKey(key))
  checkSize(`${kind === 'update' ? 'UpdateRow' : 'PutRow'}`, bytes)
  const { rowExistence, columnCondition } = sent.options.condition
  return {
    kind,
    key,
    steps,
    existence: parseExistence(rowExistence),
    columnTest: columnCondition.length > 0 ? parseCondition(columnCondition) : undefined,
    returns: parseReturns(sent.options),
    bytes,
  }
}

/** The most that one request may write. */
export function checkSize(operation: string, bytes: number): void {
  if (bytes <= limits.MAX_WRITE_BYTES) return
  const sizes = `limit size: ${limits.MAX_WRITE_BYTES}, data size: ${bytes}`
  throw invalid(`The total data size of ${operation} request exceeds the limit, ${sizes}.`)
}

function checkShape(kind: ChangeKind, row: WireRow, table: Table): void {
  if (kind === 'delete') {
    if (!row.deleteMarker) throw invalid('Invalid request of delete row: missing RowDeleteMarker in request')
    if (row.attributes.length > 0) throw invalid('Invalid delete row request: unexpected cells in request')
    return
  }
  if (row.deleteMarker) {
    throw invalid('Invalid request of put/update row: unexpected RowDeleteMarker in request.')
  }
  if (kind === 'update') {
    if (!table.allowUpdate) throw invalid('UpdateRow is not allowed: allow_update of the table is false.')
    if (row.attributes.length === 0) throw invalid('Invalid update row request: missing cells in request')
  }
  const count = row.attributes.length
  if (count > limits.MAX_COLUMNS_PER_WRITE) {
    const counts = `limit count:${limits.MAX_COLUMNS_PER_WRITE}, column count: ${count}`
    throw invalid(`The number of attribute columns exceeds the limit, ${counts}.`)
  }
}

function parseStep(kind: ChangeKind, cell: WireCell, table: Table, now: number): Step {
  const name = checkColumnName(cell.name)
  if (table.schema.some((column) => column.name === name)) {
    throw invalid(`Duplicated attribute column name with primary key column: ${name}.`)
  }
  if (cell.operation === undefined) {
    return { kind: 'put', name, value: attributeOf(cell), timestamp: timestampOf(cell, table, now) }
  }
  if (kind === 'put') throw invalid(`OpType cannot be given for column name:${name} in PutRow.`)
  if (cell.operation === 'increment') return { kind: 'increment', name, by: incrementOf(cell) }
  if (cell.value !== undefined) {
    throw invalid('Column value cannot be given when type is DELETE_ONE_VERSION,DELETE_ALL_VERSION.')
  }
  if (cell.operation === 'deleteAll') {
    if (cell.timestamp !== undefined) throw invalid('Timestamp cannot be given when type is DELETE_ALL_VERSION.')
    return { kind: 'deleteAll', name }
  }
  if (cell.timestamp === undefined) throw invalid('Timestamp must be given when type is DELETE_ONE_VERSION.')
  return { kind: 'deleteOne', name, timestamp: cell.timestamp }
}

function attributeOf(cell: WireCell): Value {
  if (cell.value === undefined) throw invalid(`Cell data broken, attr has no value, name:${cell.name}.`)
  if (!isValue(cell.value)) throw invalid(`${cell.value.type} is an invalid type for the attribute column.`)
  const size = sizeOf(cell.value)
  if (size > limits.MAX_ATTRIBUTE_BYTES) {
    const lengths = `exceeded the MaxLength:${limits.MAX_ATTRIBUTE_BYTES} with Current Length:${size}`
    throw invalid(`The length of attribute column: ${cell.name} ${lengths}.`)
  }
  return cell.value
}

function timestampOf(cell: WireCell, table: Table, now: number): bigint {
  if (cell.timestamp === undefined) return BigInt(now)
  if (cell.timestamp < 0n || cell.timestamp >= limits.MAX_TIMESTAMP) {
    throw invalid('Timestamp must be in range [0, INT64_MAX/1000).')
  }
  const deviation = table.deviationSeconds * 1000n
  const off = cell.timestamp - BigInt(now)
  if (off < -deviation || off >= deviation) throw invalid(`Invalid timestamp. Cell:${cell.name}.`)
  return cell.timestamp
}

function incrementOf(cell: WireCell): bigint {
  if (cell.value?.type !== 'integer') throw invalid(`Invalid column type: ${cell.value?.type}.`)
  if (cell.timestamp !== undefined) throw invalid(`Invalid timestamp. Cell:${cell.name}.`)
  return cell.value.value
}

/** A counter's column may be named once in a request, and not be written otherwise in it. */
function checkCountersStandAlone(steps: readonly Step[]): void {
  for (const { name } of steps.filter(({ kind }) => kind === 'increment')) {
    if (steps.filter((step) => step.name === name).length > 1) {
      throw invalid(`Invalid update row request: the atomic counter ${name} is updated more than once.`)
    }
  }
}

function sizeOfStep(step: Step): number {
  const value = step.kind === 'put' ? sizeOf(step.value) : step.kind === 'increment' ? 8 : 0
  return step.name.length + value
}

const EXISTENCES: readonly Change['existence'][] = ['ignore', 'expectExist', 'expectNotExist']

function parseExistence(sent: number): Change['existence'] {
  const existence = EXISTENCES[sent]
  if (existence === undefined) throw invalid(`Invalid row-existence expectation: ${sent}.`)
  return existence
}

function parseReturns({ returnContent }: WriteOptions): Change['returns'] {
  switch (returnContent?.returnType ?? 0) {
    case 0:
      return 'nothing'
    case 1:
      return 'key'
    case 2:
      return { columns: returnContent?.returnColumnNames ?? [] }
    default:
      throw invalid(`Invalid return type: ${returnContent?.returnType}.`)
  }
}
