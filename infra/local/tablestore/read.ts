// What a read may see and return of a row.

import type { ReadOptions, RowRead } from '@alicloud/tablestore/lib/protocol/tablestore_compiled_proto.js'
import { capacity } from './capacity.ts'
import { type ColumnPage, type ColumnTest, parseFilter } from './filter.ts'
import { type PrimaryKey, sizeOfKey } from './key.ts'
import { MAX_COLUMNS_TO_GET } from './limits.ts'
import { has, toBigInt } from './messages.ts'
import { invalid } from './refusal.ts'
import { type AnswerCell, type AnswerRow, writeRows } from './row-writer.ts'
import { type Columns, type StoredRow, keepVersions, sizeOfColumns, visible } from './stored-row.ts'
import { type Table, checkColumnName } from './table.ts'

export interface Reading {
  /** Undefined: all columns. */
  readonly wanted: ReadonlySet<string> | undefined
  readonly startColumn: string | undefined
  readonly endColumn: string | undefined
  readonly isInTime: (timestamp: bigint) => boolean
  readonly maxVersions: number
  readonly test: ColumnTest | undefined
  readonly page: ColumnPage | undefined
}

/** 400 OTSParameterInvalid for options that the service does not take. */
export function parseReading(options: ReadOptions): Reading {
  const count = options.columnsToGet.length
  if (count > MAX_COLUMNS_TO_GET) {
    const counts = `limit count: ${MAX_COLUMNS_TO_GET}, column count:${count}`
    throw invalid(`The number of columns from the request exceeds the limit, ${counts}.`)
  }
  if (!has(options, 'maxVersions') && !has(options, 'timeRange')) {
    throw invalid('No version condition is specified while querying row.')
  }
  if (has(options, 'maxVersions') && options.maxVersions <= 0) {
    throw invalid(`Invalid max versions: ${options.maxVersions}. Reason: Max versions must be positive.`)
  }
  const { test, page } = options.filter.length > 0 ? parseFilter(options.filter) : {}
  return {
    wanted: count > 0 ? new Set(options.columnsToGet.map(checkColumnName)) : undefined,
    startColumn: has(options, 'startColumn') ? options.startColumn : undefined,
    endColumn: has(options, 'endColumn') ? options.endColumn : undefined,
    isInTime: parseTimeRange(options),
    maxVersions: has(options, 'maxVersions') ? options.maxVersions : Number.POSITIVE_INFINITY,
    test,
    page,
  }
}

/** One row by its key; a row that is absent, expired or filtered away is an empty answer. */
export function readOne(table: Table, key: PrimaryKey, reading: Reading, now: number): RowRead {
  const row = visible(table.rows.find(key.bytes), table.retention, now)
  const answer = row === undefined ? undefined : toAnswer(row, reading, false)
  return {
    consumed: capacity({ read: row === undefined ? 1 : sizeOfRow(row) }),
    row: writeRows(answer === undefined ? [] : [answer]),
  }
}

/**
 * The part of a visible row that is returned, or undefined when it is filtered away or has none of the wanted columns.
 * A filter sees only the columns that the read selects. `wholeKey`: the key is returned whatever columns are wanted.
 */
export function toAnswer(row: StoredRow, reading: Reading, wholeKey: boolean): AnswerRow | undefined {
  const columns = selected(row.columns, reading)
  if (reading.test?.(columns) === false) return undefined
  const wantedKey = row.primaryKey.columns.filter(({ name }) => reading.wanted?.has(name) ?? true)
  if (wantedKey.length === 0 && columns.size === 0) return undefined
  return {
    primaryKey: wholeKey ? row.primaryKey.columns : wantedKey,
    attributes: toCells(columns, reading),
  }
}

/** Bytes of key, names and values. */
export function sizeOfRow(row: StoredRow): number {
  return sizeOfKey(row.primaryKey) + sizeOfColumns(row.columns)
}

function selected(columns: Columns, reading: Reading): Columns {
  const { wanted, startColumn, endColumn } = reading
  const names = [...columns.keys()].filter(
    (name) =>
      (wanted?.has(name) ?? true) &&
      (startColumn === undefined || name >= startColumn) &&
      (endColumn === undefined || name < endColumn),
  )
  const inRange = new Map(names.toSorted().map((name) => [name, columns.get(name) ?? []]))
  return keepVersions(inRange, (versions) => versions.filter(({ timestamp }) => reading.isInTime(timestamp)))
}

function toCells(columns: Columns, reading: Reading): readonly AnswerCell[] {
  const { offset, limit } = reading.page ?? { offset: 0, limit: columns.size }
  const page = [...columns].slice(offset, offset + limit)
  return page.flatMap(([name, versions]) =>
    versions.slice(0, reading.maxVersions).map(({ timestamp, value }) => ({ name, value, timestamp })),
  )
}

/** `[startTime, endTime)`, or one exact time. */
function parseTimeRange({ timeRange }: ReadOptions): (timestamp: bigint) => boolean {
  if (timeRange === undefined || timeRange === null) return () => true
  const hasStart = has(timeRange, 'startTime')
  const hasEnd = has(timeRange, 'endTime')
  if (has(timeRange, 'specificTime')) {
    if (hasStart || hasEnd) {
      throw invalid('Specific tiemstamp and time range cannot be given at the same time.')
    }
    const exact = toBigInt(timeRange.specificTime)
    if (exact < 0n) throw invalid('Specific timestamp cannot be less than 0..')
    return (timestamp) => timestamp === exact
  }
  if (!hasStart || !hasEnd) throw invalid('Start and end time must be given at the same time.')
  const start = toBigInt(timeRange.startTime)
  const end = toBigInt(timeRange.endTime)
  if (start < 0n || end < start) throw invalid('Timestamp must be in range [0, INT64_MAX/1000).')
  return (timestamp) => timestamp >= start && timestamp < end
}
