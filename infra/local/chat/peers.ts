// The local chat platforms on one port of loopback: the first part of a path names the platform.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { readBody } from '#infra/local/fc/read-body.ts'
import type { Platform } from '#core/words.ts'
import type { ChatPeer, PeerAnswer } from './peer.ts'

export interface ChatPeers {
  /** `http://127.0.0.1:PORT`: what the gate is given as its chat endpoint. */
  readonly endpoint: string
  peer(platform: Platform): ChatPeer
  close(): Promise<void>
}

const MOST_BYTES = 1024 * 1024
const NOWHERE: PeerAnswer = { status: 404, body: { error: 'there is nothing here' } }

export async function createChatPeers(peers: readonly ChatPeer[], port = 0): Promise<ChatPeers> {
  const find = (platform: string): ChatPeer | undefined => peers.find((peer) => peer.platform === platform)

  const serve = async (request: http.IncomingMessage): Promise<PeerAnswer> => {
    const [, platform = '', path = ''] = /^\/([^/]+)(\/.*)$/.exec(request.url ?? '') ?? []
    const body = await readBody(request, MOST_BYTES)
    if (body.length > MOST_BYTES) return { status: 413, body: { error: 'too long' } }
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    return find(platform)?.serve({ method: request.method ?? '', path, headers, body: body.toString() }) ?? NOWHERE
  }

  const server = http.createServer((request, response) => {
    serve(request).then(
      ({ status, body }) => {
        const json = { 'content-type': 'application/json; charset=utf-8' }
        response.writeHead(status, json).end(body === undefined ? undefined : JSON.stringify(body))
      },
      (error: unknown) => {
        // A caller that went away in the middle of its request is none of our faults.
        if (request.complete) console.error('a local chat platform has a fault:', error)
        response.destroy()
      },
    )
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))

  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    peer(platform) {
      const peer = find(platform)
      if (peer === undefined) throw new Error(`there is no local ${platform}`)
      return peer
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
