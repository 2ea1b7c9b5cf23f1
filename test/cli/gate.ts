// A gate on loopback that answers from two books, with core's own functions. Tests make it lie, fail or move on.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { parseAsks } from '#core/asks.ts'
import { DURATIONS } from '#core/durations.ts'
import { digestProposal, sayProposal, type Proposal } from '#core/proposal.ts'
import type { Row } from '#core/row.ts'
import { parseRuns } from '#core/runs.ts'
import { foldStanding } from '#core/standing.ts'
import { createView } from '#core/view.ts'
import { aStream, NOW, requested } from '#support/samples.ts'

export interface ReceivedCall {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export type Fault = 'reset' | { readonly status: number; readonly body: unknown; readonly location?: string }
export type Answer = Readonly<Record<string, unknown>>

export interface Gate {
  readonly url: string
  readonly calls: ReceivedCall[]
  readonly books: { asks: readonly Row[]; runs: readonly Row[] }
  /** Given instead of an answer, one after the other. */
  readonly faults: Fault[]
  /** What the answer to a POST, or of the list, says besides. */
  extra: Answer
  /** Changes every answer before it is sent. */
  lie: (answer: Answer, path: string) => Answer
  now: number
  close(): Promise<void>
}

export async function startGate(proposal: Proposal, asks?: readonly Row[]): Promise<Gate> {
  const first = aStream({ book: 'asks', stream: proposal.request.id }, [requested(proposal)])
  const server = createServer((request, response) => void serve(gate, request, response))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const gate: Gate = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    books: { asks: asks ?? first, runs: [] },
    faults: [],
    extra: {},
    lie: (answer) => answer,
    now: NOW + 60_000,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return gate
}

async function serve(gate: Gate, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const call = {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers,
    body: await text(request),
  }
  gate.calls.push(call)
  const fault = gate.faults.shift()
  if (fault === 'reset') return void request.socket.destroy()
  const location = fault?.location === undefined ? {} : { location: fault.location }
  const answer = fault?.body ?? gate.lie(answerTo(gate, call), call.path)
  response.writeHead(fault?.status ?? 200, { 'content-type': 'application/json', ...location })
  response.end(typeof answer === 'string' ? answer : JSON.stringify(answer))
}

function answerTo({ books, extra, now }: Gate, { method, path }: ReceivedCall): Answer {
  const asks = parseAsks(books.asks)
  const runs = parseRuns(books.runs)
  const { proposal } = asks
  if (proposal === undefined) throw new Error('the books of this gate hold no request')
  const standing = foldStanding(asks, runs, now, DURATIONS)
  const { id, expiresAt } = proposal.request
  const summary = {
    id,
    state: standing.state,
    digest: digestProposal(proposal),
    says: sayProposal(proposal),
    review: `https://gate.example.com/r/${id}`,
    expiresAt: new Date(expiresAt).toISOString(),
    head: standing.heads,
  }
  if (method === 'POST') return { ...summary, ...extra }
  const [, after] = /\/events\?after=(\d+\.\d+)$/.exec(path) ?? []
  if (after !== undefined) {
    const [a = 0, r = 0] = after.split('.').map(Number)
    return { events: [...books.asks.slice(a), ...books.runs.slice(r)], heads: standing.heads, next: after }
  }
  if (path.endsWith('/receipt')) {
    return { v: 1, kind: 'startgate-receipt', audience: proposal.audience, ...books }
  }
  if (path.endsWith(id)) return { ...summary, proposal, view: createView(asks, runs, standing), final: standing.final }
  const { instanceId, requester, createdAt } = proposal.request
  const item = { ...summary, headline: 'x', instanceId, requester, createdAt: new Date(createdAt).toISOString() }
  return { items: [item], ...extra }
}
