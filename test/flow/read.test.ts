import { describe, expect, test } from 'vitest'
import { MINUTE } from '#core/durations.ts'
import { approve, cancel } from '#flow/decide.ts'
import { noteDeployed } from '#flow/deployed.ts'
import { checkHealth } from '#flow/health.ts'
import { dayOf, list } from '#flow/list.ts'
import { createWorld } from '#support/world.ts'

describe('list', () => {
  test('pages through a day, finished and open ones together, each once', async () => {
    const world = createWorld()
    const made: string[] = []
    for (let n = 0; n < 45; n += 1) {
      const { proposal } = await world.ask({}, { key: String(n) })
      made.push(proposal.request.id)
      if (n % 2 === 0) await cancel(world.gate, proposal.request.id, 'alice')
      await world.runHints()
      await world.clock.advance(1000)
    }
    const day = dayOf(world.clock.now())
    const seen: string[] = []
    let cursor: Parameters<typeof list>[2]
    let pages = 0
    do {
      const page = await list(world.gate, day, cursor)
      seen.push(...page.items.map(({ proposal }) => proposal.request.id))
      cursor = page.cursor
      pages += 1
    } while (cursor !== undefined)
    expect(seen).toEqual(made)
    expect(pages).toBe(3)
    expect((await list(world.gate, '2026-11-22')).items).toEqual([])
  })
})

describe('list, while a request moves', () => {
  test('meets a request that moves from the open set to its day', async () => {
    let move: (() => Promise<unknown>) | undefined
    const world = createWorld({
      gateway: async ({ service, operation }) => {
        if (service !== 'days' || operation !== 'GetRange' || move === undefined) return
        const run = move
        move = undefined
        await run()
      },
    })
    const { proposal } = await world.ask()
    await cancel(world.gate, proposal.request.id, 'alice')
    move = () => world.runHints()
    expect((await list(world.gate, dayOf(world.clock.now()))).items).toHaveLength(1)
    expect(world.open.entries()).toEqual([])
  })
})

describe('checkHealth', () => {
  test('is well when there is nothing to do, and when the starter does it', async () => {
    const world = createWorld()
    expect(await checkHealth(world.gate)).toEqual({ healthy: true, problems: [], open: 0 })
    await noteDeployed(world.starter)
    await world.ask()
    expect(await checkHealth(world.gate)).toMatchObject({ healthy: true, open: 1 })
  })

  test('is ill when something approved is not taken up for five minutes, and reads five at most', async () => {
    const world = createWorld()
    for (let n = 0; n < 7; n += 1) {
      const { proposal } = await world.ask({}, { key: String(n) })
      await approve(world.gate, proposal.request.id, await world.sign('bob', 'approve', proposal))
    }
    await world.clock.advance(5 * MINUTE)
    expect((await checkHealth(world.gate)).healthy).toBe(true)
    await world.clock.advance(1)
    world.calls.forget()
    const { healthy, problems } = await checkHealth(world.gate)
    expect(healthy).toBe(false)
    // No id: this answer needs no credential.
    expect(problems).toEqual(['something is approved, and the starter has not taken it up'])
    expect(world.log.lines.filter(({ event }) => event === 'starter.idle')).toHaveLength(5)
    expect(world.calls.list).toHaveLength(12)
  })

  test('is not blinded by requests that wait for people', async () => {
    const world = createWorld()
    for (const key of ['1', '2', '3', '4', '5']) {
      const { proposal } = await world.ask({}, { principal: 'deploy-bot', key })
      await approve(world.gate, proposal.request.id, await world.sign('bob', 'approve', proposal))
    }
    const { proposal } = await world.ask()
    await approve(world.gate, proposal.request.id, await world.sign('bob', 'approve', proposal))
    await world.clock.advance(6 * MINUTE)
    const checks = await Promise.all(Array.from({ length: 10 }, () => checkHealth(world.gate)))
    expect(checks.some(({ healthy }) => !healthy)).toBe(true)
  })

  test('is ill when the starter was last deployed with another policy', async () => {
    const world = createWorld()
    await noteDeployed(world.starter)
    await world.clock.advance(1)
    await noteDeployed({ ...world.starter, policy: { ...world.starter.policy, digest: '0'.repeat(64) } })
    expect(await checkHealth(world.gate)).toMatchObject({
      healthy: false,
      problems: ['the starter was last deployed with another policy'],
    })
  })
})
