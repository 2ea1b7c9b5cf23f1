// The wire format written by hand from its description, so that the local server is not tested with its own code.

import { createHash, createHmac } from 'node:crypto'
import type { Credentials } from '#infra/local/spine.ts'

/** A protobuf message: fields by number; numbers are varints, all else has a length. */
export function proto(...fields: readonly (readonly [number, number | string | Uint8Array])[]): Buffer {
  return Buffer.concat(
    fields.map(([number, value]) => {
      if (typeof value === 'number') return Buffer.concat([varint(number << 3), varint(value)])
      const bytes = Buffer.from(value)
      return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes])
    }),
  )
}

export const int = (value: number | bigint): Buffer => {
  const bytes = Buffer.alloc(9)
  bytes.writeBigInt64LE(BigInt(value), 1)
  return bytes
}
export const text = (value: string): Buffer => sized(3, Buffer.from(value))
export const blob = (value: Uint8Array): Buffer => sized(7, Buffer.from(value))
export const bool = (value: boolean): Buffer => Buffer.of(2, value ? 1 : 0)
export const double = (value: number): Buffer => {
  const bytes = Buffer.alloc(9, 1)
  bytes.writeDoubleLE(value, 1)
  return bytes
}
export const INF_MIN = Buffer.of(9)
export const INF_MAX = Buffer.of(10)

interface HandCell {
  readonly name: string
  /** As `int`, `text`, … write it. */
  readonly value?: Buffer
  readonly operation?: number
  readonly timestamp?: bigint
}

export interface HandRow {
  readonly key: readonly HandCell[]
  readonly columns?: readonly HandCell[]
  readonly deleteMarker?: boolean
}

/** One PlainBuffer row with its header. */
export function plainRow(row: HandRow): Buffer {
  const sums: number[] = []
  const cells = (list: readonly HandCell[]): Buffer[] =>
    list.map((cell) => {
      const { bytes, sum } = plainCell(cell)
      sums.push(sum)
      return bytes
    })
  const key = row.key.length === 0 ? [] : [Buffer.of(0x01), ...cells(row.key)]
  const columns = row.columns === undefined ? [] : [Buffer.of(0x02), ...cells(row.columns)]
  const marker = row.deleteMarker === true ? [Buffer.of(0x08)] : []
  const sum = crc8Bitwise(Buffer.from([...sums, row.deleteMarker === true ? 1 : 0]))
  return Buffer.concat([Buffer.of(0x75, 0, 0, 0), ...key, ...columns, ...marker, Buffer.of(0x09, sum)])
}

/** CRC-8 with polynomial 0x07, one bit at a time. */
export function crc8Bitwise(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit -= 1) {
      const carries = (crc >> 7) ^ ((byte >> bit) & 1)
      crc = ((crc << 1) & 0xff) ^ (carries === 1 ? 0x07 : 0)
    }
  }
  return crc
}

export interface RawRequest {
  readonly operation: string
  readonly body: Uint8Array
  readonly credentials: Credentials
  /** Headers to change before signing; undefined leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** Default: the right one. */
  readonly signature?: string
  /** Headers that are set after signing, as someone on the way would. */
  readonly tampered?: Readonly<Record<string, string>>
  readonly method?: string
}

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** The service's error code, or '' for an answer that is none. */
  readonly code: string
  readonly message: string
}

/** Sends a request signed by hand. */
export async function sendRaw(url: string, request: RawRequest): Promise<RawAnswer> {
  const response = await fetch(toSigned(url, request))
  const answer = Buffer.from(await response.arrayBuffer())
  const error = response.ok ? ['', ''] : fieldsOf(answer)
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: answer,
    code: error[0] ?? '',
    message: error[1] ?? '',
  }
}

/** The request with its headers, ready to be sent. */
export function toSigned(url: string, request: RawRequest): Request {
  const { operation, body, credentials } = request
  const path = `/${operation}`
  const headers: Record<string, string | undefined> = {
    'x-ots-apiversion': '2015-12-31',
    'x-ots-instancename': 'startgate',
    'x-ots-contentmd5': createHash('md5').update(body).digest('base64'),
    'x-ots-date': new Date().toISOString(),
    'x-ots-accesskeyid': credentials.accessKeyId,
    'x-ots-ststoken': credentials.securityToken,
    ...request.headers,
  }
  const sent = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
  const lines = sent.map(([name, value]) => `${name}:${value}\n`).toSorted()
  const signature = createHmac('sha1', credentials.accessKeySecret).update(`${path}\nPOST\n\n${lines.join('')}`)
  const method = request.method ?? 'POST'
  return new Request(`${url}${path}`, {
    method,
    headers: {
      ...Object.fromEntries(sent),
      'x-ots-signature': request.signature ?? signature.digest('base64'),
      ...request.tampered,
    },
    ...(method === 'POST' && { body }),
  })
}

/**
 * The signature that the service puts into `authorization`, worked out as the Python and Java SDKs do to verify it:
 * the sorted x-ots-* headers as `name:value`, joined by newlines, then a newline and the path.
 */
export function answerSignature(headers: RawAnswer['headers'], path: string, secret: string): string {
  const names = Object.keys(headers).filter((name) => name.startsWith('x-ots-'))
  const lines = names.toSorted().map((name) => `${name}:${headers[name]}`)
  return createHmac('sha1', secret)
    .update(`${lines.join('\n')}\n${path}`)
    .digest('base64')
}

/** The texts of a message whose fields are all short texts. */
function fieldsOf(message: Buffer): string[] {
  const texts: string[] = []
  for (let at = 0; at < message.length;) {
    let length = message[at + 1] ?? 0
    let start = at + 2
    if (length >= 0x80) {
      length = (length & 0x7f) | ((message[at + 2] ?? 0) << 7)
      start += 1
    }
    texts.push(message.toString('utf8', start, start + length))
    at = start + length
  }
  return texts
}

function plainCell({ name, value, operation, timestamp }: HandCell): { bytes: Buffer; sum: number } {
  const nameBytes = Buffer.from(name)
  const parts = [Buffer.of(0x03, 0x04), length(nameBytes), nameBytes]
  const checked: Buffer[] = [nameBytes]
  if (value !== undefined) {
    parts.push(Buffer.of(0x05), length(value), value)
    checked.push(value)
  }
  if (operation !== undefined) parts.push(Buffer.of(0x06, operation))
  if (timestamp !== undefined) {
    const bytes = int(timestamp).subarray(1)
    parts.push(Buffer.of(0x07), bytes)
    checked.push(bytes)
  }
  if (operation !== undefined) checked.push(Buffer.of(operation))
  const sum = crc8Bitwise(Buffer.concat(checked))
  return { bytes: Buffer.concat([...parts, Buffer.of(0x0a, sum)]), sum }
}

function sized(type: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.of(type), length(payload), payload])
}

function length(bytes: Buffer): Buffer {
  const four = Buffer.alloc(4)
  four.writeUInt32LE(bytes.length)
  return four
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80)
    rest = Math.floor(rest / 128)
  }
  return Buffer.from([...bytes, rest])
}
