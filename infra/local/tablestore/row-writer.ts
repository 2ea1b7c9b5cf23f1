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

/** Bytes of tags, lengths and checksum around name and value, and of a timestamp with its tag. */
const CELL_FRAME = 1 + 5 + 5 + 2
const TIMESTAMP = 1 + 8

/** One buffer per cell: a page has tens of thousands of them. Returns the cell's checksum. */
function pushCell(parts: Buffer[], { name, value, timestamp }: AnswerCell): number {
  const nameLength = Buffer.byteLength(name)
  const valueBytes = toBytes(value)
  const length = CELL_FRAME + nameLength + valueBytes.length + (timestamp === undefined ? 0 : TIMESTAMP)
  const cell = Buffer.allocUnsafe(length)
  let at = cell.writeUInt8(TAG.CELL)
  at = cell.writeUInt8(TAG.NAME, at)
  at = cell.writeUInt32LE(nameLength, at)
  let crc = crc8(0, cell.subarray(at, at + cell.write(name, at)))
  at = cell.writeUInt8(TAG.VALUE, at + nameLength)
  at = cell.writeUInt32LE(valueBytes.length, at)
  at += valueBytes.copy(cell, at)
  crc = crc8(crc, valueBytes)
  if (timestamp !== undefined) {
    at = cell.writeUInt8(TAG.TIMESTAMP, at)
    at = cell.writeBigInt64LE(timestamp, at)
    crc = crc8(crc, cell.subarray(at - 8, at))
  }
  at = cell.writeUInt8(TAG.CELL_CHECKSUM, at)
  cell.writeUInt8(crc, at)
  parts.push(cell)
  return crc
}

function uint32(number: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(number)
  return bytes
}
