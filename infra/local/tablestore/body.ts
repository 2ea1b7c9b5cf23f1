// Reads a request's body within the service's limit.

import type { IncomingMessage } from 'node:http'
import { MAX_BODY_BYTES } from './limits.ts'
import { Refusal } from './refusal.ts'

/** Of a body that is too large so much is read, and forgotten, before the refusal: a client hears it only then. */
const MAX_DRAINED_BYTES = 64 * 1024 * 1024

/** Undefined when the client went away before the end. 413 OTSRequestBodyTooLarge. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size <= MAX_BODY_BYTES) chunks.push(chunk)
      if (size > MAX_DRAINED_BYTES) break
    }
  } catch {
    return undefined
  }
  if (size > MAX_BODY_BYTES) {
    throw new Refusal(413, 'OTSRequestBodyTooLarge', 'The size of POST data is too large.')
  }
  return Buffer.concat(chunks)
}
