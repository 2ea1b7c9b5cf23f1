// The gate's app over a deployment in memory, and calls to it as a client makes them.
import { expect } from 'vitest'
import { parseSigningKey } from '#adapters/webhook/keys.ts'
import { createWebhookVerifier } from '#adapters/webhook/verifier.ts'
import { NO_CHATS } from '#support/no-chats.ts'
import type { Holder } from '#support/keys.ts'
import { publicJwk } from '#support/keys.ts'
import { teamDocument, teamPolicy } from '#support/team.ts'
import { createWorld, INSTANCE, type World, type WorldOptions } from '#support/world.ts'
import { signCall, type SignedCall } from './signed-call.ts'
import { createWholeApp, type WholeApp } from '#support/whole-app.ts'

export const PUBLIC_URL = 'https://startgate.example.com'
/** Stands in for what the build makes. */
export const PAGE = { script: 'void 0', style: 'main{color:CanvasText}' }
export const SECRETS = {
  current: `whsec_${Buffer.from('the secret that deploy-bot shares').toString('base64')}`,
  previous: `whsec_${Buffer.from('the secret from before that one').toString('base64')}`,
}
/** The gate's own key, and by its seed also the key of a machine. */
export const SEED = Buffer.alloc(32, 7)
export const BOT_SEED = Buffer.alloc(32, 9)
export const signingKey = parseSigningKey(`whsk_${SEED.toString('base64')}`)
export const botKey = parseSigningKey(`whsk_${BOT_SEED.toString('base64')}`)

/** The team, with another machine that signs by `v1a` alone, one that sends no webhooks, and erin with a P-256 key. */
export function gatePolicy() {
  const document = teamDocument()
  return teamPolicy({
    ...document,
    people: {
      ...(document['people'] as object),
      erin: { keys: [{ ...publicJwk('erin'), until: '2026-11-24T00:00:00Z' }] },
    },
    machines: {
      ...(document['machines'] as object),
      'cron-bot': { webhook: { v1a: [botKey.whpk] } },
      'quiet-bot': {},
    },
    aliases: { 'report-db': { instanceId: 'i-bp1reporting' }, 'payroll-db': { instanceId: 'i-bp1payroll' } },
    rules: document.rules.map((rule) => ({
      ...rule,
      requesters: ['alice', 'deploy-bot', 'cron-bot', 'erin', 'nightly'],
    })),
  })
}

export interface TestGate extends WholeApp {
  readonly world: World
  /** A signed call; `forged` changes the proof, the rest the call itself. */
  readonly call: (call: CallOptions) => Promise<Response>
  /** Asks as alice and returns the answer's body. */
  readonly ask: (key?: string) => Promise<AskAnswer>
}

export interface AskAnswer {
  readonly id: `req_${string}`
  readonly digest: string
}

export interface CallOptions {
  readonly method?: string
  readonly path: string
  readonly body?: string | object
  readonly by?: Holder
  readonly headers?: Readonly<Record<string, string>>
  readonly forged?: Partial<SignedCall>
}

export const ASK = { instanceId: INSTANCE, reason: 'The monthly report is due' }

export function createTestGate(options: WorldOptions = {}): TestGate {
  const world = createWorld({ policy: gatePolicy(), ...options })
  const { gate, clock } = world
  const verifyWebhook = createWebhookVerifier({
    policy: gate.policy,
    clock,
    secrets: (caller) => (caller === 'deploy-bot' ? SECRETS : undefined),
  })
  const openapi = () => ({ openapi: '3.1.0' })
  const page = () => PAGE
  const { app, routes } = createWholeApp({
    deps: gate,
    publicUrl: PUBLIC_URL,
    verifyWebhook,
    publicJwk: () => signingKey.publicJwk,
    openapi,
    policySchema: () => ({ title: 'Startgate policy' }),
    page,
    chat: NO_CHATS,
  })

  const call: TestGate['call'] = async ({ method = 'GET', path, body, by = 'alice', headers = {}, forged = {} }) => {
    const text = typeof body === 'object' ? JSON.stringify(body) : body
    const token = signCall({
      method,
      path,
      at: clock.now(),
      by,
      ...(text === undefined ? {} : { body: text }),
      ...forged,
    })
    const json = text === undefined ? {} : { 'content-type': 'application/json' }
    return app.request(path, {
      method,
      headers: { authorization: `Bearer ${token}`, ...json, ...headers },
      ...(text === undefined ? {} : { body: text }),
    })
  }

  const ask: TestGate['ask'] = async (key = 'key-1') => {
    const answer = await call({
      method: 'POST',
      path: '/v1/start-requests',
      body: ASK,
      headers: { 'idempotency-key': key },
    })
    expect(answer.status).toBe(201)
    return (await answer.json()) as AskAnswer
  }
  return { world, app, routes, call, ask }
}

/** Fails unless it is a problem of this kind; gives back its body. */
export async function expectProblem(answer: Response, status: number, reason: string): Promise<ProblemBody> {
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  const body = (await answer.json()) as ProblemBody
  expect({ status: answer.status, type: body.type }).toEqual({ status, type: `urn:startgate:${reason}` })
  expect(body.status).toBe(status)
  return body
}

export interface ProblemBody {
  readonly type: string
  readonly status: number
  readonly detail: string
  readonly errors?: readonly { readonly path: string; readonly message: string }[]
}

export function sendDecision(gate: TestGate, id: string, body: object): Promise<Response> {
  return Promise.resolve(
    gate.app.request(`/v1/start-requests/${id}/decisions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  )
}
