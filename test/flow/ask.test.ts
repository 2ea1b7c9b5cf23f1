import { describe, expect, test } from 'vitest'
import { isRefused } from '#core/refusal.ts'
import { ask } from '#flow/ask.ts'
import { askBySchedule } from '#flow/schedule.ts'
import { ASKER, createWorld, INSTANCE, WISH } from '#support/world.ts'

describe('ask', () => {
  test('records a proposal with what was seen and the rule that applies', async () => {
    const world = createWorld()
    const { proposal, standing, created } = await world.ask()
    expect(created).toBe(true)
    expect(standing).toMatchObject({ state: 'pending', final: false })
    expect(proposal.request).toMatchObject({ instanceId: INSTANCE, requester: { principal: 'alice', via: 'api' } })
    expect(proposal.instance).toMatchObject({ status: 'Stopped', tags: { team: 'reporting' } })
    // alice asks, so she is not among those who can say yes.
    expect(proposal.rule).toEqual({
      name: 'reporting',
      approvals: 1,
      approvers: ['bob', 'carol'],
      tool: 'any',
      validFor: 1_800_000,
    })
    expect(world.open.entries()).toMatchObject([{ request: proposal.request.id, phase: 'decide' }])
  })

  test('makes four cloud calls, and no more for a repeat', async () => {
    const world = createWorld()
    await world.ask()
    expect(world.calls.list).toHaveLength(4)
    world.calls.forget()
    await world.ask()
    expect(world.calls.list).toHaveLength(4)
  })

  test('looks at nothing where no rule could apply', async () => {
    const world = createWorld()
    expect(await ask(world.gate, { ...ASKER, principal: 'bob' }, { ...WISH, regionId: 'cn-hangzou' })).toMatchObject({
      refusal: { reason: 'not_available' },
    })
    expect(world.calls.counts()['ecs DescribeInstances']).toBeUndefined()
  })

  test('gives a repeat its own request, whatever became of the instance', async () => {
    const world = createWorld()
    const first = await world.ask()
    world.instances.change(INSTANCE, { status: 'Running' })
    const again = await world.ask()
    expect(again.created).toBe(false)
    expect(again.proposal).toEqual(first.proposal)
  })

  test('refuses another wish under the same key', async () => {
    const world = createWorld()
    await world.ask()
    expect(await ask(world.gate, ASKER, { ...WISH, reason: 'Another reason' })).toEqual({
      refusal: { reason: 'key_reused' },
    })
  })

  test('two at once under one key make one request', async () => {
    const world = createWorld()
    const both = await Promise.all([world.ask(), world.ask()])
    expect(both.filter(({ created }) => created)).toHaveLength(1)
    expect(both[0].proposal).toEqual(both[1].proposal)
    expect(world.asks.rows()).toHaveLength(1)
  })

  test.each([
    ['an instance that does not exist', { instanceId: 'i-bp1nothere' }, 'not_available'],
    ['an instance that no rule lets one start', { instanceId: 'i-bp1secret' }, 'not_available'],
    ['another account', { accountId: '9999999999999999' }, 'not_available'],
    ['a running instance', { instanceId: 'i-bp1running' }, 'already_running'],
    ['a starting instance', { instanceId: 'i-bp1starting' }, 'already_running'],
    ['a locked instance', { instanceId: 'i-bp1locked' }, 'locked'],
    ['an expired instance', { instanceId: 'i-bp1expired' }, 'instance_expired'],
    ['wiping disks where the rule does not allow it', { initLocalDisk: true }, 'may_not_wipe'],
    ['a start in the past', { notBefore: Date.UTC(2026, 0, 1) }, 'not_before_out_of_range'],
    ['a start in eight days', { notBefore: Date.UTC(2026, 11, 1, 10) }, 'not_before_out_of_range'],
    ['a person asking for another', { onBehalfOf: 'bob' }, 'may_not_act_for'],
  ])('refuses %s and records nothing', async (_what, wish, reason) => {
    const world = createWorld()
    const tags = { team: 'reporting' }
    world.instances.add({ instanceId: 'i-bp1secret', tags: { team: 'vault' } })
    world.instances.add({ instanceId: 'i-bp1running', tags, status: 'Running' })
    world.instances.add({ instanceId: 'i-bp1starting', tags, status: 'Starting' })
    world.instances.add({ instanceId: 'i-bp1locked', tags, locks: ['security'] })
    world.instances.add({ instanceId: 'i-bp1expired', tags, expiresAt: world.clock.now() })
    const outcome = await ask(world.gate, ASKER, { ...WISH, ...wish })
    expect(isRefused(outcome) && outcome.refusal.reason).toBe(reason)
    expect(world.asks.rows()).toEqual([])
    expect(world.open.entries()).toEqual([])
  })

  test('takes a running instance for later, with a warning to come', async () => {
    const world = createWorld()
    world.instances.change(INSTANCE, { status: 'Running' })
    const notBefore = world.clock.now() + 3_600_000
    const { proposal } = await world.ask({ notBefore })
    expect(proposal.request).toMatchObject({ notBefore, expiresAt: notBefore + 1_800_000 })
  })

  test('asks two approvals of a machine with nobody behind it, and one with', async () => {
    const world = createWorld()
    const alone = await world.ask({}, { principal: 'deploy-bot' })
    expect(alone.proposal.rule).toMatchObject({ approvals: 2, approvers: ['alice', 'bob', 'carol'] })
    const behind = await world.ask({ onBehalfOf: 'bob' }, { principal: 'deploy-bot', key: 'key-2' })
    expect(behind.proposal.rule).toMatchObject({ approvals: 1, approvers: ['alice', 'carol'] })
  })

  test('takes up an ask that died between its entry and its commit', async () => {
    const world = createWorld()
    world.calls.plan({ service: 'asks', operation: 'PutRow', fault: { kind: 'unclear', applied: false } })
    await expect(world.ask()).rejects.toThrow(/no clear outcome/)
    expect(world.open.entries()).toHaveLength(1)
    await world.clock.advance(60_000)
    const { proposal, created } = await world.ask()
    expect(created).toBe(true)
    expect(world.open.entries()).toMatchObject([{ createdAt: proposal.request.createdAt }])
  })

  test('makes a new entry when the timer clears the old one away at that moment', async () => {
    let clear: (() => Promise<unknown>) | undefined
    const world = createWorld({
      gateway: async ({ service, operation }) => {
        if (service !== 'asks' || operation !== 'GetRange' || clear === undefined) return
        const run = clear
        clear = undefined
        await run()
      },
    })
    world.calls.plan({ service: 'asks', operation: 'PutRow', fault: { kind: 'unclear', applied: false } })
    await expect(world.ask()).rejects.toThrow(/no clear outcome/)
    await world.clock.advance(2_100_000)
    clear = world.tellDue
    const { created, proposal } = await world.ask()
    expect(created).toBe(true)
    expect(world.open.entries()).toMatchObject([{ request: proposal.request.id }])
  })

  test('a machine acts for those it is trusted with, and nobody else', async () => {
    const world = createWorld()
    const bot = { ...ASKER, principal: 'deploy-bot' }
    const outcome = await ask(world.gate, bot, { ...WISH, onBehalfOf: 'dave' })
    expect(outcome).toEqual({ refusal: { reason: 'may_not_act_for', principal: 'dave' } })
  })

  test('for a day after the view key was rotated a repeat finds its request', async () => {
    const world = createWorld()
    const first = await world.ask()
    const { current } = world.gate.viewKey
    const rotated = { ...world.gate, viewKey: { current: 'another-view-key-0123456789-01234', previous: current } }
    expect(await ask(rotated, ASKER, WISH)).toMatchObject({ created: false, proposal: first.proposal })
    expect(await ask(rotated, { ...ASKER, key: 'key-2' }, WISH)).toMatchObject({ created: true })
  })
})

