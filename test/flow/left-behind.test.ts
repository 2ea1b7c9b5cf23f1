// What a request leaves behind, step by step: the rows of both books, and what the log says of each.
import { describe, expect, test } from 'vitest'
import { headOf } from '#core/row.ts'
import { cancel, deny } from '#flow/decide.ts'
import { noteDeployed } from '#flow/deployed.ts'
import { ready } from '#support/ready.ts'
import { createWorld, INSTANCE, WISH, type World } from '#support/world.ts'

const rowsOf = (rows: ReturnType<World['asks']['rows']>): unknown[] =>
  rows.map(({ type, actor, body }) => ({ type, actor, body }))

const GATE = { function: 'gate' }
const STARTER = { function: 'starter' }
const EVERYBODY = { log: 'delivered', 'ops-room': 'delivered', 'alice-inbox': 'delivered' }

describe('a request that is started', () => {
  test('has in its books who did what', async () => {
    const { world, proposal, id } = await ready()
    const { digest } = await world.load(id).then(({ asks }) => asks)
    await world.start(id)
    await world.tell(id)

    expect(rowsOf(world.asks.rows())).toEqual([
      {
        type: 'requested',
        actor: { principal: 'alice' },
        body: { proposal, digest, ask: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
      { type: 'posted', actor: GATE, body: { upto: { asks: 1, runs: 0 }, state: 'pending', to: EVERYBODY } },
      {
        type: 'approved',
        actor: { principal: 'bob' },
        body: { approver: 'bob', evidence: { kind: 'jws', token: expect.any(String) } },
      },
      { type: 'posted', actor: GATE, body: { upto: { asks: 3, runs: 3 }, state: 'running', to: EVERYBODY } },
    ])
    const { accountId, regionId, instanceId, dryRun } = WISH
    expect(rowsOf(world.runs.rows())).toEqual([
      {
        type: 'attempted',
        actor: STARTER,
        body: {
          request: id,
          asks: headOf(world.asks.rows().slice(0, 3)),
          accountId,
          regionId,
          instanceId,
          dryRun,
          next: { do: 'look' },
        },
      },
      { type: 'accepted', actor: STARTER, body: { requestId: expect.any(String), next: { do: 'look' } } },
      { type: 'running', actor: STARTER, body: { inferred: false, status: 'Running', next: { do: 'none' } } },
    ])
    expect(world.runs.rows().map(({ stream, book }) => [stream, book])).toEqual(Array(3).fill([digest, 'runs']))
  })

  test('is in the log, with what one needs to find it', async () => {
    const { world, id } = await ready()
    const { digest } = (await world.load(id)).asks
    await world.start(id)
    await world.tell(id)
    const headline = expect.any(String)

    expect(world.log.lines).toEqual([
      { level: 'info', event: 'told', facts: { request: id, state: 'pending', headline, asks: 1, runs: 0 } },
      { level: 'info', event: 'ask.posted', facts: { request: id, n: 2, actor: GATE } },
      { level: 'info', event: 'ask.approved', facts: { request: id, n: 3, actor: { principal: 'bob' } } },
      { level: 'info', event: 'run.attempted', facts: { request: id, digest, n: 1 } },
      { level: 'info', event: 'run.accepted', facts: { request: id, digest, n: 2 } },
      { level: 'info', event: 'run.running', facts: { request: id, digest, n: 3 } },
      { level: 'info', event: 'told', facts: { request: id, state: 'running', headline, asks: 3, runs: 3 } },
      { level: 'info', event: 'ask.posted', facts: { request: id, n: 4, actor: GATE } },
    ])
  })

  test('an answer and a telling that failed are in the log with their cause', async () => {
    const { world, id } = await ready()
    world.messenger.refuse('ops-room')
    const answer = { code: 'InsufficientBalance', status: 403, requestId: 'R' }
    world.instances.planStart(INSTANCE, { answer: { kind: 'answered', answer } })
    world.log.lines.length = 0
    await world.start(id)
    await world.tell(id)

    expect(world.log.lines.find(({ event }) => event === 'run.refused')?.facts).toMatchObject({ request: id, answer })
    expect(world.log.lines.find(({ event }) => event === 'telling.failed')).toEqual({
      level: 'warn',
      event: 'telling.failed',
      facts: { request: id, target: 'ops-room', why: expect.any(String) },
    })
  })
})

describe('a request that is stopped', () => {
  test('has in its book who said no and why, and that nothing was under way', async () => {
    const { world, proposal, id } = await ready()
    await deny(world.gate, id, await world.sign('carol', 'deny', proposal, 'not today'))

    expect(rowsOf(world.asks.rows()).slice(3)).toEqual([
      {
        type: 'denied',
        actor: { principal: 'carol' },
        body: { approver: 'carol', evidence: { kind: 'jws', token: expect.any(String) }, reason: 'not today' },
      },
      { type: 'stopped', actor: GATE, body: { runs: { n: 0, hash: '' } } },
    ])
  })

  test.each([['not needed'], [undefined]])('has in its book who took it back, and why: %s', async (reason) => {
    const { world, id } = await ready()
    await cancel(world.gate, id, 'alice', reason)

    expect(rowsOf(world.asks.rows())[3]).toEqual({
      type: 'cancelled',
      actor: { principal: 'alice' },
      body: reason === undefined ? { by: 'alice' } : { by: 'alice', reason },
    })
  })
})

describe('a starter that comes up', () => {
  test('notes its build and its policy under the time', async () => {
    const world = createWorld()
    await noteDeployed(world.starter)

    const at = world.clock.now()
    expect(world.runs.rows()).toMatchObject([
      {
        book: 'runs',
        stream: 'starter',
        n: at,
        type: 'deployed',
        at,
        actor: STARTER,
        body: { build: 'test', policy: world.starter.policy.digest },
        prev: '',
      },
    ])
  })
})
