// What the timers take up, what they leave, and what they look at for it.
import { describe, expect, test } from 'vitest'
import { MINUTE } from '#core/durations.ts'
import { createRow } from '#core/row.ts'
import type { Wish } from '#flow/ask.ts'
import { approve } from '#flow/decide.ts'
import { checkHealth } from '#flow/health.ts'
import { dayOf, list } from '#flow/list.ts'
import { createWorld, INSTANCE, type World } from '#support/world.ts'

async function approved(world: World, key: string, wish: Partial<Wish> = {}) {
  const { proposal } = await world.ask(wish, { key })
  await approve(world.gate, proposal.request.id, await world.sign('bob', 'approve', proposal))
  return proposal
}

function addInstances(world: World, count: number): readonly string[] {
  const ids = Array.from({ length: count }, (_, n) => `i-bp1many${n}`)
  for (const instanceId of ids) world.instances.add({ instanceId, tags: { team: 'reporting' } })
  return ids
}

describe('sweep', () => {
  test('takes up what was approved, from its time on, and reads nothing of the rest', async () => {
    const world = createWorld()
    const at = world.clock.now() + MINUTE
    const [other = ''] = addInstances(world, 1)
    await approved(world, '1', { notBefore: at })
    await world.ask({ instanceId: other }, { key: '2' })
    await world.clock.advance(MINUTE - 1)
    world.calls.forget()
    expect(await world.sweep()).toMatchObject({ seen: 0 })
    expect(world.calls.list).toHaveLength(1)
    await world.clock.advance(1)
    expect(await world.sweep()).toEqual({ seen: 1, worked: 1, left: 0, faults: [], started: 'done' })
    expect(world.instances.effective).toMatchObject([{ instanceId: INSTANCE }])
  })

  test('looks once at all instances of a region', async () => {
    const world = createWorld()
    for (const instanceId of addInstances(world, 3)) await approved(world, instanceId, { instanceId })
    world.calls.forget()
    await world.sweep()
    expect(world.calls.counts()['ecs DescribeInstances']).toBe(1)
    expect(world.instances.effective).toHaveLength(3)
  })

  test('looks at nothing for what is final', async () => {
    const world = createWorld()
    const { request } = await approved(world, '1')
    await world.start(request.id)
    world.calls.forget()
    expect(await world.sweep()).toMatchObject({ seen: 1, faults: [] })
    expect(world.calls.counts()['ecs DescribeInstances']).toBeUndefined()
  })

  test('goes by the proposal where the entry names another', async () => {
    const world = createWorld()
    await approved(world, '1')
    const entry = world.open.entries()[0] ?? expect.fail()
    await world.open.raise({ ...entry, digest: '0'.repeat(64) })
    await world.sweep()
    await world.clock.advance(MINUTE)
    await world.sweep()
    expect(world.calls.counts()['ecs StartInstance']).toBe(1)
    expect((await world.load(entry.request)).standing.state).toBe('running')
  })

  test('goes through all that is there', async () => {
    const world = createWorld()
    for (const instanceId of addInstances(world, 25)) await approved(world, instanceId, { instanceId })
    expect(await world.sweep()).toEqual({ seen: 25, worked: 25, left: 0, faults: [], started: 'done' })
    expect(world.instances.effective).toHaveLength(25)
  })

  test('begins nothing new once a call did not settle, as the process has to end', async () => {
    const world = createWorld()
    for (const instanceId of addInstances(world, 25)) {
      world.instances.planStart(instanceId, { answer: { kind: 'unsettled' } })
      await approved(world, instanceId, { instanceId })
    }
    expect(await world.sweep()).toMatchObject({ seen: 25, worked: 20, left: 5, started: 'unsettled' })
    expect(world.calls.counts()['ecs StartInstance']).toBe(20)
  })
})

describe('checkHealth', () => {
  test('names in the log what waits for the starter, and not what waits for its time', async () => {
    const world = createWorld()
    const { request } = await approved(world, '1')
    const [other = ''] = addInstances(world, 1)
    await approved(world, '2', { instanceId: other, notBefore: world.clock.now() + 20 * MINUTE })
    await world.clock.advance(5 * MINUTE + 1)
    world.log.lines.length = 0
    await checkHealth(world.gate)
    expect(world.log.lines).toEqual([{ level: 'error', event: 'starter.idle', facts: { request: request.id } }])
  })

  test('reads nothing of what waits for people or its time, and from its time on all of it', async () => {
    const world = createWorld()
    const notBefore = world.clock.now() + MINUTE
    const [other = ''] = addInstances(world, 1)
    await approved(world, '1', { notBefore })
    await world.ask({ instanceId: other }, { key: '2' })
    await world.clock.advance(MINUTE - 1)
    world.calls.forget()
    await checkHealth(world.gate)
    expect(world.calls.list).toHaveLength(2)
    await world.clock.advance(1)
    world.calls.forget()
    await checkHealth(world.gate)
    expect(world.calls.list).toHaveLength(4)
  })

  test('is ill when what the starter noted cannot be read', async () => {
    const world = createWorld()
    const note = { book: 'runs', stream: 'starter', id: '0'.repeat(32), type: 'deployed', at: 1, body: {} } as const
    await world.runs.put(createRow({ ...note, actor: { function: 'starter' } }, { n: 0, hash: '' }))
    expect((await checkHealth(world.gate)).healthy).toBe(false)
  })
})

describe('list', () => {
  test('of one millisecond goes by the id, and a last page that is just full is the last', async () => {
    const world = createWorld()
    const ids: string[] = []
    for (let n = 0; n < 40; n += 1) ids.push((await world.ask({}, { key: String(n) })).proposal.request.id)
    const day = dayOf(world.clock.now())
    const first = await list(world.gate, day)
    const second = await list(world.gate, day, first.cursor)
    expect([first, second].flatMap(({ items }) => items.map(({ proposal }) => proposal.request.id))).toEqual(
      ids.toSorted(),
    )
    expect(second.items).toHaveLength(20)
    expect(second.cursor).toBeUndefined()
  })
})
