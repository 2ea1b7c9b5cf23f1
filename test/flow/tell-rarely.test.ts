// What is told, when it is looked for, and what is left behind when nobody can be reached.
import { describe, expect, test } from 'vitest'
import { DAY, DURATIONS, HOUR, MINUTE } from '#core/durations.ts'
import { approve, cancel } from '#flow/decide.ts'
import { dayOf, list } from '#flow/list.ts'
import { ready } from '#support/ready.ts'
import { tickFor } from '#support/tick-for.ts'
import { createWorld, type World } from '#support/world.ts'

const typesOf = (world: World): string[] => world.asks.rows().map(({ type }) => type)

describe('a telling', () => {
  test('has an id of its own for each news, the same for everybody', async () => {
    const { world, id } = await ready()
    await world.start(id)
    await world.tell(id)
    const ids = world.messenger.delivered.map(({ telling }) => telling.id)
    const changes = ['1.0.pending', '3.0.ready', '3.2.starting', '3.3.running']
    expect(new Set(ids)).toEqual(new Set(changes.map((change) => `${id}.${change}`)))
    expect(ids).toHaveLength(8)
  })

  test('of what is not there is none', async () => {
    const { world } = await ready()
    world.messenger.delivered.length = 0
    await world.tell('req_00000000000000000000000000000000')
    expect(world.messenger.delivered).toEqual([])
  })

  test('that reached nobody leaves no row', async () => {
    const world = createWorld()
    const { proposal } = await world.ask()
    world.messenger.refuse('ops-room')
    world.messenger.refuse('alice-inbox')
    await world.tell(proposal.request.id)
    expect(world.asks.rows()[1]).toMatchObject({ body: { to: { log: 'delivered' } } })
    await world.tell(proposal.request.id)
    expect(typesOf(world)).toEqual(['requested', 'posted'])
  })

  test('that meets an approval is recorded after it', async () => {
    let run: (() => Promise<unknown>) | undefined
    const world = createWorld({
      gateway: async ({ service, operation }) => {
        if (service !== 'asks' || operation !== 'PutRow' || run === undefined) return
        const met = run
        run = undefined
        await met()
      },
    })
    const { proposal } = await world.ask()
    const token = await world.sign('bob', 'approve', proposal)
    run = async () => approve(world.gate, proposal.request.id, token)
    await world.tell(proposal.request.id)
    expect(typesOf(world)).toEqual(['requested', 'approved', 'posted'])
    expect(world.asks.rows()[2]).toMatchObject({ body: { upto: { asks: 1, runs: 0 }, state: 'pending' } })
  })
})

describe('the timer', () => {
  const reads = (world: World): number => world.calls.counts()['asks GetRange'] ?? 0

  test('reads what is to be started every minute from its time on, and before it every quarter of an hour', async () => {
    const world = createWorld()
    const notBefore = world.clock.now() + 2 * DAY
    const { proposal } = await world.ask({ notBefore })
    await approve(world.gate, proposal.request.id, await world.sign('bob', 'approve', proposal))
    await world.clock.advance(DAY + HOUR)
    world.calls.forget()
    await tickFor(world, 60)
    expect(reads(world)).toBe(4)
    // Another minute of the hour than those at which it is looked for anyway.
    await world.clock.advance(notBefore - world.clock.now() - 7 * MINUTE)
    await tickFor(world, 6)
    world.calls.forget()
    await tickFor(world, 5)
    expect(reads(world)).toBe(5)
  })

  test('takes up what nobody approved when its grace is over, to the millisecond, and tells it at the next offset', async () => {
    const world = createWorld()
    const { proposal } = await world.ask()
    await world.runHints()
    const over = proposal.request.expiresAt + DURATIONS.expiryGrace
    await world.clock.advance(over - 1 - world.clock.now())
    world.calls.forget()
    await world.tellDue()
    expect(reads(world)).toBe(0)
    await world.clock.advance(1)
    await world.tellDue()
    expect(reads(world)).toBe(2)
    await tickFor(world, 1)
    expect(world.messenger.delivered.at(-1)).toMatchObject({ telling: { view: { state: 'expired' } } })
    expect(world.open.entries()).toEqual([])
  })

  test('goes through all that is due', async () => {
    const world = createWorld()
    for (let n = 0; n < 45; n += 1) await world.ask({}, { key: String(n) })
    await world.clock.advance(MINUTE)
    expect(await world.tellDue()).toEqual({ seen: 45, worked: 45, left: 0, faults: [] })
  })

  test('says which request cannot be read, and from which row on', async () => {
    const world = createWorld()
    const { proposal } = await world.ask()
    const first = world.asks.rows()[0] ?? expect.fail()
    world.asks.overwrite({ ...first, body: { newer: true } })
    await world.clock.advance(proposal.request.expiresAt + DURATIONS.expiryGrace - world.clock.now())
    await world.tellDue()
    expect(world.log.lines.at(-1)?.facts).toEqual({ request: proposal.request.id, n: 1, why: 'broken_chain' })
    expect(world.open.entries()).toHaveLength(1)
    expect((await list(world.gate, dayOf(world.clock.now()))).items).toEqual([])
  })
})

describe('a region that cannot be looked at', () => {
  test('is named in the fault', async () => {
    const { world } = await ready()
    world.calls.plan({ operation: 'DescribeInstances', times: null, fault: { kind: 'unclear', applied: false } })
    const { faults } = await world.sweep()
    expect(faults.map(({ error }) => String(error))).toContainEqual(
      expect.stringContaining('cn-hangzhou could not be looked at'),
    )
  })
})

describe('a day of finished requests', () => {
  test('has a further page when there are more', async () => {
    const world = createWorld()
    for (let n = 0; n < 21; n += 1) {
      const { proposal } = await world.ask({}, { key: String(n) })
      await cancel(world.gate, proposal.request.id, 'alice')
      await world.runHints()
    }
    expect(world.open.entries()).toEqual([])
    const first = await list(world.gate, dayOf(world.clock.now()))
    expect(first.items).toHaveLength(20)
    const second = await list(world.gate, dayOf(world.clock.now()), first.cursor)
    expect([second.items.length, second.cursor]).toEqual([1, undefined])
  })
})
