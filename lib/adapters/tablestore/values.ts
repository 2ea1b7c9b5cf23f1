// Keys and values as the books, the sets and the driver speak of them, without the SDK.
import type { Int64, Row } from '@alicloud/tablestore'

/** Before or after every value that a column can have. */
export interface Bound {
  readonly end: 'lowest' | 'highest'
}
export const LOWEST: Bound = { end: 'lowest' }
export const HIGHEST: Bound = { end: 'highest' }

export type Value = string | number
/** Column by column, in the order of the table's key. */
export type RowKey = Readonly<Record<string, Value>>
export type KeyBound = Readonly<Record<string, Value | Bound>>

/** A row as it was stored; integers are numbers, and NaN where a number cannot hold them. */
export interface StoredRow {
  readonly key: Readonly<Record<string, Value>>
  readonly columns: Readonly<Record<string, unknown>>
}

/** Undefined for the empty object by which the SDK says that there is no such row. */
export function toStoredRow({ primaryKey, attributes }: Row): StoredRow | undefined {
  if (primaryKey === undefined) return undefined
  return {
    key: Object.fromEntries(primaryKey.map(({ name, value }) => [name, fromKeyValue(value)])),
    columns: Object.fromEntries(
      (attributes ?? []).map(({ columnName, columnValue }) => [columnName, fromValue(columnValue)]),
    ),
  }
}

function fromKeyValue(value: string | Int64): Value {
  return typeof value === 'string' ? value : fromInteger(value)
}

function fromValue(value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Buffer.isBuffer(value) ? fromInteger(value as Int64) : value
}

function fromInteger(value: Int64): number {
  const number = Number(value.toString())
  return Number.isSafeInteger(number) ? number : Number.NaN
}
