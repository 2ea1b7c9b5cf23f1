import { describe, expect, test } from 'vitest'
import { approve } from '#flow/decide.ts'
import { ready, stateOf, typesOf } from '#support/ready.ts'
import { teamDocument, teamPolicy } from '#support/team.ts'
import { createWorld, INSTANCE, type World } from '#support/world.ts'

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

  test('looks at what it started after a while: no instance runs at once', async () => {
    const times: number[] = []
    let held: World | undefined
    const { world, id } = await ready({
      gateway: async ({ service }) => void (service === 'ecs' && held && times.push(held.clock.now())),
    })
    held = world
    world.instances.change(INSTANCE, {}, { startingMs: 0 })
    await world.start(id)
    const [before, sent, after, ...more] = times
    expect([sent, after]).toEqual([before, (sent ?? 0) + world.starter.durations.lookEvery])
    expect(more).toEqual([])
    expect(await stateOf(world, id)).toBe('running')
  })

  test('leaves that look to the next sweep when it is one itself', async () => {
    const { world, id } = await ready()
    world.instances.change(INSTANCE, {}, { startingMs: 0 })
    await world.sweep()
    expect(world.calls.counts()).toMatchObject({ 'ecs DescribeInstances': 1, 'ecs StartInstance': 1 })
    expect(await stateOf(world, id)).toBe('starting')
    await world.sweep()
    expect(await stateOf(world, id)).toBe('running')
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
    expect(world.log.lines.filter(({ event }) => event === 'run.satisfied')).toMatchObject(
      Array(2).fill({ facts: { request: id } }),
    )
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
