// Writes PlainBuffer rows for an answer.

import { crc8, crc8Byte } from './checksum.ts'
import { HEADER, TAG } from './plain-buffer.ts'
import { type Value, toBytes } from './value.ts'

/** A cell of an answer always has its value; key cells have no timestamp. */
export interface AnswerCell {
  readonly name: string
  readonly value: Value
  /** Epoch milliseconds. */
  readonly timestamp?: bigint
}

export interface AnswerRow {
  readonly primaryKey: readonly AnswerCell[]
  readonly attributes: readonly AnswerCell[]
}

/** One header and the rows after it; no rows are no bytes at all. */
export function writeRows(rows: readonly AnswerRow[]): Buffer {
  if (rows.length === 0) return Buffer.alloc(0)
  const parts = [uint32(HEADER)]
  for (const row of rows) pushRow(parts, row)
  return Buffer.concat(parts)
}

function pushRow(parts: Buffer[], row: AnswerRow): void {
  let crc = pushCells(parts, TAG.PRIMARY_KEY, row.primaryKey, 0)
  crc = pushCells(parts, TAG.ATTRIBUTES, row.attributes, crc)
  // An answer never carries the delete marker, so the row's last checksummed byte is 0.
  parts.push(Buffer.of(TAG.ROW_CHECKSUM, crc8Byte(crc, 0)))
}

function pushCells(parts: Buffer[], tag: number, cells: readonly AnswerCell[], startCrc: number): number {
  if (cells.length === 0) return startCrc
  parts.push(Buffer.of(tag))
  let crc = startCrc
  for (const cell of cells) crc = crc8Byte(crc, pushCell(parts, cell))
  return crc
}

function pushCell(parts: Buffer[], cell: AnswerCell): number {
  const name = Buffer.from(cell.name, 'utf8')
  const value = toBytes(cell.value)
  let crc = crc8(crc8(0, name), value)
  parts.push(Buffer.of(TAG.CELL, TAG.NAME), uint32(name.length), name)
  parts.push(Buffer.of(TAG.VALUE), uint32(value.length), value)
  if (cell.timestamp !== undefined) {
    const timestamp = int64(cell.timestamp)
    crc = crc8(crc, timestamp)
    parts.push(Buffer.of(TAG.TIMESTAMP), timestamp)
  }
  parts.push(Buffer.of(TAG.CELL_CHECKSUM, crc))
  return crc
}

function uint32(number: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(number)
  return bytes
}

function int64(number: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64LE(number)
  return bytes
}