describe('askBySchedule', () => {
  test('asks on behalf of the owner, ahead of time, and once per tick', async () => {
    const world = createWorld()
    const triggerTime = new Date(world.clock.now()).toISOString()
    const asked = await askBySchedule(world.gate, 'nightly', triggerTime)
    const again = await askBySchedule(world.gate, 'nightly', triggerTime)
    if (isRefused(asked) || isRefused(again)) throw new Error('refused')
    expect(asked.proposal.request).toMatchObject({
      requester: { principal: 'nightly', via: 'timer', onBehalfOf: 'alice' },
      notBefore: world.clock.now() + 1_800_000,
    })
    expect(asked.proposal.rule.approvers).toEqual(['bob', 'carol'])
    expect(again).toMatchObject({ created: false, proposal: asked.proposal })
  })

  test('tells the owner of a refusal, and fails when it cannot', async () => {
    const world = createWorld()
    world.instances.remove(INSTANCE)
    const triggerTime = '2026-11-23T09:00:00Z'
    await askBySchedule(world.gate, 'nightly', triggerTime)
    expect(world.messenger.delivered).toMatchObject([
      { receiver: 'alice-inbox', telling: { kind: 'schedule_refused', schedule: 'nightly' } },
    ])
    expect(world.log.lines).toMatchObject([{ level: 'error', event: 'schedule.refused', facts: { owner: 'alice' } }])
    world.messenger.refuse('alice-inbox')
    await expect(askBySchedule(world.gate, 'nightly', triggerTime)).rejects.toThrow(/could not be told/)
  })

  test('refuses a schedule that the policy does not have', async () => {
    await expect(askBySchedule(createWorld().gate, 'hourly', '2026-11-23T09:00:00Z')).rejects.toThrow(/hourly/)
  })
})
