// Reads bytes that a stranger sent: every step checks what is left before it takes, and takes a view, not a copy.

import { isUtf8 } from 'node:buffer'
import { invalid } from './refusal.ts'

export interface Cursor {
  readonly bytes: Buffer
  at: number
}

export function createCursor(bytes: Uint8Array): Cursor {
  return { bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), at: 0 }
}

/** The next `length` bytes. 400 OTSParameterInvalid when there are not so many. */
export function take(cursor: Cursor, length: number): Buffer {
  if (length > cursor.bytes.length - cursor.at) {
    throw invalid('Input encoded PK broken, length is shorter than expect.')
  }
  const taken = cursor.bytes.subarray(cursor.at, cursor.at + length)
  cursor.at += length
  return taken
}

export function takeByte(cursor: Cursor): number {
  return take(cursor, 1).readUInt8()
}

/** Bytes that follow their own 32-bit length. */
export function takeSized(cursor: Cursor): Buffer {
  return take(cursor, take(cursor, 4).readUInt32LE())
}

export function takeInt64(cursor: Cursor): bigint {
  return take(cursor, 8).readBigInt64LE()
}

/** Takes the next byte only if it is `byte`. */
export function takeIf(cursor: Cursor, byte: number): boolean {
  if (cursor.bytes[cursor.at] !== byte) return false
  cursor.at += 1
  return true
}

/** The text in `bytes`; what is not UTF-8 is refused, never repaired. */
export function toText(bytes: Buffer, what: string): string {
  if (!isUtf8(bytes)) throw invalid(`Value of column ${what} must be UTF8 encoding.`)
  return bytes.toString('utf8')
}
