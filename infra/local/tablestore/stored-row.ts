// A row as the table keeps it, and what of it can still be seen: time to live and maximum versions are views over time.

import type { PrimaryKey } from './key.ts'
import type { Keyed } from './ordered-rows.ts'
import { type Value, sizeOf } from './value.ts'

export interface Version {
  /** Epoch milliseconds. */
  readonly timestamp: bigint
  readonly value: Value
}

/** Column name → its versions, newest first, never empty. */
export type Columns = ReadonlyMap<string, readonly Version[]>

export interface StoredRow extends Keyed {
  readonly primaryKey: PrimaryKey
  readonly columns: Columns
  /** Epoch milliseconds of the last write: a row without columns lives as long as this. */
  readonly writtenAt: bigint
}

/** How long and how many versions a table keeps. */
export interface Retention {
  /** -1: for ever. */
  readonly ttlSeconds: number
  readonly maxVersions: number
}

/**
 * The row as a reader sees it at `now`: expired and surplus versions are gone, whether or not they were cleared away.
 * Undefined when everything of it has expired. A version expires exactly `ttlSeconds` after its timestamp.
 */
export function visible(row: StoredRow | undefined, retention: Retention, now: number): StoredRow | undefined {
  if (row === undefined) return undefined
  const oldest = retention.ttlSeconds === -1 ? undefined : BigInt(now) - BigInt(retention.ttlSeconds) * 1000n
  const isAlive = (timestamp: bigint): boolean => oldest === undefined || timestamp > oldest
  const columns = keepVersions(row.columns, (versions) =>
    versions.slice(0, retention.maxVersions).filter(({ timestamp }) => isAlive(timestamp)),
  )
  return columns.size === 0 && !isAlive(row.writtenAt) ? undefined : { ...row, columns }
}

/** The columns with what `keep` leaves of their versions; a column without versions disappears. */
export function keepVersions(columns: Columns, keep: (versions: readonly Version[]) => readonly Version[]): Columns {
  const kept = new Map<string, readonly Version[]>()
  for (const [name, versions] of columns) {
    const left = keep(versions)
    if (left.length > 0) kept.set(name, left)
  }
  return kept
}

/** The versions with one more; a version with the same timestamp is replaced. */
export function addVersion(versions: readonly Version[], added: Version): readonly Version[] {
  const others = versions.filter(({ timestamp }) => timestamp !== added.timestamp)
  const newer = others.filter(({ timestamp }) => timestamp > added.timestamp)
  return [...newer, added, ...others.slice(newer.length)]
}

/** Bytes of names and values. */
export function sizeOfColumns(columns: Columns): number {
  let size = 0
  for (const [name, versions] of columns) {
    for (const { value } of versions) size += name.length + sizeOf(value)
  }
  return size
}
