// What a start has to wait for, minute by minute: the instance, ECS, fresh credentials, capacity, a slow boot.
import { describe, expect, test } from 'vitest'
import { MINUTE, SECOND } from '#core/durations.ts'
import type { RequestId } from '#core/request-id.ts'
import type { StartAnswer } from '#ports/instances.ts'
import { ready, typesOf } from '#support/ready.ts'
import { teamDocument, teamPolicy } from '#support/team.ts'
import { INSTANCE, type World } from '#support/world.ts'

const refused = (code: string, status: number, retryAfter?: number): StartAnswer => ({
  kind: 'answered',
  answer: { code, status, requestId: 'R' },
  ...(retryAfter === undefined ? {} : { retryAfter }),
})

const sent = (world: World): number => world.calls.counts()['ecs StartInstance'] ?? 0

async function sweepFor(world: World, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    await world.clock.advance(MINUTE)
    await world.sweep()
  }
}

async function endOf(world: World, id: RequestId) {
  const { standing, runs } = await world.load(id)
  return { state: standing.state, final: standing.final, last: runs.last }
}

describe('an instance that cannot be started yet', () => {
  test.each(['Stopping', 'Pending'])('%s for twenty minutes is waited out', async (status) => {
    const { world, id } = await ready()
    world.instances.change(INSTANCE, { status })
    await world.start(id)
    await sweepFor(world, 20)
    expect([typesOf(world), sent(world)]).toEqual([[], 0])
    world.instances.change(INSTANCE, { status: 'Stopped' })
    await sweepFor(world, 2)
    expect(typesOf(world)).toEqual(['attempted', 'accepted', 'running'])
  })

  test.each(['Stopping', 'Pending'])('%s for longer than it is valid expires, and nothing was sent', async (status) => {
    const { world, id } = await ready()
    world.instances.change(INSTANCE, { status })
    await sweepFor(world, 36)
    world.instances.change(INSTANCE, { status: 'Stopped' })
    await sweepFor(world, 2)
    expect([await endOf(world, id), sent(world)]).toMatchObject([{ state: 'expired', final: true }, 0])
  })

  test('shown as Stopped too early costs one attempt, and is waited out then', async () => {
    const { world, id } = await ready()
    world.instances.change(INSTANCE, { status: 'Stopping' })
    await world.clock.advance(10 * SECOND)
    world.instances.change(INSTANCE, { status: 'Stopped' })
    world.instances.planStart(INSTANCE, { answer: refused('IncorrectInstanceStatus', 403) })
    await world.start(id)
    world.instances.change(INSTANCE, { status: 'Stopping' })
    await sweepFor(world, 10)
    expect(sent(world)).toBe(1)
    world.instances.change(INSTANCE, { status: 'Stopped' })
    await sweepFor(world, 2)
    expect([await endOf(world, id), sent(world)]).toMatchObject([{ state: 'running' }, 2])
  })

  test('that somebody else started after all is satisfied', async () => {
    const { world, id } = await ready()
    world.instances.change(INSTANCE, { status: 'Stopping' })
    await sweepFor(world, 3)
    world.instances.change(INSTANCE, { status: 'Running' })
    await sweepFor(world, 1)
    expect([await endOf(world, id), sent(world)]).toMatchObject([{ state: 'satisfied' }, 0])
  })
})

describe('a limit of rates', () => {
  test.each(['Throttling', 'Throttling.User', 'Throttling.Api'])(
    '%s is waited out for a minute, not less',
    async (code) => {
      const { world, id } = await ready()
      world.instances.planStart(INSTANCE, { answer: refused(code, 400, 5 * SECOND) })
      await world.start(id)
      await world.clock.advance(MINUTE - 1)
      await world.sweep()
      expect(sent(world)).toBe(1)
      await world.clock.advance(1)
      await world.sweep()
      await sweepFor(world, 1)
      expect([await endOf(world, id), sent(world)]).toMatchObject([{ state: 'running' }, 2])
    },
  )

  test.each([31 * MINUTE, Number.MAX_SAFE_INTEGER, 1e300])(
    'that asks for %d ms, longer than the request is valid, ends with it',
    async (pause) => {
      const { world, proposal, id } = await ready()
      world.instances.planStart(INSTANCE, { answer: refused('Throttling', 400, pause) })
      await world.start(id)
      const { expiresAt } = proposal.request
      expect(await endOf(world, id)).toMatchObject({ last: { type: 'refused', body: { next: { at: expiresAt } } } })
      await sweepFor(world, 36)
      expect([await endOf(world, id), sent(world)]).toMatchObject([{ state: 'expired', final: true }, 1])
    },
  )

  test('on looking costs no attempt: nothing is written, and the next minute goes on', async () => {
    const { world, id } = await ready()
    const unclear = { kind: 'unclear', applied: false } as const
    world.calls.plan({ service: 'ecs', operation: 'DescribeInstances', times: 3, fault: unclear })
    for (const _ of [1, 2, 3]) expect((await world.sweep()).faults).toHaveLength(2)
    expect(typesOf(world)).toEqual([])
    await sweepFor(world, 2)
    expect([await endOf(world, id), sent(world)]).toMatchObject([{ state: 'running' }, 1])
  })

  test('on looking does not end a start that is followed', async () => {
    const { world, id } = await ready()
    world.instances.change(INSTANCE, {}, { startingMs: 5 * MINUTE })
    await world.start(id)
    const unclear = { kind: 'unclear', applied: false } as const
    world.calls.plan({ service: 'ecs', operation: 'DescribeInstances', times: 4, fault: unclear })
    await sweepFor(world, 4)
    expect(typesOf(world)).toEqual(['attempted', 'accepted'])
    await sweepFor(world, 2)
    expect([await endOf(world, id), sent(world)]).toMatchObject([{ state: 'running' }, 1])
  })
})

