// Reads a request's body into memory, and not further than it may be long.

import type { IncomingMessage } from 'node:http'

/** Of a body longer than `mostBytes` only so much is kept that one sees it is too long; the rest is read and dropped. */
export async function readBody(request: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    if (bytes <= mostBytes) parts.push(part)
    bytes += part.length
  }
  return Buffer.concat(parts)
}
