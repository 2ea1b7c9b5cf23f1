// Another address that shows whatever the gate shows, as somebody would set up who wants people to sign there.
import http from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Mirror {
  /** `http://localhost:PORT`. */
  readonly origin: string
  close(): Promise<void>
}

/** `url`: where the gate is. */
export async function openMirror(url: string): Promise<Mirror> {
  const server = http.createServer((incoming, outgoing) => {
    const { method, headers, url: path = '/' } = incoming
    const onward = http.request(new URL(path, url), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    // Of a listening TCP server the address is an object.
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
