// The control API: JSON over HTTP on loopback, for demos and tests that run in another process than the local cloud.
//
//   GET POST DELETE /faults        DELETE /faults/<id>      the fault plan
//   GET /operations?since=MARK     GET /operations/counts?since=MARK
//   GET POST /instances            GET PATCH DELETE /instances/<id>
//   POST /instances/<id>/stop      POST DELETE /instances/<id>/errors
//   GET /starts?instance=ID        the starts that took effect
//   GET POST /clock                { offsetMs }: how far the cloud's clock is ahead of the machine's

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import * as z from '#core/zod.ts'
import { InstanceError } from './ecs/instances.ts'
import { type ControlledCloud, findRoute } from './control-routes.ts'

/** An answer that is not 2xx; the message is for the person who sent the request. */
class ControlError extends Error {
  override readonly name = 'ControlError'
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export function createControl(cloud: ControlledCloud): RequestListener {
  return (request, response) => {
    answer(cloud, request).then(
      ({ status, body }) => send(response, status, body),
      (error: unknown) => send(response, ...toProblem(error)),
    )
  }
}

async function answer(cloud: ControlledCloud, request: IncomingMessage): Promise<{ status: number; body: unknown }> {
  // A web page that gives its own name the address of this machine must not command the local cloud.
  const host = (request.headers.host ?? '').replace(/:\d+$/, '')
  if (host !== '127.0.0.1' && host !== 'localhost') throw new ControlError(403, `"${host}" is not this machine`)

  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const { methods, params } = findRoute(url.pathname) ?? {}
  if (methods === undefined) throw new ControlError(404, `there is no ${url.pathname}`)
  const handle = methods[request.method ?? '']
  if (handle === undefined) {
    throw new ControlError(405, `${url.pathname} takes ${Object.keys(methods).join(', ')}, not ${request.method}`)
  }
  return handle(cloud, { id: params ?? '', query: url.searchParams, body: await readJson(request) })
}

/** Undefined: no body. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: string[] = []
  request.setEncoding('utf8')
  for await (const chunk of request) chunks.push(String(chunk))
  const text = chunks.join('')
  if (text === '') return undefined
  // A page can send plain text to any address without asking; JSON makes the browser ask first.
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
    throw new ControlError(415, 'a body must have the content type application/json')
  }
  return JSON.parse(text)
}

function toProblem(error: unknown): [number, { error: string }] {
  if (error instanceof ControlError) return [error.status, { error: error.message }]
  if (error instanceof z.core.$ZodError) return [400, { error: z.prettifyError(error) }]
  if (error instanceof SyntaxError) return [400, { error: `the body is not JSON: ${error.message}` }]
  if (error instanceof RangeError) return [410, { error: error.message }]
  if (error instanceof InstanceError) return [error.code === 'taken' ? 409 : 404, { error: error.message }]
  console.error('the control API has a fault:', error)
  return [500, { error: 'the control API has a fault; see its terminal' }]
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(`${JSON.stringify(body, undefined, 2)}\n`)
}
