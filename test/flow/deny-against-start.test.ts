// Whoever says no writes first and reads second; the starter writes first and reads second: one of the two sees the other.
import { describe, expect, test } from 'vitest'
import { deny } from '#flow/decide.ts'
import { sweep } from '#support/sweep.ts'
import { ready, stateOf, typesOf } from '#support/ready.ts'
import { INSTANCE } from '#support/world.ts'

function createSignal(): { readonly given: Promise<void>; give(): void } {
  let give = (): void => {}
  const given = new Promise<void>((resolve) => (give = resolve))
  return { given, give: () => give() }
}

describe('deny against start', () => {
  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    'with the denial at step %i: "stopped" is never followed by a start',
    async (step) => {
      let calls = 0
      let denial: (() => Promise<unknown>) | undefined
      let answer: unknown
      const { world, proposal, id } = await ready({
        gateway: async ({ service }) => {
          if (denial === undefined || service === 'open') return
          const run = denial
          if (calls++ === step) {
            denial = undefined
            answer = await run()
          }
        },
      })
      const token = await world.sign('carol', 'deny', proposal, 'not today')
      denial = async () => deny(world.gate, id, token)
      await world.start(id)
      if (denial !== undefined) answer = await deny(world.gate, id, token)
      await world.clock.advance(600_000)
      await world.sweep()
      await world.tellDue()
      const { standing } = await world.load(id)
      const stopped = (answer as { outcome?: string }).outcome === 'stopped'
      expect(world.instances.effective.length).toBe(stopped ? 0 : standing.state === 'denied' ? 0 : 1)
      expect(standing.final).toBe(true)
      if (stopped) expect(standing.state).toBe('denied')
    },
  )

  test('a starter whose clock is two minutes ahead does not end what a stalled gate is stopping', async () => {
    let stall: (() => Promise<void>) | undefined
    let dying = false
    const { world, proposal, id } = await ready({
      gateway: async ({ service, operation, subject }) => {
        if (dying && (operation === 'GetRange' || service === 'runs')) throw new Error('killed')
        if (operation === 'PutRow' && (service === 'runs' || subject.endsWith(', 5'))) await stall?.()
      },
    })
    const token = await world.sign('carol', 'deny', proposal, 'not today')
    const [stalled, released] = [createSignal(), createSignal()]
    let denial: Promise<unknown> | undefined
    // The starter has read `asks` and is about to put `attempted`; the gate denies, reads `runs`, and stalls.
    stall = async () => {
      stall = async () => {
        stalled.give()
        await released.given
      }
      denial = deny(world.gate, id, token)
      await stalled.given
      stall = undefined
      dying = true
    }
    await expect(world.start(id)).rejects.toThrow('killed')
    dying = false
    world.instances.change(INSTANCE, { status: 'Running' })
    await world.clock.advance(40_000)
    await sweep({ ...world.starter, clock: world.clock.skewed(120_000) })
    expect((await world.load(id)).standing.final).toBe(false)
    released.give()
    expect(await denial).toMatchObject({ outcome: 'stopped', standing: { state: 'denied', final: true } })
  })

  test('of "it is over" and "it was stopped" only one is ever said', async () => {
    let denial: (() => Promise<unknown>) | undefined
    const { world, proposal, id } = await ready({
      gateway: async ({ service, operation, subject }) => {
        if (service !== 'runs' || operation !== 'PutRow' || !subject.endsWith(', 2') || denial === undefined) return
        const run = denial
        denial = undefined
        await run()
      },
    })
    world.instances.change(INSTANCE, { status: 'Running' })
    const token = await world.sign('carol', 'deny', proposal, 'not today')
    let outcome: unknown
    denial = async () => (outcome = await deny(world.gate, id, token))
    await world.start(id)
    // The starter had read that nobody said no; so it was over, and the gate does not say "stopped".
    expect(outcome).toMatchObject({ outcome: 'too_late' })
    expect(await stateOf(world, id)).toBe('satisfied')
  })

  test('a no while an ending waits to be confirmed is taken up by the starter', async () => {
    const { world, proposal, id } = await ready()
    world.instances.change(INSTANCE, { status: 'Running' })
    world.calls.plan({ service: 'asks', operation: 'GetRange', skip: 1, fault: { kind: 'unclear', applied: false } })
    await expect(world.start(id)).rejects.toThrow()
    expect(typesOf(world)).toEqual(['satisfied'])
    const token = await world.sign('carol', 'deny', proposal, 'not today')
    expect(await deny(world.gate, id, token)).toMatchObject({ outcome: 'too_late', standing: { state: 'stopping' } })
    await world.sweep()
    expect(typesOf(world)).toEqual(['satisfied', 'stood_down'])
    expect(await stateOf(world, id)).toBe('denied')
  })
})
