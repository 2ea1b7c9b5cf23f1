// ECS requests signed by hand, for what the SDK would never send. Independent of the server's own signature code.

import { createHash, createHmac, randomUUID } from 'node:crypto'
import http from 'node:http'
import type { Credentials } from '#infra/local/spine.ts'

/** The fields that begin with `after` are changed when the signature is there already. */
export interface Edits {
  readonly at?: number
  readonly date?: string
  readonly nonce?: string
  readonly host?: string
  readonly version?: string
  readonly secret?: string
  readonly accessKeyId?: string
  /** null: none is sent. */
  readonly securityToken?: string | null
  readonly action?: string
  readonly query?: Readonly<Record<string, string>>
  readonly afterMethod?: string
  readonly afterBody?: string
  readonly afterQuery?: Readonly<Record<string, string>>
  /** An empty value takes the header away. */
  readonly afterHeaders?: Readonly<Record<string, string>>
}

export interface SignedRequest {
  readonly method: string
  readonly path: string
  readonly query: ReadonlyMap<string, string>
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
}

export function signedRequest(credentials: Credentials, edits: Edits = {}): SignedRequest {
  const query = edits.query ?? { InstanceId: 'i-1' }
  const token = edits.securityToken === undefined ? credentials.securityToken : edits.securityToken
  const date = edits.date ?? new Date(edits.at ?? Date.now()).toISOString().replace(/\.\d+/, '')
  const headers: Record<string, string> = {
    host: edits.host ?? 'ecs.cn-hangzhou.aliyuncs.com',
    'x-acs-action': edits.action ?? 'StartInstance',
    'x-acs-content-sha256': sha256(''),
    'x-acs-date': date,
    ...(token === undefined || token === null ? {} : { 'x-acs-security-token': token }),
    'x-acs-signature-nonce': edits.nonce ?? randomUUID(),
    'x-acs-version': edits.version ?? '2014-05-26',
  }
  const names = Object.keys(headers).join(';')
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}`)
  const encoded = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  const canonical = ['POST', '/', encoded.join('&'), ...lines, '', names, sha256('')].join('\n')
  const signature = createHmac('sha256', edits.secret ?? credentials.accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest('hex')
  const accessKeyId = edits.accessKeyId ?? credentials.accessKeyId

  const sent = {
    ...headers,
    authorization: `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=${names},Signature=${signature}`,
    ...edits.afterHeaders,
  }
  return {
    method: edits.afterMethod ?? 'POST',
    path: '/',
    query: new Map(Object.entries({ ...query, ...edits.afterQuery })),
    headers: new Map(Object.entries(sent).filter(([, value]) => value !== '')),
    body: Buffer.from(edits.afterBody ?? ''),
  }
}

export interface Answered {
  readonly status: number | undefined
  /** The error's code; undefined in an answer that is no error. */
  readonly code: unknown
}

/** Sends a request to `127.0.0.1:PORT` over a socket; `search` replaces the query in its first line. Rejects when reset. */
export async function sendSigned(endpoint: string, signed: SignedRequest, search?: string): Promise<Answered> {
  const { method, query, headers, body } = signed
  const [host, port] = endpoint.split(':')
  const path = `/?${search ?? new URLSearchParams([...query]).toString()}`
  return await new Promise((resolve, reject) => {
    const request = http.request({ host, port, method, path, headers: Object.fromEntries(headers) }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const answer: unknown = JSON.parse(Buffer.concat(chunks).toString())
        const code = typeof answer === 'object' && answer !== null && 'Code' in answer ? answer.Code : undefined
        resolve({ status: response.statusCode, code })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
