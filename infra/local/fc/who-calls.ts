// Who signed a call to the API: with the signature of `@alicloud/fc2`, or with the one that all of the API 3.0 takes.

import type { IncomingMessage } from 'node:http'
import { createAuthenticator } from '#infra/local/ecs/authenticate.ts'
import type { Spine } from '#infra/local/spine.ts'
import { type Verified, verifySignature } from './signature.ts'

export function createWhoCalls(spine: Spine): (incoming: IncomingMessage, body: Buffer) => Verified {
  const authenticate = createAuthenticator(spine)

  return (incoming, body) => {
    const { method = '', url = '', headers } = incoming
    const [path = '', query = ''] = url.split('?')
    if (headers.authorization?.startsWith('ACS3-') !== true) {
      return verifySignature({ method, path, headers, body }, spine)
    }
    const authentication = authenticate({
      method,
      path,
      query: new Map(new URLSearchParams(query)),
      headers: new Map(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      body,
    })
    if ('credentials' in authentication) return { ok: true, credentials: authentication.credentials }
    const { status, code, message } = authentication.refusal
    return { ok: false, status, code, message }
  }
}
