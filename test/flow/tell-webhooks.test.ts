// What a team's own tool hears: every change of state that it wants, in order, at least once.
import { describe, expect, test } from 'vitest'
import { DURATIONS, HOUR, SECOND } from '#core/durations.ts'
import { approve, cancel } from '#flow/decide.ts'
import { tell } from '#flow/tell.ts'
import type { Messenger } from '#ports/messenger.ts'
import { ready } from '#support/ready.ts'
import { teamDocument, teamPolicy } from '#support/team.ts'
import { tickFor } from '#support/tick-for.ts'
import { createWorld, type World } from '#support/world.ts'

interface Message {
  readonly id: string
  readonly state: string
  readonly number: number
  readonly at: number
  readonly upto: string
}

const heard = (world: World, receiver = 'ops-room'): readonly Message[] =>
  world.messenger.delivered.flatMap(({ receiver: to, telling }) => {
    if (to !== receiver || telling.kind !== 'state') return []
    const { id, view, number, at } = telling
    return [{ id, state: view.state, number, at, upto: `${view.heads.asks.n}.${view.heads.runs.n}` }]
  })
const statesOf = (world: World, receiver?: string): readonly string[] =>
  heard(world, receiver).map(({ state }) => state)

const wants = (states: readonly string[]) =>
  teamPolicy({
    ...teamDocument(),
    receivers: {
      'ops-room': { url: 'https://ops.example.com', states },
      'alice-inbox': { url: 'https://a.example.com' },
    },
  })

/** Asked, approved, and started by hints that the gate does not get; it runs. */
async function running(policy = teamPolicy()) {
  const { world, id, proposal } = await ready({ policy })
  await world.clock.advance(SECOND)
  await world.start(id)
  world.hints.sent.length = 0
  return { world, id, proposal }
}

describe('a receiver', () => {
  test('hears of the changes that came and went since it was told, each at its own time, and how it stands now', async () => {
    const { world, id } = await running()
    const rows = [...world.asks.rows(), ...world.runs.rows()]
    const timeOf = (wanted: string) => rows.find(({ type }) => type === wanted)?.at
    await world.clock.advance(HOUR)
    await world.tell(id)
    expect(heard(world).map(({ state, upto, at }) => [state, upto, at])).toEqual([
      ['pending', '1.0', timeOf('requested')],
      ['ready', '3.0', timeOf('approved')],
      ['starting', '3.2', timeOf('accepted')],
      ['running', '3.3', world.clock.now()],
    ])
    expect(world.open.entries()).toEqual([])
  })

  test('can tell the order by numbers that only grow, and a repeat by its id', async () => {
    const { world, id } = await running()
    world.calls.plan({ service: 'asks', operation: 'PutRow', fault: { kind: 'unclear', applied: false } })
    await expect(world.tell(id)).rejects.toThrow()
    await world.tell(id)
    const [first, ...more] = heard(world)
    expect(more.slice(3)).toMatchObject(more.slice(0, 3).map(({ id: same, number }) => ({ id: same, number })))
    const numbers = [first, ...more.slice(0, 3)].map((message) => message?.number ?? 0)
    expect(numbers).toEqual([1, 3, 5, 7])
    expect(new Set(heard(world).map((message) => message.id)).size).toBe(4)
  })

  test('hears only of the states that it wants', async () => {
    const { world, id } = await running(wants(['starting', 'running']))
    await world.tell(id)
    expect(statesOf(world)).toEqual(['starting', 'running'])
    expect(statesOf(world, 'alice-inbox')).toEqual(['pending', 'ready', 'starting', 'running'])
  })

  test('that waits for other states is not waited for, and nothing is recorded of it', async () => {
    const world = createWorld({ policy: wants(['running', 'stuck']) })
    const { proposal } = await world.ask()
    await world.runHints()
    expect(statesOf(world)).toEqual([])
    await cancel(world.gate, proposal.request.id, 'alice')
    await world.runHints()
    expect(statesOf(world)).toEqual([])
    const told = world.asks.rows().filter(({ type }) => type === 'posted')
    expect(told.map(({ body }) => Object.keys((body as { to: object }).to))).toEqual([
      ['log', 'alice-inbox'],
      ['log', 'alice-inbox'],
    ])
    expect(world.open.entries()).toEqual([])
  })

  test('of a state that came and went hears of it, though it does not want the latest', async () => {
    const { world, id } = await running(wants(['starting']))
    await world.tell(id)
    expect(statesOf(world)).toEqual(['starting'])
    await world.tell(id)
    expect(statesOf(world)).toEqual(['starting'])
  })

  test('hears that nobody approved after how it stood until then', async () => {
    const world = createWorld()
    const { proposal } = await world.ask()
    world.hints.sent.length = 0
    await world.clock.advance(proposal.request.expiresAt + DURATIONS.expiryGrace - world.clock.now())
    await tickFor(world, 1)
    expect(heard(world).map(({ state, number }) => [state, number])).toEqual([
      ['pending', 1],
      ['expired', 2],
    ])
  })
})

describe('a delivery that fails', () => {
  /** Answers as it is told to, by the number of the delivery. */
  const answering = (world: World, fails: (n: number) => boolean, takes = 0): Messenger => {
    let n = 0
    return {
      async deliver(receiver, telling) {
        if (receiver !== 'ops-room') return { ok: true }
        n += 1
        await world.clock.sleep(takes)
        return fails(n) ? { ok: false, why: 'the receiver answered 503' } : world.messenger.deliver(receiver, telling)
      },
    }
  }

  test('holds up what comes after it, and the next time goes on from there', async () => {
    const { world, id } = await running()
    world.messenger.delivered.length = 0
    const gate = { ...world.gate, messenger: answering(world, (n) => n === 2) }
    await tell(gate, id, 'hint')
    expect(statesOf(world)).toEqual(['ready'])
    expect(world.asks.rows().at(-2)).toMatchObject({
      body: { upto: { asks: 3, runs: 0 }, state: 'ready', to: { 'ops-room': 'delivered' } },
    })
    expect(world.open.entries()).toHaveLength(1)
    await tell(gate, id, 'hint')
    expect(statesOf(world)).toEqual(['ready', 'starting', 'running'])
    expect(world.open.entries()).toEqual([])
  })

  test('is made up for after a day of failures only by being given up; news after that is told', async () => {
    const world = createWorld()
    world.messenger.refuse('ops-room')
    const { proposal } = await world.ask({ notBefore: world.clock.now() + 48 * HOUR })
    const { id } = proposal.request
    await world.runHints()
    await world.clock.advance(24 * HOUR)
    await tickFor(world, 16)
    world.messenger.accept('ops-room')
    await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
    await world.runHints()
    expect(statesOf(world)).toEqual(['waiting'])
  })

  test('a receiver that is slow is told the rest later, and the others are recorded in time', async () => {
    const { world, id } = await running()
    world.messenger.delivered.length = 0
    const messenger = answering(world, () => false, DURATIONS.functionTimeout / 6)
    const telling = tell({ ...world.gate, messenger }, id, 'hint')
    await world.clock.advance(DURATIONS.functionTimeout)
    await telling
    expect(statesOf(world)).toEqual(['ready', 'starting'])
    expect(world.asks.rows().at(-1)).toMatchObject({ body: { to: { log: 'delivered', 'alice-inbox': 'delivered' } } })
    await tickFor(world, 3)
    expect(statesOf(world)).toEqual(['ready', 'starting', 'running'])
    expect(world.open.entries()).toEqual([])
  })
})
