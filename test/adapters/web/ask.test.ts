import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { summarySchema } from '#adapters/web/answers.ts'
import { ASK, createTestGate, expectProblem, PUBLIC_URL } from './gate.ts'
import { signCall } from './signed-call.ts'

const PATH = '/v1/start-requests'
const KEY = { 'idempotency-key': 'key-1' }

describe('POST /v1/start-requests', () => {
  it('records a request and says where to find and review it', async () => {
    const { call, world } = createTestGate()
    const answer = await call({ method: 'POST', path: PATH, body: ASK, headers: KEY })
    expect(answer.status).toBe(201)
    const body = summarySchema.parse(await answer.json())
    expect(answer.headers.get('location')).toBe(`${PATH}/${body.id}`)
    const { proposal, standing } = await world.load(body.id)
    expect(body).toEqual({
      id: proposal.request.id,
      state: 'pending',
      digest: (await world.load(body.id)).asks.digest,
      says: expect.stringContaining('start i-bp1reporting in cn-hangzhou') as string,
      review: `${PUBLIC_URL}/r/${body.id}`,
      expiresAt: new Date(proposal.request.expiresAt).toISOString(),
      head: standing.heads,
    })
    expect(proposal.request).toMatchObject({
      accountId: '1234567890123456',
      requester: { principal: 'alice', via: 'api' },
    })
  })

  it('answers a repeat with 200 and the same request', async () => {
    const { call, ask } = createTestGate()
    const { id } = await ask()
    const again = await call({ method: 'POST', path: PATH, body: ASK, headers: KEY })
    expect(again.status).toBe(200)
    expect(await again.json()).toMatchObject({ id })
  })

  it('takes every member of an ask', async () => {
    const { call, world } = createTestGate()
    const notBefore = '2026-11-23T19:00:00+08:00'
    const body = {
      ...ASK,
      accountId: '1234567890123456',
      regionId: 'cn-hangzhou',
      initLocalDisk: false,
      dryRun: true,
      notBefore,
      onBehalfOf: 'alice',
    }
    const answer = await call({ method: 'POST', path: PATH, body, headers: KEY, by: 'deploy-bot' })
    expect(answer.status).toBe(201)
    const { id } = summarySchema.parse(await answer.json())
    expect((await world.load(id)).proposal.request).toMatchObject({
      dryRun: true,
      notBefore: Date.parse(notBefore),
      requester: { principal: 'deploy-bot', via: 'api', onBehalfOf: 'alice' },
    })
  })

  it('lets a person with a P-256 key ask', async () => {
    const { call } = createTestGate()
    expect((await call({ method: 'POST', path: PATH, body: ASK, headers: KEY, by: 'erin' })).status).toBe(201)
  })

  it('refuses another ask under the same key', async () => {
    const { call, ask } = createTestGate()
    await ask()
    const other = await call({ method: 'POST', path: PATH, body: { ...ASK, reason: 'Another one' }, headers: KEY })
    await expectProblem(other, 409, 'key_reused')
  })

  it('refuses an ask without a key', async () => {
    const { call } = createTestGate()
    const problem = await expectProblem(await call({ method: 'POST', path: PATH, body: ASK }), 400, 'malformed')
    expect(problem.errors).toEqual([expect.objectContaining({ path: 'Idempotency-Key' })])
  })

  it.each([
    ['an unknown member', { ...ASK, force: true }, 'body'],
    ['a member of every object', JSON.stringify(ASK).replace('}', ',"__proto__":{"dryRun":true}}'), 'body'],
    ['no instance', { reason: 'x' }, 'instanceId'],
    ['a number for a text', { ...ASK, reason: 7 }, 'reason'],
    ['a reason that turns the text around', { ...ASK, reason: 'fine \u202e txet' }, 'reason'],
    ['an instant without an offset', { ...ASK, notBefore: '2026-11-23T19:00:00' }, 'notBefore'],
    ['a list', '[]', 'body'],
    ['no JSON', '{"instanceId":', 'body'],
    ['nothing', '', 'body'],
  ])('refuses %s', async (_, body, path) => {
    const { call, world } = createTestGate()
    const answer = await call({
      method: 'POST',
      path: PATH,
      body,
      headers: { ...KEY, 'content-type': 'application/json' },
    })
    const problem = await expectProblem(answer, 400, 'malformed')
    expect(problem.errors?.map((error) => error.path)).toEqual([path])
    expect(problem.detail).toMatch(new RegExp(`^${path}: .+`))
    expect(world.calls.list).toEqual([])
  })

  it('refuses text that is not UTF-8', async () => {
    const { app, world } = createTestGate()
    const bytes = Buffer.concat([
      Buffer.from('{"instanceId":"i-bp1reporting","reason":"'),
      Buffer.from([0xff]),
      Buffer.from('"}'),
    ])
    const digest = createHash('sha256').update(bytes).digest('base64url')
    const token = signCall({ method: 'POST', path: PATH, at: world.clock.now(), claims: { digest } })
    const headers = { ...KEY, authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    await expectProblem(await app.request(PATH, { method: 'POST', headers, body: bytes }), 400, 'malformed')
  })

  it('refuses a form, which another site could make a browser send', async () => {
    const { call } = createTestGate()
    const headers = { ...KEY, 'content-type': 'text/plain' }
    const problem = await expectProblem(
      await call({ method: 'POST', path: PATH, body: ASK, headers }),
      400,
      'malformed',
    )
    expect(problem.errors).toEqual([expect.objectContaining({ path: 'Content-Type' })])
  })

  it('refuses a body over 64 KB before it looks at anything else', async () => {
    const { app, world } = createTestGate()
    const answer = await app.request(PATH, { method: 'POST', body: 'x'.repeat(64 * 1024 + 1) })
    await expectProblem(answer, 413, 'too_large')
    expect(world.calls.list).toEqual([])
  })

  it('takes an alias, and records the instance that it leads to', async () => {
    const { call } = createTestGate()
    const answer = await call({ method: 'POST', path: PATH, body: { ...ASK, instanceId: 'report-db' }, headers: KEY })
    expect(answer.status).toBe(201)
    expect(await answer.json()).toMatchObject({ says: expect.stringContaining('start i-bp1reporting in cn-hangzhou') })
  })

  it('answers alike when there is no such instance and when no rule allows it', async () => {
    const { call, world } = createTestGate()
    world.instances.add({ instanceId: 'i-bp1payroll', tags: { team: 'payroll' } })
    const problems = []
    for (const instanceId of ['i-bp1payroll', 'i-bp1nowhere', 'payroll-db', 'nowhere-db']) {
      const body = { ...ASK, instanceId }
      const answer = await call({ method: 'POST', path: PATH, body, headers: { 'idempotency-key': instanceId } })
      const problem = await expectProblem(answer, 404, 'not_available')
      problems.push(JSON.stringify(problem).replaceAll(instanceId, 'i-'))
    }
    expect(new Set(problems).size).toBe(1)
  })
})
