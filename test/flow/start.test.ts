import { describe, expect, test } from 'vitest'
import { approve, deny } from '#flow/decide.ts'
import { sweep } from '#flow/sweep.ts'
import { teamDocument, teamPolicy } from '#support/team.ts'
import { createWorld, INSTANCE, type World, type WorldOptions } from '#support/world.ts'

/** Asked and approved, with every hint lost. */
async function ready(options: WorldOptions = {}, wish = {}) {
  const world = createWorld(options)
  const { proposal } = await world.ask(wish)
  const id = proposal.request.id
  await world.tell(id)
  await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
  world.hints.sent.length = 0
  world.calls.forget()
  return { world, proposal, id }
}

const typesOf = (world: World): string[] => world.runs.rows().map(({ type }) => type)
const stateOf = async (world: World, id: Parameters<World['load']>[0]): Promise<string> =>
  (await world.load(id)).standing.state

describe('start', () => {
  test('starts an approved request once and follows it until it runs', async () => {
    const { world, id } = await ready()
    await world.start(id)
    expect(typesOf(world)).toEqual(['attempted', 'accepted', 'running'])
    expect(world.instances.effective).toMatchObject([{ instanceId: INSTANCE, initLocalDisk: false, request: id }])
    expect(await stateOf(world, id)).toBe('running')
  })

  test('makes eight cloud calls up to accepted', async () => {
    const { world, id } = await ready()
    world.instances.change(INSTANCE, {}, { boot: 'hangs' })
    await world.start(id)
    const calls = world.calls.list.map(({ service, operation }) => `${service} ${operation}`)
    expect(calls.slice(0, 8)).toEqual([
      'asks GetRange',
      'runs GetRange',
      'ecs DescribeInstances',
      'runs PutRow',
      'asks GetRange',
      'ecs StartInstance',
      'runs PutRow',
      'fc InvokeFunction',
    ])
  })

  test('does nothing without enough approvals, before its time, or after it', async () => {
    const world = createWorld()
    const { proposal } = await world.ask()
    await world.start(proposal.request.id)
    expect(typesOf(world)).toEqual([])

    const early = await ready({}, { notBefore: world.clock.now() + 600_000 })
    await early.world.start(early.id)
    expect(typesOf(early.world)).toEqual([])
    await early.world.clock.advance(600_000)
    await early.world.start(early.id)
    expect(await stateOf(early.world, early.id)).toBe('running')

    const late = await ready()
    await late.world.clock.advance(1_800_000)
    await late.world.start(late.id)
    expect(typesOf(late.world)).toEqual([])
  })

  test('does not start when the time ran out while it looked', async () => {
    let held: World | undefined
    const { world, id } = await ready({
      gateway: async ({ operation }) => {
        if (operation === 'DescribeInstances' && held) await held.clock.advance(1_800_000)
      },
    })
    held = world
    await world.start(id)
    expect(typesOf(world)).toEqual([])
  })

  test('two starters at once send one StartInstance', async () => {
    const { world, id } = await ready()
    await Promise.all([world.start(id), world.start(id), world.sweep()])
    expect(world.calls.counts()['ecs StartInstance']).toBe(1)
    expect(await stateOf(world, id)).toBe('running')
  })

  test('an approval counts no more once its key is no longer valid', async () => {
    const document = teamDocument()
    const people = document['people'] as Record<string, { keys: Record<string, string>[] }>
    const bob = people['bob'] ?? expect.fail()
    bob.keys = bob.keys.map((key) => ({ ...key, until: '2026-11-23T09:05:00Z' }))
    const { world, id } = await ready({ policy: teamPolicy(document) })
    await world.clock.advance(300_000)
    await world.start(id)
    expect(typesOf(world)).toEqual([])
    expect(world.log.lines).toContainEqual(
      expect.objectContaining({
        event: 'approval.refused',
        facts: expect.objectContaining({ flaw: 'key_not_valid_then' }),
      }),
    )
  })

  test('does not start when a key that said yes expires while it looks', async () => {
    const document = teamDocument()
    const people = document['people'] as Record<string, { keys: Record<string, string>[] }>
    const bob = people['bob'] ?? expect.fail()
    bob.keys = bob.keys.map((key) => ({ ...key, until: '2026-11-23T09:05:00Z' }))
    let held: World | undefined
    const { world, id } = await ready({
      policy: teamPolicy(document),
      gateway: async ({ operation }) => {
        if (operation === 'DescribeInstances' && held) await held.clock.advance(300_000)
      },
    })
    held = world
    await world.start(id)
    expect(typesOf(world)).toEqual([])
  })

  test('ends with a row that can be read, however much has changed', async () => {
    const keys = Array.from({ length: 12 }, (_, n) => `${'long-'.repeat(9)}${n}`)
    const document = teamDocument()
    const [reporting, scratch] = document.rules
    const tags = Object.fromEntries(keys.map((key) => [key, 'then']))
    const policy = teamPolicy({ ...document, rules: [{ ...reporting, instances: { tags } }, scratch] })
    const world = createWorld({ policy })
    world.instances.change(INSTANCE, { tags })
    const { proposal } = await world.ask()
    const { id } = proposal.request
    await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
    world.instances.change(INSTANCE, { tags: {} })
    await world.start(id)
    const { standing, runs } = await world.load(id)
    expect(standing.state).toBe('failed')
    expect(runs.fault).toBeUndefined()
  })

  test('ends without a start when it runs already, once nobody has stopped it', async () => {
    const { world, id } = await ready()
    world.instances.change(INSTANCE, { status: 'Running' })
    await world.start(id)
    expect(world.runs.rows().map(({ type, body }) => [type, (body as { next: { do: string } }).next.do])).toEqual([
      ['satisfied', 'confirm'],
      ['satisfied', 'none'],
    ])
    expect(await stateOf(world, id)).toBe('satisfied')
    expect(world.calls.counts()['ecs StartInstance']).toBeUndefined()
  })

  test.each([
    ['another type', { type: 'ecs.g7.xlarge' }, 'InstanceChanged'],
    ['another image', { imageId: 'other' }, 'InstanceChanged'],
    ['another charge type', { chargeType: 'PrePaid' }, 'InstanceChanged'],
    ['another tag that a rule names', { tags: { team: 'scratch' } }, 'InstanceChanged'],
    ['a lock', { locks: ['security'] }, 'InstanceLocked'],
  ])('refuses for good what is not what the approvers saw: %s', async (_what, change, code) => {
    const { world, id } = await ready()
    world.instances.change(INSTANCE, change)
    await world.start(id)
    const last = (await world.load(id)).runs.last
    expect(last).toMatchObject({ type: 'refused', body: { answer: { code }, next: { do: 'none' } } })
    expect(await stateOf(world, id)).toBe('failed')
  })

  test('an instance that is gone is refused; one that is stopping is waited for', async () => {
    const gone = await ready()
    gone.world.instances.remove(INSTANCE)
    await gone.world.start(gone.id)
    expect((await gone.world.load(gone.id)).runs.last).toMatchObject({ body: { answer: { code: 'InstanceNotFound' } } })

    const stopping = await ready()
    stopping.world.instances.change(INSTANCE, { status: 'Stopping' })
    await stopping.world.start(stopping.id)
    expect(typesOf(stopping.world)).toEqual([])
    stopping.world.instances.change(INSTANCE, { status: 'Stopped' })
    await stopping.world.sweep()
    expect(stopping.world.instances.effective).toHaveLength(1)
  })

  test('wiping local disks is never satisfied by a running instance', async () => {
    const world = createWorld()
    world.instances.add({ instanceId: 'i-bp1scratch', tags: { team: 'scratch' } })
    const { proposal } = await world.ask({ instanceId: 'i-bp1scratch', initLocalDisk: true })
    const id = proposal.request.id
    for (const person of ['bob', 'carol'] as const)
      await approve(world.gate, id, await world.sign(person, 'approve', proposal))
    world.instances.change('i-bp1scratch', { status: 'Running' })
    await world.start(id)
    expect((await world.load(id)).runs.last).toMatchObject({
      type: 'refused',
      body: { answer: { code: 'AlreadyRunning' } },
    })
  })

  test('a dry run passes without starting anything', async () => {
    const { world, id } = await ready({}, { dryRun: true })
    await world.start(id)
    expect(typesOf(world)).toEqual(['attempted', 'accepted'])
    expect(await stateOf(world, id)).toBe('dry_run_passed')
    expect(world.instances.effective).toEqual([])
  })
})

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
        if (dying && service === 'asks' && operation === 'GetRange') throw new Error('killed')
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
