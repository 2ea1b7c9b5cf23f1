// The signature that the API of Function Compute takes: ACS3-HMAC-SHA256, over the request and the hash of its body.
import { createHash, createHmac, randomBytes } from 'node:crypto'

export interface OperatorCredentials {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  /** Of temporary credentials. */
  readonly securityToken?: string
}

export interface ApiCall {
  /** The API's own name: `GetFunction`. */
  readonly operation: string
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly body: string
}

const ALGORITHM = 'ACS3-HMAC-SHA256'
export const API_VERSION = '2023-03-30'

/** The headers to send it with. `at`: epoch ms. */
export function signCall(
  call: ApiCall,
  credentials: OperatorCredentials,
  at: number,
): Readonly<Record<string, string>> {
  const { operation, method, url, body } = call
  const { accessKeyId, accessKeySecret, securityToken } = credentials
  const contentHash = sha256(body)
  const headers: Readonly<Record<string, string>> = {
    ...(body === '' ? {} : { 'content-type': 'application/json' }),
    'x-acs-action': operation,
    'x-acs-content-sha256': contentHash,
    'x-acs-date': new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    ...(securityToken === undefined ? {} : { 'x-acs-security-token': securityToken }),
    'x-acs-signature-nonce': randomBytes(16).toString('hex'),
    'x-acs-version': API_VERSION,
  }
  const signed = Object.entries({ ...headers, host: url.host }).toSorted(byName)
  const names = signed.map(([name]) => name).join(';')
  const query = [...url.searchParams]
    .toSorted(byName)
    .map((pair) => pair.map(encodeURIComponent).join('='))
    .join('&')
  const lines = signed.map(([name, value]) => `${name}:${value}\n`).join('')
  const request = [method, url.pathname, query, lines, names, contentHash].join('\n')
  const signature = createHmac('sha256', accessKeySecret)
    .update(`${ALGORITHM}\n${sha256(request)}`)
    .digest('hex')
  // The host is signed, and added by whoever sends.
  return {
    ...headers,
    authorization: `${ALGORITHM} Credential=${accessKeyId},SignedHeaders=${names},Signature=${signature}`,
  }
}

function byName([one]: readonly [string, string], [other]: readonly [string, string]): number {
  return one < other ? -1 : 1
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
