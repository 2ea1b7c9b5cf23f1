// The phrase by which the log names a call: tables and primary keys, never what the rows hold.

import type { GetRangeRequest } from '@alicloud/tablestore/lib/protocol/tablestore_compiled_proto.js'
import { Refusal } from './refusal.ts'
import { readRow } from './row-reader.ts'
import type { WireValue } from './value.ts'

const MAX_KEYS = 3

/** `asks (req_1f, 2)`; of many rows the first three, then `+17`. Rows that cannot be read are left out. */
export function rowsSubject(tableName: string, rows: readonly Uint8Array[]): string {
  const keys = rows.slice(0, MAX_KEYS).map(keyOf)
  const phrases = keys.flatMap((key) => (key === undefined ? [] : [`(${key.join(', ')})`]))
  const more = rows.length > MAX_KEYS ? [`+${rows.length - MAX_KEYS}`] : []
  return [tableName, ...phrases, ...more].join(' ')
}

/** `open (all)`, `asks (req_1f, *)` when only the leading columns are fixed, else both bounds. */
export function rangeSubject(request: GetRangeRequest): string {
  const start = keyOf(request.inclusiveStartPrimaryKey)
  const end = keyOf(request.exclusiveEndPrimaryKey)
  if (start === undefined || end === undefined) return request.tableName
  const differs = start.findIndex((column, index) => column !== end[index])
  const fixed = differs === -1 ? start : start.slice(0, differs)
  const isOpen = [...start.slice(fixed.length), ...end.slice(fixed.length)].every((column) => INFINITE.has(column))
  if (!isOpen) return `${request.tableName} (${start.join(', ')} … ${end.join(', ')})`
  return fixed.length === 0 ? `${request.tableName} (all)` : `${request.tableName} (${[...fixed, '*'].join(', ')})`
}

const LOWEST = '-∞'
const HIGHEST = '+∞'
const INFINITE: ReadonlySet<string> = new Set([LOWEST, HIGHEST])

/** Undefined for bytes that are no row: the log is written whether or not the request is sound. */
function keyOf(row: Uint8Array): readonly string[] | undefined {
  try {
    return readRow(row).primaryKey.map(({ value }) => (value === undefined ? '' : toPhrase(value)))
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

function toPhrase(value: WireValue): string {
  switch (value.type) {
    case 'integer':
    case 'double':
    case 'boolean':
      return String(value.value)
    case 'string':
      // A key is anybody's text: it must not break the line it is logged in.
      return JSON.stringify(value.value).slice(1, -1)
    case 'binary':
      return value.value.toString('hex')
    case 'infMin':
      return LOWEST
    case 'infMax':
      return HIGHEST
    case 'autoIncrement':
      return 'auto'
  }
}
