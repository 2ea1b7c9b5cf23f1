// The values of a cell, and their bytes: one type byte, then the payload (SQLVariant). Integers are exact: bigint.

import { type Cursor, takeByte, takeInt64, takeSized, take, toText } from './cursor.ts'
import { invalid } from './refusal.ts'

/** What a primary key column can hold. */
export type KeyValue =
  | { readonly type: 'integer'; readonly value: bigint }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'binary'; readonly value: Buffer }

/** What an attribute column can hold. */
export type Value =
  | KeyValue
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }

/** A primary key column in the bounds of a range. */
export type Bound = KeyValue | { readonly type: 'infMin' } | { readonly type: 'infMax' }

/** Anything that a request can carry in the place of a value. */
export type WireValue = Value | Bound | { readonly type: 'autoIncrement' }

const TYPE_BYTE = {
  integer: 0x00,
  double: 0x01,
  boolean: 0x02,
  string: 0x03,
  binary: 0x07,
  infMin: 0x09,
  infMax: 0x0a,
  autoIncrement: 0x0b,
} as const satisfies Record<WireValue['type'], number>

/** Reads one value. 400 OTSParameterInvalid for an unknown type, a short payload, bad UTF-8, NaN or infinity. */
export function readValue(cursor: Cursor, column: string): WireValue {
  switch (takeByte(cursor)) {
    case TYPE_BYTE.integer:
      return { type: 'integer', value: takeInt64(cursor) }
    case TYPE_BYTE.double:
      return { type: 'double', value: finite(take(cursor, 8).readDoubleLE()) }
    case TYPE_BYTE.boolean:
      return { type: 'boolean', value: takeByte(cursor) !== 0 }
    case TYPE_BYTE.string:
      return { type: 'string', value: toText(takeSized(cursor), column) }
    case TYPE_BYTE.binary:
      // A copy: a stored view would keep the whole request body alive.
      return { type: 'binary', value: Buffer.from(takeSized(cursor)) }
    case TYPE_BYTE.infMin:
      return { type: 'infMin' }
    case TYPE_BYTE.infMax:
      return { type: 'infMax' }
    case TYPE_BYTE.autoIncrement:
      return { type: 'autoIncrement' }
    default:
      throw invalid('data format is invalid, unknown variant type occured.')
  }
}

/** The bytes of one value. */
export function toBytes(value: Value): Buffer {
  switch (value.type) {
    case 'integer': {
      const bytes = Buffer.alloc(9, TYPE_BYTE.integer)
      bytes.writeBigInt64LE(value.value, 1)
      return bytes
    }
    case 'double': {
      const bytes = Buffer.alloc(9, TYPE_BYTE.double)
      bytes.writeDoubleLE(value.value, 1)
      return bytes
    }
    case 'boolean':
      return Buffer.of(TYPE_BYTE.boolean, value.value ? 1 : 0)
    case 'string':
      return sized(TYPE_BYTE.string, Buffer.from(value.value, 'utf8'))
    case 'binary':
      return sized(TYPE_BYTE.binary, value.value)
  }
}

/** The size that the service bills and limits: the payload alone. */
export function sizeOf(value: Value): number {
  switch (value.type) {
    case 'integer':
    case 'double':
      return 8
    case 'boolean':
      return 1
    case 'string':
      return Buffer.byteLength(value.value)
    case 'binary':
      return value.value.length
  }
}

export function isKeyValue(value: WireValue): value is KeyValue {
  return value.type === 'integer' || value.type === 'string' || value.type === 'binary'
}

export function isValue(value: WireValue): value is Value {
  return isKeyValue(value) || value.type === 'double' || value.type === 'boolean'
}

function sized(typeByte: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(5, typeByte)
  head.writeUInt32LE(payload.length, 1)
  return Buffer.concat([head, payload])
}

function finite(number: number): number {
  if (Number.isNaN(number)) throw invalid("NaN can't be set to double value.")
  if (!Number.isFinite(number)) throw invalid("Infinity can't be set to double value.")
  return number
}
