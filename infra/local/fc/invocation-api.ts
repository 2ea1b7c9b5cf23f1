// The API through which functions are invoked, `POST /2023-03-30/functions/<name>/invocations`, and described.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Answer, obey, record, send } from '#infra/local/obey.ts'
import type { CloudCall, Spine } from '#infra/local/spine.ts'
import { newRequestId } from './context.ts'
import type { FunctionDefinition, Outcome } from './definition.ts'
import { READS, type ReadOperation, describeFunction } from './describe-function.ts'
import { MOST_ASYNC_BODY_BYTES, MOST_BODY_BYTES } from './http-event.ts'
import type { HttpHandler } from './http-trigger.ts'
import { readBody } from './read-body.ts'
import { createWhoCalls } from './who-calls.ts'

/** What the API can reach of a function. */
export interface Invocable {
  invoke(event: Buffer, options?: { readonly requestId: string }): Promise<Outcome>
  push(event: Buffer): void
  /** Without one it cannot be described. */
  readonly definition?: FunctionDefinition
}

/** `find` gets a function's deployed name. */
export function createInvocationApi(spine: Spine, find: (functionName: string) => Invocable | undefined): HttpHandler {
  const whoCalls = createWhoCalls(spine)

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = spine.now()
    response.setHeader('date', new Date(at).toUTCString())
    const call = toCall(incoming)
    const body = await readBody(incoming, MOST_BODY_BYTES)
    const requestId = newRequestId()
    const refuse = (status: number, code: string, message: string) => toError(requestId, status, code, message)
    const turnAway = (role: string, refusal: Answer) => {
      record(spine, { ...toLogged(call, body), role }, { at, answer: refusal })
      send(response, refusal)
    }

    if (call === undefined) return turnAway('-', refuse(404, 'PathNotSupported', 'There is no such path'))
    const verified = whoCalls(incoming, body)
    if (!verified.ok) return turnAway('-', refuse(verified.status, verified.code, verified.message))

    const { credentials } = verified
    const cloudCall: CloudCall = {
      ...toLogged(call, body),
      credentials,
      action: `fc:${call.operation}`,
      resource: `acs:fc:${spine.region}:${spine.accountId}:functions/${call.functionName}`,
    }
    if (!spine.allows(cloudCall)) {
      const message = `Not authorized to ${cloudCall.action} on ${cloudCall.resource}`
      return turnAway(credentials.role ?? 'operator', refuse(403, 'AccessDenied', message))
    }
    const apply = async () => await carryOut(call, find(call.functionName), body, requestId)
    await obey(spine, cloudCall, { at, apply, refuse, response })
  }

  return (incoming, response) => {
    answer(incoming, response).catch(() => response.destroy())
  }
}

interface Call {
  readonly operation: 'InvokeFunction' | ReadOperation
  readonly functionName: string
  readonly isAsync: boolean
}

function toCall(incoming: IncomingMessage): Call | undefined {
  const { method = '', url = '', headers } = incoming
  const [path = '', query] = url.split('?')
  const [, functionName, rest] = /^\/2023-03-30\/functions\/([\w-]+)((?:\/[\w-]+)?)$/.exec(path) ?? []
  const qualifier = new URLSearchParams(query).get('qualifier') ?? 'LATEST'
  const operation = toOperation(method, rest)
  if (functionName === undefined || operation === undefined || qualifier !== 'LATEST') return undefined
  const isAsync = headers['x-fc-invocation-type']?.toString().toLowerCase() === 'async'
  return { operation, functionName, isAsync }
}

function toOperation(method: string, rest = ''): Call['operation'] | undefined {
  if (method === 'POST') return rest === '/invocations' ? 'InvokeFunction' : undefined
  return method === 'GET' && isRead(rest) ? READS[rest] : undefined
}

function isRead(rest: string): rest is keyof typeof READS {
  return Object.hasOwn(READS, rest)
}

/** An event this short is told in full: it says only what the invocation is about. */
const SHORT = 64

function toLogged(call: Call | undefined, body: Buffer) {
  const event = body.length <= SHORT ? body.toString() : ''
  const subject =
    call === undefined ? '-' : [call.functionName, call.isAsync ? 'async' : '', event].filter(Boolean).join(', ')
  return { service: 'fc', operation: call?.operation ?? 'InvokeFunction', subject } as const
}

async function carryOut(call: Call, target: Invocable | undefined, body: Buffer, requestId: string): Promise<Answer> {
  if (target === undefined) {
    return toError(requestId, 404, 'FunctionNotFound', `There is no function ${call.functionName}`)
  }
  if (call.operation !== 'InvokeFunction') return toDescription(requestId, call.operation, target)
  const most = call.isAsync ? MOST_ASYNC_BODY_BYTES : MOST_BODY_BYTES
  if (body.length > most) return toError(requestId, 413, 'EntityTooLarge', `The event exceeds ${most} bytes`)
  if (call.isAsync) {
    target.push(body)
    return { status: 202, headers: { 'x-fc-request-id': requestId }, body: Buffer.alloc(0) }
  }
  return toAnswer(requestId, await target.invoke(body, { requestId }))
}

function toDescription(requestId: string, operation: ReadOperation, { definition }: Invocable): Answer {
  if (definition === undefined) return toError(requestId, 404, 'FunctionNotFound', 'Nobody knows how it is set up')
  const headers = { 'content-type': 'application/json', 'x-fc-request-id': requestId }
  return { status: 200, headers, body: Buffer.from(JSON.stringify(describeFunction(operation, definition))) }
}

/** A function that failed answers 200 all the same: only a header tells. */
function toAnswer(requestId: string, outcome: Outcome): Answer {
  const headers = { 'x-fc-request-id': requestId }
  switch (outcome.kind) {
    case 'throttled':
      return toError(requestId, 429, 'ResourceExhausted', 'The function has no instance free')
    case 'failed': {
      const failed = { ...headers, 'content-type': 'application/json', 'x-fc-error-type': 'UnhandledInvocationError' }
      return { status: 200, headers: failed, body: Buffer.from(JSON.stringify(outcome.error)) }
    }
    case 'answered':
      return { status: 200, headers: { ...headers, 'content-type': 'application/octet-stream' }, body: outcome.body }
  }
}

/** Both spellings: the SDK of 2.0 reads the first two, the API of 3.0 documents the others. */
function toError(requestId: string, status: number, code: string, message: string): Answer {
  const body = { ErrorCode: code, ErrorMessage: message, RequestId: requestId, Code: code, Message: message }
  const headers = { 'content-type': 'application/json', 'x-fc-request-id': requestId }
  return { status, code, headers, body: Buffer.from(JSON.stringify(body)) }
}
