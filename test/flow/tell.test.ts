import { describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '#core/durations.ts'
import { approve, cancel } from '#flow/decide.ts'
import { approved } from '#support/ready.ts'
import { tickFor } from '#support/tick-for.ts'
import { createWorld, INSTANCE, type World } from '#support/world.ts'

const heard = (world: World, receiver: string): string[] =>
  world.messenger.delivered.flatMap(({ receiver: to, telling }) =>
    to === receiver && telling.kind === 'state' ? [telling.view.state] : [],
  )

describe('tell', () => {
  test('tells the requester and the rule’s receivers how it stands, and nobody else', async () => {
    const world = createWorld()
    const id = await approved(world)
    await world.tell(id)
    await world.runHints()
    expect(heard(world, 'ops-room')).toEqual(['pending', 'ready', 'starting', 'running'])
    expect(heard(world, 'alice-inbox')).toEqual(['pending', 'ready', 'starting', 'running'])
    expect(new Set(world.messenger.delivered.map(({ receiver }) => receiver))).toEqual(
      new Set(['ops-room', 'alice-inbox']),
    )
    expect(world.open.entries()).toEqual([])
    expect(world.days.entries()).toMatchObject([{ request: id }])
  })

  test('makes at most four calls, and five for the last', async () => {
    const world = createWorld()
    const { proposal } = await world.ask()
    const id = proposal.request.id
    world.calls.forget()
    await world.tell(id)
    expect(world.calls.list.length).toBeLessThanOrEqual(4)
    await cancel(world.gate, id, 'alice')
    world.calls.forget()
    await world.tell(id)
    expect(world.calls.list).toHaveLength(5)
  })

  test('says the same news once', async () => {
    const world = createWorld()
    const { proposal } = await world.ask()
    await Promise.all([world.runHints(), world.tell(proposal.request.id)])
    await world.tell(proposal.request.id)
    const ids = world.messenger.delivered.map(({ receiver, telling }) => `${receiver} ${telling.id}`)
    // Two at once may both send; the id tells the receiver that it is one piece of news.
    expect(new Set(ids).size).toBe(2)
    expect(world.asks.rows().filter(({ type }) => type === 'posted').length).toBeLessThanOrEqual(2)
  })

  test('with every hint lost the timer tells, within a minute or two', async () => {
    const world = createWorld()
    const id = await approved(world)
    world.hints.sent.length = 0
    await world.sweep()
    await world.clock.advance(MINUTE)
    await world.sweep()
    world.hints.sent.length = 0
    await tickFor(world, 2)
    expect(heard(world, 'ops-room').at(-1)).toBe('running')
    expect((await world.load(id)).standing.final).toBe(true)
    expect(world.open.entries()).toEqual([])
  })

  test('a receiver that is down delays only its own messages, at growing intervals', async () => {
    const world = createWorld()
    world.messenger.refuse('ops-room')
    const { proposal } = await world.ask()
    await world.runHints()
    await cancel(world.gate, proposal.request.id, 'alice')
    await world.runHints()
    expect(heard(world, 'alice-inbox').at(-1)).toBe('cancelled')
    expect(world.open.entries()).toMatchObject([{ phase: 'tell' }])
    await tickFor(world, 10)
    world.messenger.accept('ops-room')
    await tickFor(world, 1)
    expect(heard(world, 'ops-room')).toEqual([])
    await tickFor(world, 5)
    expect(heard(world, 'ops-room')).toEqual(['pending', 'stopping', 'cancelled'])
    expect(heard(world, 'alice-inbox')).toEqual(['pending', 'stopping', 'cancelled'])
    expect(world.open.entries()).toEqual([])
  })

  test('gives a receiver up after a day, and records that', async () => {
    const world = createWorld()
    world.messenger.refuse('ops-room')
    const { proposal } = await world.ask()
    const id = proposal.request.id
    await cancel(world.gate, id, 'alice')
    await world.runHints()
    await world.clock.advance(DAY - HOUR)
    await world.tellDue()
    expect(world.open.entries()).toHaveLength(1)
    await world.clock.advance(HOUR)
    await world.tellDue()
    expect((await world.load(id)).asks.rows.at(-1)).toMatchObject({
      type: 'posted',
      body: { to: { 'ops-room': 'gave_up' } },
    })
    expect(world.open.entries()).toEqual([])
  })

  test('says that a request expired only after the grace', async () => {
    const world = createWorld()
    const { proposal } = await world.ask()
    await world.runHints()
    await world.clock.advance(proposal.request.expiresAt - world.clock.now() + 4 * MINUTE)
    await world.tellDue()
    expect(heard(world, 'ops-room')).toEqual(['pending'])
    await tickFor(world, 3)
    expect(heard(world, 'ops-room')).toEqual(['pending', 'expired'])
    expect(world.open.entries()).toEqual([])
  })

  test('clears away the entry of an ask that died before its commit, unless it was renewed', async () => {
    const world = createWorld()
    world.calls.plan({ service: 'asks', operation: 'PutRow', fault: { kind: 'unclear', applied: false } })
    await expect(world.ask()).rejects.toThrow()
    await tickFor(world, 36)
    expect(world.open.entries()).toEqual([])
    expect((await world.ask()).created).toBe(true)
  })

  test('while people take their time, what was left half done is looked for every quarter of an hour', async () => {
    const world = createWorld()
    const { proposal } = await world.ask({ notBefore: world.clock.now() + 3 * DAY })
    await world.runHints()
    await world.clock.advance(DAY + HOUR)
    world.calls.forget()
    await tickFor(world, 60)
    expect(world.calls.counts()).toMatchObject({ 'asks GetRange': 4, 'runs GetRange': 4 })
    world.calls.plan({ service: 'runs', operation: 'GetRange', fault: { kind: 'unclear', applied: false } })
    await expect(cancel(world.gate, proposal.request.id, 'alice')).rejects.toThrow()
    await tickFor(world, 15)
    expect((await world.load(proposal.request.id)).standing).toMatchObject({ state: 'cancelled', final: true })
  })

  test('what cannot be read leaves the open set in the end', async () => {
    const world = createWorld()
    const { proposal } = await world.ask()
    const first = world.asks.rows()[0] ?? expect.fail()
    world.asks.overwrite({ ...first, body: { newer: true } })
    await world.clock.advance(proposal.request.expiresAt - world.clock.now() + DAY)
    await world.tellDue()
    expect(world.log.lines.at(-1)).toMatchObject({ level: 'error', event: 'request.unreadable' })
    expect(world.open.entries()).toEqual([])
  })

  test('an idle minute costs one call, however many have finished', async () => {
    const world = createWorld()
    for (const key of ['1', '2', '3']) {
      const { proposal } = await world.ask({}, { key })
      await cancel(world.gate, proposal.request.id, 'alice')
      await world.runHints()
    }
    world.calls.forget()
    await world.tellDue()
    await world.sweep()
    expect(world.calls.counts()).toEqual({ 'open GetRange': 2 })
  })

  test('goes on with the others when one fails, and says so', async () => {
    const world = createWorld()
    const first = await world.ask({}, { key: '1' })
    await world.ask({}, { key: '2' })
    world.hints.sent.length = 0
    world.calls.plan({
      service: 'asks',
      operation: 'GetRange',
      subject: first.proposal.request.id,
      fault: { kind: 'unclear', applied: false },
    })
    await world.clock.advance(MINUTE)
    const { seen, faults } = await world.tellDue()
    expect(seen).toBe(2)
    expect(faults).toHaveLength(1)
    expect(heard(world, 'ops-room')).toEqual(['pending'])
  })
})

describe('many at once', () => {
  test('twenty at a time, and nothing new near the end of the invocation', async () => {
    let busy = 0
    let most = 0
    let slow = false
    const world: World = createWorld({
      gateway: async ({ service, operation }) => {
        if (!slow || service !== 'asks' || operation !== 'GetRange') return
        busy += 1
        most = Math.max(most, busy)
        await world.clock.sleep(MINUTE)
        busy -= 1
      },
    })
    for (let n = 0; n < 50; n += 1) await world.ask({}, { key: String(n) })
    await world.clock.advance(MINUTE)
    slow = true
    const { seen, worked, left } = await world.tellDue()
    expect({ seen, worked, left, most }).toEqual({ seen: 50, worked: 20, left: 30, most: 20 })
  })
})

describe('sweep', () => {
  test('goes on with the others when one fails, looks once per region, and reports', async () => {
    const world = createWorld()
    const ids: string[] = []
    for (const key of ['1', '2', '3']) {
      world.instances.add({ instanceId: `i-bp1report${key}`, tags: { team: 'reporting' } })
      const { proposal } = await world.ask({ instanceId: `i-bp1report${key}` }, { key })
      await approve(world.gate, proposal.request.id, await world.sign('bob', 'approve', proposal))
      ids.push(proposal.request.id)
    }
    world.calls.forget()
    world.calls.plan({
      service: 'asks',
      operation: 'GetRange',
      subject: ids[0] ?? '',
      fault: { kind: 'unclear', applied: false },
    })
    const { seen, worked, faults } = await world.sweep()
    expect({ seen, worked, faults: faults.length }).toEqual({ seen: 3, worked: 3, faults: 1 })
    expect(world.instances.effective).toHaveLength(2)
    expect(world.calls.counts()['ecs DescribeInstances']).toBeLessThanOrEqual(3)
  })

  test('a region that cannot be looked at fails its own items only', async () => {
    const world = createWorld()
    world.instances.add({ instanceId: 'i-bj1other', regionId: 'cn-beijing', tags: { team: 'scratch' } })
    const here = await world.ask({}, { key: '1' })
    const there = await world.ask({ instanceId: 'i-bj1other', regionId: 'cn-beijing' }, { key: '2' })
    for (const [person, { proposal }] of [
      ['bob', here],
      ['bob', there],
      ['carol', there],
    ] as const) {
      await approve(world.gate, proposal.request.id, await world.sign(person, 'approve', proposal))
    }
    world.calls.plan({
      service: 'ecs',
      operation: 'DescribeInstances',
      subject: 'cn-beijing',
      times: null,
      fault: { kind: 'unclear', applied: false },
    })
    const { faults } = await world.sweep()
    expect(faults.length).toBeGreaterThan(0)
    expect(world.instances.effective).toMatchObject([{ instanceId: INSTANCE }])
  })
})
