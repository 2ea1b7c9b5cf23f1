// Between our values and the SDK's: integers are always its own 64-bit ones, never doubles.
import tablestore, { type Bound, type Int64, type Key, type Row } from '@alicloud/tablestore'

export const LOWEST = tablestore.INF_MIN
export const HIGHEST = tablestore.INF_MAX

export type Value = string | number
/** Column by column, in the order of the table's key. */
export type RowKey = Readonly<Record<string, Value>>
export type KeyBound = Readonly<Record<string, Value | Bound>>

/** A row as it was stored; integers are numbers, and NaN where a number cannot hold them. */
export interface StoredRow {
  readonly key: Readonly<Record<string, Value>>
  readonly columns: Readonly<Record<string, unknown>>
}

export function toKey(key: KeyBound): Key {
  return toPairs(key)
}

export function toColumns(
  columns: Readonly<Record<string, Value>>,
): readonly Readonly<Record<string, string | Int64>>[] {
  return toPairs(columns)
}

export function toInteger(value: number): Int64 {
  if (!Number.isSafeInteger(value)) throw new TypeError(`${value} is no integer that can be stored exactly`)
  return tablestore.Long.fromString(String(value))
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

/** Where the next page starts, as the SDK wants to be told it. */
export function toNextKey(next: NonNullable<Row['primaryKey']>): Key {
  return next.map(({ name, value }) => ({ [name]: value }))
}

function toPairs<Each extends Value | Bound>(values: Readonly<Record<string, Each>>) {
  return Object.entries(values).map(([name, value]) => ({
    [name]: typeof value === 'number' ? toInteger(value) : (value as Exclude<Each, number>),
  }))
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
