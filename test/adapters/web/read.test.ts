import { describe, expect, it } from 'vitest'
import { detailSchema, eventsSchema, listSchema, receiptSchema } from '#adapters/web/answers.ts'
import { findBrokenLink } from '#core/row.ts'
import { createTestGate, expectProblem, sendDecision, type TestGate } from './gate.ts'

const DAY = '2026-11-23'

function list(gate: TestGate, query: string, by: 'alice' | 'carol' = 'carol'): Promise<Response> {
  return gate.call({ path: `/v1/start-requests?${query}`, by })
}

async function withApproval(gate: TestGate) {
  const { id } = await gate.ask()
  const { proposal } = await gate.world.load(id)
  gate.world.clock.shift(1000)
  const evidence = await gate.world.sign('bob', 'approve', proposal)
  await sendDecision(gate, id, { decision: 'approve', evidence })
  await gate.world.start(id)
  return id
}

describe('GET /v1/start-requests/{id}', () => {
  it('shows the proposal and the view to whoever knows the id', async () => {
    const { ask, app, world } = createTestGate()
    const { id, digest } = await ask()
    const answer = await app.request(`/v1/start-requests/${id}`)
    expect(answer.status).toBe(200)
    const { proposal } = await world.load(id)
    expect(detailSchema.parse(await answer.json())).toMatchObject({ id, digest, proposal, final: false, view: { id } })
  })

  it('answers HEAD without a body', async () => {
    const { ask, app } = createTestGate()
    const { id } = await ask()
    const answer = await app.request(`/v1/start-requests/${id}`, { method: 'HEAD' })
    expect(answer.status).toBe(200)
    expect(await answer.text()).toBe('')
  })

  it('finds nothing under an id that nothing has', async () => {
    const { app } = createTestGate()
    await expectProblem(await app.request(`/v1/start-requests/req_${'0'.repeat(32)}`), 404, 'no_such_request')
  })

  it('asks the record for nothing that is no id', async () => {
    const { app, world } = createTestGate()
    await expectProblem(await app.request(`/v1/start-requests/REQ_${'0'.repeat(32)}`), 404, 'no_such_request')
    expect(world.calls.list).toEqual([])
  })
})

describe('GET …/events', () => {
  it('gives the rows of both books by time, each as it is chained', async () => {
    const gate = createTestGate()
    const id = await withApproval(gate)
    const answer = await gate.app.request(`/v1/start-requests/${id}/events`)
    const { events, heads, next } = eventsSchema.parse(await answer.json())
    const { asks, runs, standing } = await gate.world.load(id)
    expect(events.map(({ type }) => type).slice(0, 3)).toEqual(['requested', 'approved', 'attempted'])
    expect(events.filter(({ book }) => book === 'asks')).toEqual(asks.rows)
    expect(events.filter(({ book }) => book === 'runs')).toEqual(runs.rows)
    expect(heads).toEqual(standing.heads)
    expect(next).toBe(`${asks.rows.length}.${runs.rows.length}`)
  })

  it('gives only what came after', async () => {
    const gate = createTestGate()
    const id = await withApproval(gate)
    const answer = await gate.app.request(`/v1/start-requests/${id}/events?after=1.1`)
    const { events } = eventsSchema.parse(await answer.json())
    expect(events.map(({ book, n }) => `${book} ${n}`).slice(0, 2)).toEqual(['asks 2', 'runs 2'])
  })

  it('keeps the order of a book whose clock went back', async () => {
    const gate = createTestGate()
    const { id } = await gate.ask()
    gate.world.clock.shift(-2000)
    const { proposal } = await gate.world.load(id)
    await sendDecision(gate, id, { decision: 'approve', evidence: await gate.world.sign('bob', 'approve', proposal) })
    const answer = await gate.app.request(`/v1/start-requests/${id}/events`)
    expect(eventsSchema.parse(await answer.json()).events.map(({ n }) => n)).toEqual([1, 2])
  })

  it.each(['1', '1.', 'a.b', '-1.0', '01.0', '1.1&after=2.2', '1.1&before=3'])('refuses after=%s', async (after) => {
    const gate = createTestGate()
    const { id } = await gate.ask()
    await expectProblem(await gate.app.request(`/v1/start-requests/${id}/events?after=${after}`), 400, 'malformed')
  })
})

describe('GET …/receipt', () => {
  it('exports both books whole', async () => {
    const gate = createTestGate()
    const id = await withApproval(gate)
    const answer = await gate.app.request(`/v1/start-requests/${id}/receipt`)
    expect(answer.headers.get('content-disposition')).toBeNull()
    const receipt = receiptSchema.parse(await answer.json())
    const { asks, runs } = await gate.world.load(id)
    expect(receipt).toEqual({
      v: 1,
      kind: 'startgate-receipt',
      audience: gate.world.gate.audience,
      asks: asks.rows,
      runs: runs.rows,
    })
    expect(findBrokenLink(asks.rows)).toBeUndefined()
  })
})

describe('GET /v1/start-requests', () => {
  it('lists a day page by page', async () => {
    const gate = createTestGate()
    for (let at = 0; at < 23; at += 1) {
      await gate.ask(`key-${at}`)
      gate.world.clock.shift(1000)
    }
    const first = listSchema.parse(await (await list(gate, `day=${DAY}`)).json())
    expect(first.items).toHaveLength(20)
    expect(first.items[0]).toMatchObject({
      instanceId: 'i-bp1reporting',
      requester: { principal: 'alice', via: 'api' },
      createdAt: '2026-11-23T09:00:00.000Z',
      headline: expect.stringContaining('Waiting for 1 more approval') as string,
    })
    const second = listSchema.parse(await (await list(gate, `cursor=${first.cursor}&day=${DAY}`)).json())
    expect(second.items).toHaveLength(3)
    expect(second.cursor).toBeUndefined()
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(23)
  })

  it('lists nothing of another day', async () => {
    const gate = createTestGate()
    await gate.ask()
    expect(await (await list(gate, 'day=2026-11-22')).json()).toEqual({ items: [] })
  })

  it('refuses a caller who may not read', async () => {
    const gate = createTestGate()
    await expectProblem(await list(gate, `day=${DAY}`, 'alice'), 403, 'may_not_read')
    expect(gate.world.calls.list).toEqual([])
  })

  it.each([
    ['no day', ''],
    ['a day that does not exist', 'day=2026-02-30'],
    ['two days', `day=${DAY}&day=${DAY}`],
    ['an unknown parameter', `day=${DAY}&all=yes`],
    ['a cursor of its own', `day=${DAY}&cursor=${Buffer.from('[1,"x"]').toString('base64url')}`],
    ['a cursor that is nothing', `day=${DAY}&cursor=!`],
  ])('refuses %s', async (_, query) => {
    const gate = createTestGate()
    await expectProblem(await list(gate, query), 400, 'malformed')
    expect(gate.world.calls.list).toEqual([])
  })
})
