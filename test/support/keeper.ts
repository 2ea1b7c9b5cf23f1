// A server that answers every request, and ends no connection by itself, even when it is asked to: only who calls ends one.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export interface Keeper {
  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string
  /** How many connections there were, once who called has ended all of them. */
  ended(): Promise<number>
}

/** `json`: the answer to each request; empty where who calls does not read it, and might break off instead. Until the test is over. */
export async function startKeeper(json: string): Promise<Keeper> {
  const sockets: Socket[] = []
  // Kept for so long, in seconds, that whoever does not end one waits in vain for its end.
  const headers = { 'content-type': 'application/json', 'keep-alive': 'timeout=600' }
  const server = createServer((incoming, response) => {
    response.shouldKeepAlive = true
    incoming.resume().on('end', () => response.writeHead(200, headers).end(json))
  })
  server.keepAliveTimeout = 0
  server.on('connection', (socket) => void sockets.push(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async ended() {
      await Promise.all(sockets.filter(({ closed }) => !closed).map((socket) => once(socket, 'close')))
      return sockets.length
    },
  }
}
