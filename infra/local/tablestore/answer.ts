// An answer in the service's shape: protobuf body, its checksum, a request id, and the service's own signature.

import { randomUUID } from 'node:crypto'
import type { Answer } from '#infra/local/obey.ts'
import type { Credentials } from '#infra/local/spine.ts'
import { encode, messages } from './messages.ts'
import type { Refusal } from './refusal.ts'
import { contentMd5, signAnswer } from './signature.ts'

/** To whom it goes: nobody can check a signature with a key that the caller does not have. */
export interface Recipient {
  readonly path: string
  readonly credentials: Credentials | undefined
  /** Epoch milliseconds. */
  readonly now: number
}

export function toAnswer(body: Buffer, recipient: Recipient): Answer {
  return { status: 200, headers: answerHeaders(body, recipient), body }
}

export function toErrorAnswer({ status, code, message }: Omit<Refusal, 'name'>, recipient: Recipient): Answer {
  const body = encode(messages.Error, { code, message })
  return { status, headers: answerHeaders(body, recipient), body, code }
}

function answerHeaders(body: Buffer, { path, credentials, now }: Recipient): Answer['headers'] {
  const headers = {
    'x-ots-contentmd5': contentMd5(body),
    'x-ots-contenttype': 'protocol buffer',
    'x-ots-date': new Date(now).toISOString(),
    'x-ots-requestid': randomUUID(),
  }
  if (credentials === undefined) return headers
  const signature = signAnswer(credentials.accessKeySecret, path, headers)
  return { ...headers, authorization: `OTS ${credentials.accessKeyId}:${signature}` }
}
