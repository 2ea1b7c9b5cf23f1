// A team's own tool that gets told: it keeps what arrives and verifies both signatures, each in its own way.
import { createPublicKey, verify } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'

export interface Told {
  /** The path it was sent to, without the slash. */
  readonly to: string
  readonly id: string
  readonly body: { readonly type: string; readonly data: Readonly<Record<string, unknown>> }
  readonly headers: Readonly<Record<string, string>>
  readonly raw: string
}

export interface Receiver {
  readonly url: string
  readonly told: readonly Told[]
  /** What it answers from now on; default 204. */
  answer(status: number): void
  close(): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const told: Told[] = []
  let status = 204
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString()
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
      if (status < 300)
        told.push({
          to: (request.url ?? '').slice(1),
          id: headers['webhook-id'] ?? '',
          body: JSON.parse(raw) as Told['body'],
          headers,
          raw,
        })
      response.writeHead(status).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    told,
    answer: (next) => void (status = next),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** Throws unless the `v1` signature is right, by the reference library. */
export function verifyV1({ raw, headers }: Told, secret: string): void {
  new Webhook(secret).verify(raw, headers)
}

/** By the specification alone: `v1a,` and an Ed25519 signature over `id.timestamp.body`. */
export function isSignedV1a({ raw, headers }: Told, publicJwk: { readonly x: string }): boolean {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicJwk.x }, format: 'jwk' })
  const signed = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${raw}`)
  return (headers['webhook-signature'] ?? '')
    .split(' ')
    .filter((signature) => signature.startsWith('v1a,'))
    .some((signature) => verify(null, signed, key, Buffer.from(signature.slice(4), 'base64')))
}
