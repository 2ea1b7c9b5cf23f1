// The team's own tool, which the gate tells how each request stands. It believes only what the gate has signed.
import { verify, type KeyObject } from 'node:crypto'
import http from 'node:http'
import { text } from 'node:stream/consumers'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from '#core/zod.ts'
import { Deviation } from './deviation.ts'

const LONGEST_MS = 20_000
const EVERY_MS = 500

const newsSchema = z.object({
  type: z.literal('start-request.state'),
  data: z.object({ id: z.string(), state: z.string(), headline: z.string(), instanceId: z.string() }),
})
export type News = z.infer<typeof newsSchema>['data']

export interface OpsRoom {
  readonly url: string
  /** Whose signatures count, and what to do with news. */
  open(gateKey: KeyObject, onNews: (news: News) => void): void
  /** The first news like this one, also if it has come already. Rejects when none comes. */
  heard(isIt: (news: News) => boolean): Promise<News>
  close(): void
}

export async function createOpsRoom(): Promise<OpsRoom> {
  const all: News[] = []
  const waiting: (() => void)[] = []
  let gateKey: KeyObject | undefined
  let tell: (news: News) => void = () => undefined

  const server = http.createServer((request, response) => void receive(request, response))
  const receive = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const body = await text(request)
    if (gateKey === undefined || !isSigned(request.headers, body, gateKey)) {
      response.writeHead(401).end()
      return
    }
    response.writeHead(204).end()
    const { data } = newsSchema.parse(JSON.parse(body))
    all.push(data)
    tell(data)
    for (const wake of waiting.splice(0)) wake()
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/startgate`,
    open(key, onNews) {
      gateKey = key
      tell = onNews
    },
    async heard(isIt) {
      const deadline = Date.now() + LONGEST_MS
      for (;;) {
        const found = all.find(isIt)
        if (found !== undefined) return found
        if (Date.now() > deadline) throw new Deviation('the team was not told')
        await Promise.race([sleep(EVERY_MS), new Promise<void>((resolve) => waiting.push(resolve))])
      }
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Standard Webhooks: `v1a` is an Ed25519 signature over `id.timestamp.body`. */
function isSigned(headers: http.IncomingHttpHeaders, body: string, key: KeyObject): boolean {
  const signed = Buffer.from(`${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`)
  return String(headers['webhook-signature'])
    .split(' ')
    .filter((signature) => signature.startsWith('v1a,'))
    .some((signature) => verify(null, signed, key, Buffer.from(signature.slice('v1a,'.length), 'base64')))
}
