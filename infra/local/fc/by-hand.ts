// Functions called by hand: what the platform would give them, without the platform, and an API that takes what they send on.
import type { LocalSpine } from '#infra/local/create-spine.ts'
import { newRequestId, toContext } from './context.ts'
import type { FunctionDefinitions } from './from-s-yaml.ts'
import { toHttpEvent } from './http-event.ts'
import type { HttpHandler } from './http-trigger.ts'
import { createInvocationApi } from './invocation-api.ts'

export interface HttpCall {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** What the platform says with each invocation. */
export interface ByHand {
  context(role: 'gate' | 'starter'): object
  /** The event of an HTTP call. */
  httpEvent(call: HttpCall): object
}

const HOUR_MS = 3_600_000

export function createByHand(spine: LocalSpine, definitions: FunctionDefinitions): ByHand {
  return {
    context: (role) =>
      toContext(definitions[role], spine, {
        requestId: newRequestId(),
        retryCount: 0,
        credentials: spine.credentials.issue(role, { ttlMs: HOUR_MS }),
      }),
    httpEvent: ({ method, path, headers = {}, body = '' }) =>
      toHttpEvent(
        {
          method,
          target: path,
          rawHeaders: Object.entries({ host: 'gate.example.com', ...headers }).flat(),
          body: Buffer.from(body),
          sourceIp: '192.0.2.1',
        },
        spine,
        { requestId: newRequestId(), now: Date.now() },
      ),
  }
}

/** Takes every event for a function, as in the cloud; nobody follows it. */
export function takeEvents(spine: LocalSpine): HttpHandler {
  const invoke = () => Promise.reject(new Error('nobody waits for an answer here'))
  return createInvocationApi(spine, () => ({ push: () => undefined, invoke }))
}
