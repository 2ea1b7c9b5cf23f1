// Primary keys: checked against the table's schema, and turned into bytes that sort as the service sorts keys.

import { MAX_KEY_VALUE_BYTES } from './limits.ts'
import type { WireCell, WireRow } from './plain-buffer.ts'
import { invalid, invalidKey } from './refusal.ts'
import { type Bound, type KeyValue, type WireValue, isKeyValue, sizeOf } from './value.ts'

export interface KeyColumn {
  readonly name: string
  readonly type: KeyValue['type']
}

export interface PrimaryKey {
  readonly columns: readonly { readonly name: string; readonly value: KeyValue }[]
  /** Order-preserving; equal keys have equal bytes. */
  readonly bytes: Buffer
}

/**
 * The key of a row to write or read. 400 OTSInvalidPK when names, types or their number differ from the schema,
 * 400 OTSParameterInvalid when a value is too long or is not a value.
 */
export function parseKey(schema: readonly KeyColumn[], row: WireRow): PrimaryKey {
  const columns = matched(schema, row).map(({ column, value }) => {
    if (value.type === 'autoIncrement') throw invalid('Unknown or unsupported CellType in primary key: AUTO_INCREMENT.')
    if (!isKeyValue(value)) throw invalid(`${value.type} can not be used as primary key.`)
    return { name: column.name, value: fitting(column, value) }
  })
  return { columns, bytes: toSortable(columns.map(({ value }) => value)) }
}

/** One end of a range, as bytes that compare with those of keys. Columns may be INF_MIN or INF_MAX. */
export function parseBound(schema: readonly KeyColumn[], row: WireRow): Buffer {
  const values = matched(schema, row).map(({ column, value }): Bound => {
    if (value.type === 'infMin' || value.type === 'infMax') return value
    if (value.type === 'autoIncrement') throw invalid("PKAutoIncr can't be used for read operations.")
    if (!isKeyValue(value)) throw invalid(`${value.type} can not be used as primary key.`)
    return fitting(column, value)
  })
  return toSortable(values)
}

export function sizeOfKey(key: PrimaryKey): number {
  return key.columns.reduce((sum, { name, value }) => sum + name.length + sizeOf(value), 0)
}

interface Matched {
  readonly column: KeyColumn
  readonly value: WireValue
}

function matched(schema: readonly KeyColumn[], row: WireRow): readonly Matched[] {
  if (row.primaryKey.length === 0) throw invalid('Cell data broken, PK is empty.')
  if (row.primaryKey.length !== schema.length) {
    const sizes = `Input: ${row.primaryKey.length}, Meta: ${schema.length}`
    throw invalidKey(`Validate PK size fail. ${sizes}.`)
  }
  return schema.map((column, index) => {
    const cell = row.primaryKey[index]
    if (cell?.name !== column.name) {
      throw invalidKey(`Validate PK name fail. Input: ${cell?.name}, Meta: ${column.name}.`)
    }
    return { column, value: bareValue(cell) }
  })
}

function bareValue(cell: WireCell): WireValue {
  if (cell.value === undefined) throw invalid(`Cell data broken, PK value cannot be NULL, name: ${cell.name}.`)
  if (cell.operation !== undefined) throw invalid(`OpType cannot be given for primary key name：${cell.name}.`)
  if (cell.timestamp !== undefined) throw invalid(`Timestamp cannot be given for primary key name：${cell.name}.`)
  return cell.value
}

function fitting(column: KeyColumn, value: KeyValue): KeyValue {
  if (value.type !== column.type) {
    throw invalidKey(`Validate PK type fail. Input: ${value.type}, Meta: ${column.type}.`)
  }
  const size = sizeOf(value)
  if (size > MAX_KEY_VALUE_BYTES) {
    const lengths = `exceeds the MaxLength: ${MAX_KEY_VALUE_BYTES} with CurrentLength: ${size}`
    throw invalid(`The length of primary key column: ${column.name} ${lengths}.`)
  }
  return value
}

const LOWEST = Buffer.of(0x00)
const VALUE = Buffer.of(0x01)
const HIGHEST = Buffer.of(0xff)
/** Lower than any byte that can follow within a value, so that a prefix sorts first. */
const END = Buffer.of(0x00, 0x00)
const ZERO = Buffer.of(0x00, 0xff)

/** A column's bytes never run into the next column's, so one comparison orders whole keys. */
function toSortable(values: readonly Bound[]): Buffer {
  return Buffer.concat(values.flatMap(toSortableParts))
}

function toSortableParts(value: Bound): readonly Buffer[] {
  switch (value.type) {
    case 'infMin':
      return [LOWEST]
    case 'infMax':
      return [HIGHEST]
    case 'integer': {
      const bytes = Buffer.alloc(8)
      // The flipped sign bit puts negative numbers before positive ones.
      bytes.writeBigUInt64BE(BigInt.asUintN(64, value.value) ^ (1n << 63n))
      return [VALUE, bytes]
    }
    case 'string':
      return [VALUE, ...escaped(Buffer.from(value.value, 'utf8')), END]
    case 'binary':
      return [VALUE, ...escaped(value.value), END]
  }
}

function escaped(bytes: Buffer): readonly Buffer[] {
  const parts: Buffer[] = []
  let from = 0
  for (let zero = bytes.indexOf(0); zero !== -1; zero = bytes.indexOf(0, from)) {
    parts.push(bytes.subarray(from, zero), ZERO)
    from = zero + 1
  }
  return [...parts, bytes.subarray(from)]
}
