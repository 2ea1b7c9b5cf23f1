import { describe, expect, it } from 'vitest'
import { healthSchema, keySetSchema } from '#adapters/web/answers.ts'
import { noteDeployed } from '#flow/deployed.ts'
import { ASK, createTestGate, expectProblem, signingKey } from './gate.ts'

describe('every answer', () => {
  it.each([
    ['/v1/nothing', 'GET', 404],
    ['/healthz', 'GET', 200],
    ['/healthz', 'DELETE', 405],
    ['/v1/start-requests', 'POST', 401],
  ])('of %s to %s is not cached, framed or sniffed', async (path, method, status) => {
    const { app } = createTestGate()
    const answer = await app.request(path, { method })
    expect(answer.status).toBe(status)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    })
  })

  it('is a problem where there is nothing', async () => {
    const { app } = createTestGate()
    await expectProblem(await app.request('/'), 404, 'not_found')
    await expectProblem(await app.request('/', { headers: { accept: 'application/json' } }), 404, 'not_found')
    await expectProblem(await app.request('/v1/start-requests/'), 404, 'not_found')
  })

  it.each([
    ['/v1/start-requests', 'PUT', 'GET, HEAD, POST'],
    ['/v1/start-requests/x', 'POST', 'GET, HEAD'],
    ['/v1/start-requests/x/decisions', 'GET', 'POST'],
    ['/v1/start-requests/x/decisions', 'HEAD', 'POST'],
    ['/v1/start-requests/x/cancel', 'GET', 'POST'],
    ['/v1/webhooks/deploy-bot', 'GET', 'POST'],
    ['/openapi.json', 'OPTIONS', 'GET, HEAD'],
  ])('of %s refuses %s and says what it takes', async (path, method, allow) => {
    const { app, world } = createTestGate()
    const answer = await app.request(path, { method })
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe(allow)
    expect(world.calls.list).toEqual([])
  })
})

describe('a fault', () => {
  it('says nothing of itself but a name to report, and is in the log under it', async () => {
    const { app, world } = createTestGate()
    world.gate.open.all = () => Promise.reject(new Error('a secret of the inside'))
    const answer = await app.request('/healthz', { headers: { 'x-fc-request-id': 'call-1' } })
    const problem = await expectProblem(answer, 500, 'fault')
    expect(problem.detail).toBe('Something is wrong inside Startgate. Report call call-1 to who runs it.')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(world.log.lines).toEqual([
      {
        level: 'error',
        event: 'call.failed',
        facts: expect.objectContaining({ call: 'call-1', message: 'a secret of the inside' }) as unknown,
      },
    ])
  })

  it('of a record that gave no clear answer asks for a repeat, which finds the same request', async () => {
    const { call, world } = createTestGate()
    const ask = { method: 'POST', path: '/v1/start-requests', body: ASK, headers: { 'idempotency-key': 'key-1' } }
    world.calls.plan({ service: 'asks', operation: 'PutRow', fault: { kind: 'unclear', applied: true } })
    const answer = await call(ask)
    expect(answer.headers.get('retry-after')).toBe('5')
    await expectProblem(answer, 503, 'unavailable')
    expect((await call(ask)).status).toBe(200)
    expect(world.asks.rows()).toHaveLength(1)
  })

  it('has a name of its own when the caller gives one that is none', async () => {
    const { app, world } = createTestGate()
    world.gate.open.all = () => Promise.reject(new Error('down'))
    await app.request('/healthz', { headers: { 'x-fc-request-id': 'a"b' } })
    expect(world.log.lines[0]?.facts['call']).toMatch(/^[0-9a-f]{32}$/)
  })
})

describe('GET /healthz', () => {
  it('is well when nothing waits, and says how much is open', async () => {
    const { app, ask } = createTestGate()
    await ask()
    const answer = await app.request('/healthz')
    expect(answer.status).toBe(200)
    expect(healthSchema.parse(await answer.json())).toEqual({ healthy: true, problems: [], open: 1 })
  })

  it('is not when the starter has another policy', async () => {
    const { app, world } = createTestGate()
    await noteDeployed({ ...world.starter, policy: { ...world.starter.policy, digest: 'f'.repeat(64) } })
    const answer = await app.request('/healthz')
    expect(answer.status).toBe(503)
    expect(healthSchema.parse(await answer.json()).problems).toEqual([
      'the starter was last deployed with another policy',
    ])
  })

  it('is asked of the record once in 30 s', async () => {
    const { app, world } = createTestGate()
    await app.request('/healthz')
    const once = world.calls.list.length
    await world.clock.advance(29_999)
    await app.request('/healthz')
    expect(world.calls.list).toHaveLength(once)
    await world.clock.advance(1)
    await app.request('/healthz')
    expect(world.calls.list).toHaveLength(2 * once)
  })

  it('does not keep a check that failed', async () => {
    const { app, world } = createTestGate()
    world.calls.plan({ service: 'open', fault: { kind: 'unclear', applied: false } })
    expect((await app.request('/healthz')).status).toBe(503)
    expect((await app.request('/healthz')).status).toBe(200)
  })
})

describe('what is about the service', () => {
  it('shows the public half of the key that it signs with, and nothing else of it', async () => {
    const { app } = createTestGate()
    const answer = await app.request('/.well-known/jwks.json')
    expect(keySetSchema.parse(await answer.json())).toEqual({ keys: [signingKey.publicJwk] })
  })

  it('serves the description that it was given', async () => {
    const { app } = createTestGate()
    expect(await (await app.request('/openapi.json')).json()).toEqual({ openapi: '3.1.0' })
  })

  it('serves the schema of policy files', async () => {
    const { app } = createTestGate()
    expect(await (await app.request('/policy.schema.json')).json()).toEqual({ title: 'Startgate policy' })
  })
})
