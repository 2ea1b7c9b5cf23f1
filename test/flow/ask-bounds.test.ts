// Where exactly an ask ends to be one that is taken.
import { describe, expect, test } from 'vitest'
import { DAY } from '#core/durations.ts'
import { isRefused } from '#core/refusal.ts'
import { ask, type Wish } from '#flow/ask.ts'
import { askBySchedule } from '#flow/schedule.ts'
import { teamDocument, teamPolicy } from '#support/team.ts'
import { ASKER, createWorld, INSTANCE, WISH, type World } from '#support/world.ts'

async function outcomeOf(world: World, wish: Partial<Wish>): Promise<string> {
  const outcome = await ask(world.gate, ASKER, { ...WISH, ...wish })
  return isRefused(outcome) ? outcome.refusal.reason : 'accepted'
}

describe('an ask', () => {
  test.each([
    [0, 'not_before_out_of_range'],
    [1, 'accepted'],
    [7 * DAY, 'accepted'],
    [7 * DAY + 1, 'not_before_out_of_range'],
  ])('for %i ms from now is %s', async (wait, outcome) => {
    const world = createWorld()
    expect(await outcomeOf(world, { notBefore: world.clock.now() + wait })).toBe(outcome)
  })

  test.each([
    [0, 'instance_expired'],
    [1, 'accepted'],
  ])('for an instance that expires %i ms from now is %s', async (left, outcome) => {
    const world = createWorld()
    world.instances.change(INSTANCE, { expiresAt: world.clock.now() + left })
    expect(await outcomeOf(world, {})).toBe(outcome)
  })

  test.each(['Running', 'Starting'])('to try it out is taken while the instance is %s', async (status) => {
    const world = createWorld()
    world.instances.change(INSTANCE, { status })
    expect(await outcomeOf(world, { dryRun: true })).toBe('accepted')
    expect(await outcomeOf(world, {})).toBe('key_reused')
  })

  test('may wipe disks where the rule allows it', async () => {
    const world = createWorld()
    world.instances.add({ instanceId: 'i-bp1scratch', tags: { team: 'scratch' } })
    expect(await outcomeOf(world, { instanceId: 'i-bp1scratch', initLocalDisk: true })).toBe('accepted')
  })

  test('is refused where nobody but its requester could say yes', async () => {
    const world = createWorld()
    const rules = world.gate.policy.rules.map((rule) => ({ ...rule, approvers: ['alice'] }))
    const alone = { ...world.gate.policy, rules }
    expect(await ask({ ...world.gate, policy: alone }, ASKER, WISH)).toEqual({
      refusal: { reason: 'no_approver', rule: 'reporting' },
    })
    expect(await outcomeOf(world, {})).toBe('accepted')
  })

  test('that names no place is about the account and the region of the gate', async () => {
    const world = createWorld()
    const { instanceId, reason, initLocalDisk, dryRun, notBefore } = WISH
    const placeless = { instanceId, reason, initLocalDisk, dryRun, notBefore }
    const asked = await ask(world.gate, ASKER, placeless)
    if (isRefused(asked)) expect.fail()
    expect(asked.proposal.request).toMatchObject({ accountId: WISH.accountId, regionId: WISH.regionId })
    expect(await ask(world.gate, { ...ASKER, key: 'key-2' }, { ...placeless, instanceId: 'i-bp1nothere' })).toEqual({
      refusal: { reason: 'not_available', instanceId: 'i-bp1nothere', regionId: WISH.regionId },
    })
  })

  test('for another account looks at nothing', async () => {
    const world = createWorld()
    expect(await outcomeOf(world, { accountId: '9999999999999999' })).toBe('not_available')
    expect(world.calls.counts()['ecs DescribeInstances']).toBeUndefined()
  })

  test('that was recorded is told by a hint; a repeat is not', async () => {
    const world = createWorld()
    const { proposal } = await world.ask()
    await world.ask()
    expect(world.hints.sent).toEqual([{ to: 'gate', request: proposal.request.id }])
  })

  test('whose request cannot be read any more says so, and is not recorded over it', async () => {
    const world = createWorld()
    await world.ask()
    const first = world.asks.rows()[0] ?? expect.fail()
    world.asks.overwrite({ ...first, body: { newer: true } })
    expect(await outcomeOf(world, {})).toBe('unreadable')
    expect(world.asks.stream(first.stream)).toMatchObject([{ body: { newer: true } }])
  })
})

describe('a schedule', () => {
  const TICK = '2026-11-23T09:00:00Z'

  test('asks once for each of its ticks', async () => {
    const world = createWorld()
    const asked = await Promise.all(
      [TICK, '2026-11-23T09:10:00Z'].map(async (at) => askBySchedule(world.gate, 'nightly', at)),
    )
    expect(asked).toMatchObject([{ created: true }, { created: true }])
  })

  test('without a time ahead asks for now', async () => {
    const document = teamDocument()
    const schedules = { nightly: { owner: 'alice', ask: { instanceId: INSTANCE, reason: 'The nightly report' } } }
    const world = createWorld({ policy: teamPolicy({ ...document, schedules }) })
    expect(await askBySchedule(world.gate, 'nightly', TICK)).toMatchObject({
      proposal: { request: { notBefore: null } },
    })
  })

  test('that is refused leaves all that its owner and the log need', async () => {
    const world = createWorld()
    world.instances.remove(INSTANCE)
    await askBySchedule(world.gate, 'nightly', TICK)
    const [delivered] = world.messenger.delivered
    expect(delivered?.telling).toEqual({
      kind: 'schedule_refused',
      id: `nightly@${TICK}`,
      at: world.clock.now(),
      schedule: 'nightly',
      owner: 'alice',
      problem: expect.objectContaining({
        type: 'urn:startgate:not_available',
        detail: expect.stringContaining(INSTANCE),
      }),
    })
    expect(world.log.lines).toEqual([
      {
        level: 'error',
        event: 'schedule.refused',
        facts: {
          schedule: 'nightly',
          owner: 'alice',
          triggerTime: TICK,
          reason: 'not_available',
          detail: expect.stringContaining(INSTANCE),
        },
      },
    ])
  })

  test('whose owner has no receiver is refused in the log alone', async () => {
    const document = teamDocument()
    const people = { ...(document['people'] as object), alice: {} }
    const world = createWorld({ policy: teamPolicy({ ...document, people }) })
    world.instances.remove(INSTANCE)
    expect(await askBySchedule(world.gate, 'nightly', TICK)).toMatchObject({ refusal: { reason: 'not_available' } })
    expect(world.messenger.delivered).toEqual([])
  })
})
