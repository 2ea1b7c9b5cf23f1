// What stands before the local chat platforms in tests: it passes calls on, or answers in a way of its own.
import http from 'node:http'
import type { AddressInfo } from 'node:net'

export type Misbehaviour =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: string }
  /** Never answers; answers half and no further; never stops; breaks the connection; repeats all that it was told. */
  | 'hang'
  | 'stall'
  | 'flood'
  | 'reset'
  | 'echo'

export interface FrontRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface ChatFront {
  readonly endpoint: string
  readonly requests: readonly FrontRequest[]
  /** From now on; undefined: calls are passed on again. */
  misbehave(how: Misbehaviour | undefined): void
  close(): Promise<void>
}

/** Stands in what `echo` answers, so that one sees it wherever it gets to. */
export const ECHO_MARK = 'what-the-platform-wrote'

export async function startChatFront(behind: string): Promise<ChatFront> {
  const requests: FrontRequest[] = []
  let misbehaviour: Misbehaviour | undefined

  const answer = async (request: FrontRequest & { readonly method: string }, response: http.ServerResponse) => {
    if (misbehaviour === 'hang') return
    if (misbehaviour === 'reset') return void response.destroy()
    if (misbehaviour === 'stall') return void response.writeHead(200, { 'content-type': 'application/json' }).write('{')
    if (misbehaviour === 'flood') return flood(response)
    if (misbehaviour === 'echo') {
      const said = `${ECHO_MARK} ${JSON.stringify(request)}`
      const refusal = { ok: false, error: said, code: 99, msg: said, errcode: 99, errmsg: said, message: said }
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(refusal))
    }
    if (misbehaviour !== undefined)
      return void response.writeHead(misbehaviour.status, misbehaviour.headers ?? {}).end(misbehaviour.body)
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers
    const { method, url, body } = request
    const passed = await fetch(`${behind}${url}`, { method, headers, ...(body !== '' && { body }) })
    response.writeHead(passed.status, { 'content-type': 'application/json' }).end(await passed.text())
  }

  const server = http.createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]))
      const request = { url: incoming.url ?? '', headers, body: Buffer.concat(chunks).toString() }
      requests.push(request)
      answer({ ...request, method: incoming.method ?? '' }, response).catch(() => response.destroy())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    misbehave: (how) => void (misbehaviour = how),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function flood(response: http.ServerResponse): void {
  const more = (): void => {
    while (!response.destroyed && response.write('x'.repeat(16 * 1024)));
  }
  response.on('drain', more).on('error', () => response.destroy())
  more()
}
