// Our values as the SDK takes them: integers are always its own 64-bit ones, never doubles.
import tablestore, {
  type Bound as SdkBound,
  type Int64,
  type Key,
  type Row,
  type TableDescription,
} from '@alicloud/tablestore'
import type { TableShape } from '#core/doctor/report.ts'
import type { Bound, KeyBound, Value } from './values.ts'

export function toKey(key: KeyBound): Key {
  return Object.entries(key).map(([name, value]) => ({
    [name]: typeof value === 'object' ? toSdkBound(value) : toSdkValue(value),
  }))
}

export function toColumns(
  columns: Readonly<Record<string, Value>>,
): readonly Readonly<Record<string, string | Int64>>[] {
  return Object.entries(columns).map(([name, value]) => ({ [name]: toSdkValue(value) }))
}

export function toInteger(value: number): Int64 {
  if (!Number.isSafeInteger(value)) throw new TypeError(`${value} is no integer that can be stored exactly`)
  return tablestore.Long.fromString(String(value))
}

/** Where the next page starts, as the SDK wants to be told it. */
export function toNextKey(next: NonNullable<Row['primaryKey']>): Key {
  return next.map(({ name, value }) => ({ [name]: value }))
}

const KEY_TYPES: Readonly<Record<number, string>> = { 1: 'INTEGER', 2: 'STRING', 3: 'BINARY' }

export function toTableShape({ tableMeta, tableOptions }: TableDescription): TableShape {
  const { timeToLive, maxVersions, allowUpdate } = tableOptions
  return {
    primaryKey: tableMeta.primaryKey.map(({ name, type }) => ({ name, type: KEY_TYPES[type] ?? String(type) })),
    timeToLive,
    maxVersions,
    // The service leaves it out where it is as by default.
    allowUpdate: allowUpdate ?? true,
  }
}

function toSdkValue(value: Value): string | Int64 {
  return typeof value === 'number' ? toInteger(value) : value
}

function toSdkBound({ end }: Bound): SdkBound {
  return end === 'lowest' ? tablestore.INF_MIN : tablestore.INF_MAX
}
