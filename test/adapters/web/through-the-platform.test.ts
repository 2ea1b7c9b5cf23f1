// A call as the command line signs it, through the events that the platform makes of it, to the app and back.
import { describe, expect, it } from 'vitest'
import { createGateHandler } from '#adapters/fc/gate-handler.ts'
import type { HttpAnswer } from '#adapters/fc/http.ts'
import { toHttpEvent } from '#infra/local/fc/http-event.ts'
import { signCall } from '#lib/cli/call-token.ts'
import { PRIVATE_JWKS, type Holder } from '#support/keys.ts'
import { AUDIENCE } from '#support/team.ts'
import { unexamined } from '#support/unexamined.ts'
import { wired } from '#support/wired.ts'
import { ASK, createTestGate, type TestGate } from './gate.ts'

const PLACE = { accountId: '1234567890123456', region: 'cn-hangzhou' }
const CONTEXT = {
  requestId: 'call-1',
  credentials: { accessKeyId: 'STS.test', accessKeySecret: 'test', securityToken: 'test' },
  function: { name: 'startgate-gate' },
  region: PLACE.region,
  accountId: PLACE.accountId,
}

interface Sent {
  readonly method: string
  readonly path: string
  readonly body?: string
  readonly by: Holder
  readonly headers?: readonly string[]
}

async function send(
  { app, world }: TestGate,
  { method, path, body = '', by, headers = [] }: Sent,
): Promise<HttpAnswer> {
  const caller = { name: by, audience: AUDIENCE, jwk: PRIVATE_JWKS[by] }
  const token = await signCall(caller, { method, path, body }, world.clock.now())
  const rawHeaders = ['Host', 'gate.fcapp.run', 'Authorization', `Bearer ${token}`, ...headers]
  const request = { method, target: path, rawHeaders, body: Buffer.from(body), sourceIp: '203.0.113.7' }
  const event = toHttpEvent(request, PLACE, { requestId: 'call-1', now: world.clock.now() })
  const handler = createGateHandler(() => ({ ...wired(world.gate), fetch: (each) => app.fetch(each) }), unexamined)
  return (await handler(Buffer.from(JSON.stringify(event)), CONTEXT)) as HttpAnswer
}

describe('a signed call', () => {
  it.each(['alice', 'deploy-bot', 'erin'] as const)('to ask arrives as it was signed by %s', async (by) => {
    const gate = createTestGate()
    const headers = ['Content-Type', 'application/json', 'Idempotency-Key', 'key-1']
    const body = JSON.stringify({ ...ASK, reason: '每月报表 🚀' })
    const answer = await send(gate, { method: 'POST', path: '/v1/start-requests', body, by, headers })
    expect(answer).toMatchObject({ statusCode: 201, isBase64Encoded: false })
    expect(gate.world.asks.rows()[0]?.actor).toEqual({ principal: by })
  })

  it('arrives whole when the platform carries its body in base64', async () => {
    const gate = createTestGate()
    const headers = ['Content-Type', 'application/octet-stream', 'Idempotency-Key', 'key-1']
    const body = JSON.stringify(ASK)
    const answer = await send(gate, { method: 'POST', path: '/v1/start-requests', body, by: 'alice', headers })
    // Past the signature, and then it is the type that is not accepted.
    expect(answer).toMatchObject({ statusCode: 400, body: expect.stringContaining('Content-Type') as string })
  })

  it.each(['day=2026-11-23', 'cursor=&day=2026-11-23', 'day=%32026-11-23', 'b=1&a=%E6%BC%A2+%26&a=2'])(
    'keeps its query ?%s, though the platform takes it apart',
    async (query) => {
      const gate = createTestGate()
      const answer = await send(gate, { method: 'GET', path: `/v1/start-requests?${query}`, by: 'carol' })
      expect(answer.statusCode).not.toBe(401)
    },
  )

  it('is refused under the name of somebody else', async () => {
    const gate = createTestGate()
    const caller = { name: 'carol', audience: AUDIENCE, jwk: PRIVATE_JWKS.alice }
    const token = await signCall(
      caller,
      { method: 'GET', path: '/v1/start-requests', body: '' },
      gate.world.clock.now(),
    )
    const answer = await gate.app.request('/v1/start-requests', { headers: { authorization: `Bearer ${token}` } })
    expect(answer.status).toBe(401)
  })
})
