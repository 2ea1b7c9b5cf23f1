// Reads the one PlainBuffer row of a request. Every failure is a Refusal: these bytes come from outside.

import { crc8, crc8Byte } from './checksum.ts'
import { type Cursor, createCursor, take, takeByte, takeIf, takeInt64, takeSized, toText } from './cursor.ts'
import { type CellOperation, type WireCell, type WireRow, HEADER, OPERATION_BYTE, TAG } from './plain-buffer.ts'
import { invalid } from './refusal.ts'
import { readValue } from './value.ts'

interface Checked<T> {
  readonly read: T
  readonly crc: number
}

/** 400 OTSParameterInvalid for anything but one whole row with right checksums. */
export function readRow(bytes: Uint8Array): WireRow {
  const cursor = createCursor(bytes)
  const header = take(cursor, 4).readUInt32LE()
  if (header !== HEADER) throw invalid(`Cell data broken, mismatch header, actual: ${header}, expect: ${HEADER}.`)
  const primaryKey = readCells(cursor, TAG.PRIMARY_KEY, 0)
  const attributes = readCells(cursor, TAG.ATTRIBUTES, primaryKey.crc)
  const deleteMarker = takeIf(cursor, TAG.DELETE_MARKER)
  expectTag(cursor, TAG.ROW_CHECKSUM, 'Cell data broken, row is not end with checksum tag.')
  expectChecksum(cursor, crc8Byte(attributes.crc, deleteMarker ? 1 : 0))
  expectNothingMore(cursor)
  return { primaryKey: primaryKey.read, attributes: attributes.read, deleteMarker }
}

function readCells(cursor: Cursor, tag: number, startCrc: number): Checked<readonly WireCell[]> {
  if (!takeIf(cursor, tag)) return { read: [], crc: startCrc }
  const cells: WireCell[] = []
  let crc = startCrc
  while (takeIf(cursor, TAG.CELL)) {
    const cell = readCell(cursor)
    cells.push(cell.read)
    crc = crc8Byte(crc, cell.crc)
  }
  if (cells.length === 0) throw invalid('Cell data broken, no Cells follow CellTag.')
  return { read: cells, crc }
}

function readCell(cursor: Cursor): Checked<WireCell> {
  expectTag(cursor, TAG.NAME, 'Cell data broken, attr has no name.')
  const nameBytes = takeSized(cursor)
  const name = toText(nameBytes, 'name')
  const valueBytes = takeIf(cursor, TAG.VALUE) ? takeSized(cursor) : undefined
  const operation = takeIf(cursor, TAG.OPERATION) ? readOperation(cursor) : undefined
  const timestampAt = cursor.at + 1
  const timestamp = takeIf(cursor, TAG.TIMESTAMP) ? takeInt64(cursor) : undefined

  let crc = crc8(0, nameBytes)
  if (valueBytes !== undefined) crc = crc8(crc, valueBytes)
  if (timestamp !== undefined) crc = crc8(crc, cursor.bytes.subarray(timestampAt, cursor.at))
  if (operation !== undefined) crc = crc8Byte(crc, OPERATION_BYTE[operation])
  expectTag(cursor, TAG.CELL_CHECKSUM, 'Cell data broken, cell is not end with checksum["0x0A"] tag.')
  expectChecksum(cursor, crc)

  const read = {
    name,
    ...(valueBytes !== undefined && { value: readWholeValue(valueBytes, name) }),
    ...(operation !== undefined && { operation }),
    ...(timestamp !== undefined && { timestamp }),
  }
  return { read, crc }
}

function readWholeValue(bytes: Buffer, name: string): NonNullable<WireCell['value']> {
  const cursor = createCursor(bytes)
  const value = readValue(cursor, name)
  if (cursor.at !== bytes.length) {
    throw invalid("Cell data broken, has more data in cell, but they can't be parsed.")
  }
  return value
}

function readOperation(cursor: Cursor): CellOperation {
  switch (takeByte(cursor)) {
    case OPERATION_BYTE.deleteAll:
      return 'deleteAll'
    case OPERATION_BYTE.deleteOne:
      return 'deleteOne'
    case OPERATION_BYTE.increment:
      return 'increment'
    default:
      throw invalid('Invalid op type of cell.')
  }
}

function expectTag(cursor: Cursor, tag: number, otherwise: string): void {
  if (!takeIf(cursor, tag)) throw invalid(otherwise)
}

function expectChecksum(cursor: Cursor, crc: number): void {
  const sent = takeByte(cursor)
  if (sent !== crc) throw invalid(`Cell data broken, checksum is mismatch, ${sent}：${crc}.`)
}

/** The Node SDK reserves too much for update rows with timestamps and leaves zeros behind; nothing else may follow. */
function expectNothingMore(cursor: Cursor): void {
  const rest = cursor.bytes.subarray(cursor.at)
  if (rest.some((byte) => byte !== 0)) throw invalid('data format is invalid.')
}
