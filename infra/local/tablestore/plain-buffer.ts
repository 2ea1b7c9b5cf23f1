// PlainBuffer, the service's format of rows: its shapes and tags. All numbers are little-endian.
//
//   header(0x75, 4 bytes)  row…
//   row  = [PRIMARY_KEY cell…] [ATTRIBUTES cell…] [DELETE_MARKER] ROW_CHECKSUM crc8
//   cell = CELL  NAME len32 name  [VALUE len32 value]  [OPERATION byte]  [TIMESTAMP int64]  CELL_CHECKSUM crc8
//
// A cell's checksum covers name, value, timestamp, operation: the last two in another order than on the wire.
// A row's checksum covers the checksums of its cells, then 1 or 0 for the delete marker.

import type { WireValue } from './value.ts'

export const HEADER = 0x75

export const TAG = {
  PRIMARY_KEY: 0x01,
  ATTRIBUTES: 0x02,
  CELL: 0x03,
  NAME: 0x04,
  VALUE: 0x05,
  OPERATION: 0x06,
  TIMESTAMP: 0x07,
  DELETE_MARKER: 0x08,
  ROW_CHECKSUM: 0x09,
  CELL_CHECKSUM: 0x0a,
} as const

/** What an UpdateRow does to a column, when it is not a put. */
export const OPERATION_BYTE = { deleteAll: 0x01, deleteOne: 0x03, increment: 0x04 } as const
export type CellOperation = keyof typeof OPERATION_BYTE

/** A cell as it travels; what may be absent depends on the request that carries it. */
export interface WireCell {
  readonly name: string
  readonly value?: WireValue
  readonly operation?: CellOperation
  /** Epoch milliseconds. */
  readonly timestamp?: bigint
}

export interface WireRow {
  readonly primaryKey: readonly WireCell[]
  readonly attributes: readonly WireCell[]
  readonly deleteMarker: boolean
}