const CREDENTIALS = [
  ['InvalidSecurityToken.Expired', 400],
  ['InvalidSecurityToken.Malformed', 400],
  ['InvalidSecurityToken.MismatchWithAccessKey', 400],
  ['MissingSecurityToken', 400],
  ['InvalidAccessKeyId.NotFound', 404],
  ['InvalidAccessKeyId.Inactive', 400],
] as const

describe('credentials that ECS refuses', () => {
  test.each(CREDENTIALS)('with %s: started with those of a later invocation', async (code, status) => {
    const { world, id } = await ready()
    world.instances.planStart(INSTANCE, { answer: refused(code, status) })
    await world.start(id)
    await world.sweep()
    expect(sent(world)).toBe(1)
    await sweepFor(world, 2)
    expect([await endOf(world, id), sent(world)]).toMatchObject([{ state: 'running' }, 2])
  })

  test('again and again end it within the attempts of the rule', async () => {
    const { world, id } = await ready()
    for (const _ of [1, 2, 3, 4])
      world.instances.planStart(INSTANCE, { answer: refused('InvalidSecurityToken.Expired', 400) })
    await world.start(id)
    await sweepFor(world, 10)
    expect([await endOf(world, id), sent(world)]).toMatchObject([{ state: 'failed', final: true }, 3])
  })
})

const CAPACITY = [
  ['OperationDenied.NoStock', 403],
  ['LackResource', 400],
  ['Zone.NotOnSale', 403],
  ['InvalidDedicatedHost.NotEnoughResource', 400],
  ['Invalid.PrivatePoolOptions.NoStock', 400],
  ['OperationDenied.SpotPriceLowerThanPublicPrice', 403],
] as const

describe('a lack of capacity', () => {
  test.each(CAPACITY)('%s is offered again after five minutes, not earlier', async (code, status) => {
    const { world, id } = await ready()
    world.instances.planStart(INSTANCE, { answer: refused(code, status) })
    await world.start(id)
    await sweepFor(world, 4)
    expect([(await endOf(world, id)).state, sent(world)]).toEqual(['waiting', 1])
    await sweepFor(world, 2)
    expect([await endOf(world, id), sent(world)]).toMatchObject([{ state: 'running' }, 2])
  })

  test.each([1, 2, 5])('for ever is offered as often as the rule allows: %d times', async (attempts) => {
    const document = teamDocument()
    const policy = teamPolicy({ ...document, rules: document.rules.map((rule) => ({ ...rule, attempts })) })
    const { world, id } = await ready({ policy })
    for (const _ of Array.from({ length: attempts + 1 }))
      world.instances.planStart(INSTANCE, { answer: refused('OperationDenied.NoStock', 403) })
    await world.start(id)
    await sweepFor(world, 29)
    expect([await endOf(world, id), sent(world)]).toMatchObject([
      { state: 'failed', final: true, last: { body: { answer: { code: 'OperationDenied.NoStock' } } } },
      attempts,
    ])
  })

  test('is not offered again to what the approvers did not see', async () => {
    const { world, id } = await ready()
    world.instances.planStart(INSTANCE, { answer: refused('OperationDenied.NoStock', 403) })
    await world.start(id)
    world.instances.change(INSTANCE, { type: 'ecs.g7.xlarge' })
    await sweepFor(world, 6)
    expect([await endOf(world, id), sent(world)]).toMatchObject([
      { state: 'failed', last: { body: { answer: { code: 'InstanceChanged' } } } },
      1,
    ])
  })
})

describe('a boot', () => {
  test('of 29 minutes is followed to its end, although the request expires meanwhile', async () => {
    const { world, id } = await ready()
    world.instances.change(INSTANCE, {}, { startingMs: 29 * MINUTE })
    await world.clock.advance(20 * MINUTE)
    await world.start(id)
    await sweepFor(world, 28)
    expect(await endOf(world, id)).toMatchObject({ state: 'starting', final: false })
    await sweepFor(world, 2)
    expect([await endOf(world, id), sent(world)]).toMatchObject([
      { state: 'running', last: { body: { inferred: false } } },
      1,
    ])
  })

  test('that falls back after minutes has failed', async () => {
    const { world, id } = await ready()
    world.instances.change(INSTANCE, {}, { startingMs: 8 * MINUTE, boot: 'falls_back' })
    await world.start(id)
    await sweepFor(world, 7)
    expect((await endOf(world, id)).state).toBe('starting')
    await sweepFor(world, 2)
    expect([await endOf(world, id), sent(world)]).toMatchObject([
      { state: 'failed', final: true, last: { type: 'failed', body: { answer: { code: 'FellBack' } } } },
      1,
    ])
  })

  test('that falls back has failed with what a look shows of the reason', async () => {
    const { world, id } = await ready()
    world.instances.change(INSTANCE, {}, { boot: 'falls_back' })
    await world.start(id)
    world.instances.change(INSTANCE, { locks: ['security'] })
    await sweepFor(world, 4)
    expect(await endOf(world, id)).toMatchObject({
      state: 'failed',
      last: { type: 'failed', body: { answer: { code: 'FellBack', detail: 'locked: security' } } },
    })
  })

  test('that is shown as Stopped for a while, and then as Running, has not failed', async () => {
    const { world, id } = await ready()
    world.instances.change(INSTANCE, {}, { lagMs: 3 * MINUTE + 30 * SECOND })
    await world.start(id)
    await sweepFor(world, 5)
    expect([await endOf(world, id), sent(world)]).toMatchObject([{ state: 'running' }, 1])
  })
})
