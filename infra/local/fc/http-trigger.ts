// The HTTP trigger: whoever reaches the address reaches the function, so everything about the request is checked there.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Place, newRequestId } from './context.ts'
import type { FunctionDefinition, Outcome } from './definition.ts'
import {
  type HttpRequest,
  MOST_ASYNC_BODY_BYTES,
  MOST_BODY_BYTES,
  httpFault,
  toHttpEvent,
  toHttpResponse,
} from './http-event.ts'
import { readBody } from './read-body.ts'

export interface HttpTriggerOptions {
  readonly definition: FunctionDefinition
  readonly place: Place
  readonly now: () => number
  readonly invoke: (event: Buffer, options: { readonly requestId: string }) => Promise<Outcome>
  readonly push: (event: Buffer) => void
  /** The platform's own domain makes every answer a download; a custom domain does not. */
  readonly defaultDomain: boolean
}

export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => void

export function createHttpTrigger(options: HttpTriggerOptions): HttpHandler {
  const methods = options.definition.httpMethods ?? []

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const isAsync = incoming.headers['x-fc-invocation-type']?.toString().toLowerCase() === 'async'
    const most = isAsync ? MOST_ASYNC_BODY_BYTES : MOST_BODY_BYTES
    const request = await toHttpRequest(incoming, most)
    const requestId = newRequestId()
    response.setHeader('x-fc-request-id', requestId)
    if (!methods.includes(request.method)) {
      return refuse(response, 405, 'MethodNotAllowed', `The trigger does not allow ${request.method}`)
    }
    const fault = httpFault(request, most)
    if (fault !== undefined) return refuse(response, 400, 'InvalidArgument', fault)

    const event = Buffer.from(JSON.stringify(toHttpEvent(request, options.place, { requestId, now: options.now() })))
    if (isAsync) {
      options.push(event)
      response.writeHead(202).end()
      return
    }
    respond(response, await options.invoke(event, { requestId }), options.defaultDomain)
  }

  return (incoming, response) => {
    answer(incoming, response).catch(() => response.destroy())
  }
}

async function toHttpRequest(incoming: IncomingMessage, mostBytes: number): Promise<HttpRequest> {
  const { method = 'GET', url = '/', rawHeaders, socket } = incoming
  const body = await readBody(incoming, mostBytes)
  return { method, target: url, rawHeaders, body, sourceIp: socket.remoteAddress ?? '' }
}

function respond(response: ServerResponse, outcome: Outcome, defaultDomain: boolean): void {
  switch (outcome.kind) {
    case 'throttled':
      return refuse(response, 429, 'ResourceExhausted', 'The function has no instance free')
    case 'failed':
      // The platform shows callers all of it, the stack included.
      response.setHeader('x-fc-error-type', 'UnhandledInvocationError')
      response.writeHead(502, { 'content-type': 'application/json' }).end(JSON.stringify(outcome.error))
      return
    case 'answered': {
      const { status, headers, body } = toHttpResponse(outcome.body)
      if (defaultDomain) response.setHeader('content-disposition', 'attachment')
      response.writeHead(status, headers).end(body)
    }
  }
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  const requestId = response.getHeader('x-fc-request-id')
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ RequestId: requestId, Code: code, Message: message }))
}
