// The starter dies at every single call of a start; the sweep goes on; each ends in the right state with one start at most.
import { describe, expect, test } from 'vitest'
import { MINUTE } from '#core/durations.ts'
import { approve } from '#flow/decide.ts'
import { createWorld, INSTANCE } from '#support/world.ts'

class Killed extends Error {}

/** Kills whoever makes call number `at` of the start: before it is carried out, or after it. The dead make no more calls. */
async function killedAt(at: number, applied: boolean) {
  let calls = 0
  let armed = false
  const world = createWorld({
    gateway: async () => {
      if (armed) calls += 1
      if (armed && calls >= (applied ? at + 1 : at)) throw new Killed()
    },
  })
  const { proposal } = await world.ask()
  const id = proposal.request.id
  await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
  armed = true
  const died = await world.start(id).then(
    () => false,
    (error: unknown) => error instanceof Killed,
  )
  armed = false
  return { world, id, died }
}

describe('a starter that is killed', () => {
  // asks, runs, look, attempted, asks again, StartInstance, accepted, hint, and the looks that follow.
  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('before call %i: at most one start, and an end', async (at) => {
    const { world, id, died } = await killedAt(at, false)
    expect(died).toBe(true)
    for (let minute = 0; minute < 6; minute += 1) {
      await world.clock.advance(MINUTE)
      await world.sweep()
    }
    const { standing, runs } = await world.load(id)
    expect(world.instances.effective.length).toBeLessThanOrEqual(1)
    expect(world.calls.counts()['ecs StartInstance'] ?? 0).toBeLessThanOrEqual(1)
    expect(standing.final).toBe(true)
    // Between `attempted` and the call nobody can know whether it was sent; before that it is started by the sweep.
    expect(standing.state).toBe(at === 5 || at === 6 ? 'stuck' : 'running')
    expect(world.instances.statusOf(INSTANCE)).toBe(standing.state === 'running' ? 'Running' : 'Stopped')
    expect(runs.fault).toBeUndefined()
  })

  test('after the answer came, before it was recorded: found running, never sent again', async () => {
    const { world, id } = await killedAt(6, true)
    for (let minute = 0; minute < 7; minute += 1) {
      await world.clock.advance(MINUTE)
      await world.sweep()
    }
    expect(world.calls.counts()['ecs StartInstance']).toBe(1)
    expect((await world.load(id)).runs.last).toMatchObject({ type: 'running', body: { inferred: true } })
  })
})
