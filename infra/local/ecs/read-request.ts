// From the socket to an RPC request: everything that ACS3 signs, read exactly once.

import type { IncomingMessage } from 'node:http'
import type { EcsRequest } from './authenticate.ts'
import { commonError } from './common-errors.ts'
import type { EcsRefusal } from './errors.ts'

const MAX_BODY_BYTES = 1024 * 1024

export async function readRequest(incoming: IncomingMessage): Promise<EcsRequest | { readonly refusal: EcsRefusal }> {
  const body = await readBody(incoming)
  if (body === undefined) return invalid('The request body is too large.')
  // Parameters of these operations travel in the query; in a body they would be signed, and looked at by nobody.
  if (body.length > 0) return invalid('The local cloud reads parameters from the query only.')

  const [path = '/', search = ''] = (incoming.url ?? '/').split(/\?(.*)/s)
  const pairs = [...new URLSearchParams(search)]
  const query = new Map(pairs)
  if (query.size !== pairs.length) return invalid('A parameter is given twice.')
  return { method: incoming.method ?? '', path, query, headers: toHeaders(incoming), body }
}

function toHeaders(incoming: IncomingMessage): Map<string, string> {
  return new Map(
    Object.entries(incoming.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : (value ?? ''),
    ]),
  )
}

/** Undefined: too long. Rejects when the caller goes away. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of incoming) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('the request stream has an encoding set')
    length += chunk.length
    if (length > MAX_BODY_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function invalid(message: string): { refusal: EcsRefusal } {
  return { refusal: commonError('InvalidParameter', message) }
}
