// Rules that a team lives by: hours, freezes, groups and aliases, as a request meets them from the ask to the start.
import { describe, expect, test } from 'vitest'
import { HOUR, MINUTE } from '#core/durations.ts'
import type { Policy } from '#core/policy.ts'
import { ask, type Asked } from '#flow/ask.ts'
import { approve } from '#flow/decide.ts'
import { checkHealth } from '#flow/health.ts'
import { askBySchedule } from '#flow/schedule.ts'
import { start } from '#flow/start.ts'
import { sweep } from '#support/sweep.ts'
import { stateOf, typesOf } from '#support/ready.ts'
import { teamDocument, teamPolicy, type Person } from '#support/team.ts'
import { accepted, ASKER, createWorld, INSTANCE, WISH, type World } from '#support/world.ts'

const HOURS = [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '20:00' }]
const GROUPS = { leads: ['bob', 'carol'], finance: ['carol', 'dave'] }

/** The team's policy in Shanghai; `rule` changes that for reporting. */
function policyWith(rule: object, change: object = {}): Policy {
  const document = teamDocument()
  const [reporting, ...rest] = document.rules
  return teamPolicy({ ...document, timeZone: 'Asia/Shanghai', rules: [{ ...reporting, ...rule }, ...rest], ...change })
}

/** From the world's beginning, 17:00 on a Monday in Shanghai, to this time in UTC. */
async function waitUntil(world: World, time: string): Promise<void> {
  await world.clock.advance(Date.parse(time) - world.clock.now())
}

async function approveAs(
  world: World,
  { proposal }: Pick<Asked, 'proposal'>,
  ...people: readonly Person[]
): Promise<void> {
  for (const person of people) {
    accepted(await approve(world.gate, proposal.request.id, await world.sign(person, 'approve', proposal)))
  }
}

const NIGHT = Date.parse('2026-11-23T14:00:00Z')
const MORNING = Date.parse('2026-11-24T00:00:00Z')

describe('a night', () => {
  test('approved at 22:00, it waits until 08:00, alarms nobody, and starts', async () => {
    const world = createWorld({ policy: policyWith({ hours: HOURS, validFor: '12h' }) })
    await waitUntil(world, '2026-11-23T14:00:00Z')
    const asked = await world.ask()
    const { id } = asked.proposal.request
    expect(asked.standing).toMatchObject({ state: 'pending', startsFrom: MORNING })
    await approveAs(world, asked, 'bob')
    await world.runHints()
    expect((await world.load(id)).standing).toMatchObject({ state: 'waiting', since: NIGHT, startsFrom: MORNING })

    await waitUntil(world, '2026-11-23T23:59:00Z')
    await world.sweep()
    expect(typesOf(world)).toEqual([])
    expect((await checkHealth(world.gate)).healthy).toBe(true)

    await waitUntil(world, '2026-11-24T00:00:00Z')
    expect((await world.load(id)).standing).toMatchObject({ state: 'ready', since: MORNING, startsFrom: 0 })
    await world.sweep()
    expect(typesOf(world)).toEqual(['attempted', 'accepted'])
    await world.start(id)
    expect(await stateOf(world, id)).toBe('running')
  })

  test('a starter that is idle in the morning is told of five minutes after the hours began', async () => {
    const world = createWorld({ policy: policyWith({ hours: HOURS, validFor: '12h' }) })
    await waitUntil(world, '2026-11-23T14:00:00Z')
    await approveAs(world, await world.ask(), 'bob')

    await waitUntil(world, '2026-11-24T00:05:00Z')
    expect((await checkHealth(world.gate)).healthy).toBe(true)
    await world.clock.advance(1)
    expect((await checkHealth(world.gate)).healthy).toBe(false)
  })

  test('an ask that would expire before the morning is refused, and says when it opens', async () => {
    const world = createWorld({ policy: policyWith({ hours: HOURS, validFor: '10h' }) })
    await waitUntil(world, '2026-11-23T14:00:00Z')

    expect(await ask(world.gate, ASKER, WISH)).toEqual({
      refusal: { reason: 'closed', rule: 'reporting', opensAt: MORNING },
    })
    expect(world.asks.rows()).toEqual([])
    expect((await world.ask({ notBefore: MORNING })).proposal.request.expiresAt).toBe(MORNING + 10 * HOUR)
    await world.clock.advance(1)
    expect((await world.ask({}, { key: 'a millisecond later' })).created).toBe(true)
  })

  test('hours that end while the starter looks are over', async () => {
    let held: World | undefined
    const world = createWorld({
      policy: policyWith({ hours: HOURS, validFor: '1d' }),
      gateway: async ({ operation }) => {
        if (operation === 'DescribeInstances' && held) await held.clock.advance(1000)
      },
    })
    const asked = await world.ask()
    await approveAs(world, asked, 'bob')
    await waitUntil(world, '2026-11-23T11:59:59.500Z')
    held = world
    await world.start(asked.proposal.request.id)
    expect(typesOf(world)).toEqual([])
  })
})

describe('a freeze', () => {
  const freezes = (until: string, more: object = {}): object => ({
    freezes: [{ name: 'audit', from: '2026-11-23T09:00:00Z', until, ...more }],
  })

  test('that is deployed after the approval holds the start back until it is over', async () => {
    const world = createWorld({ policy: policyWith({ validFor: '2h' }) })
    const asked = await world.ask()
    const { id } = asked.proposal.request
    await approveAs(world, asked, 'bob')
    const policy = policyWith({ validFor: '2h' }, freezes('2026-11-23T10:00:00Z'))
    const frozen = { ...world, gate: { ...world.gate, policy }, starter: { ...world.starter, policy } }

    await start(frozen.starter, id)
    await sweep(frozen.starter)
    expect(typesOf(world)).toEqual([])
    await world.clock.advance(59 * MINUTE)
    expect((await checkHealth(frozen.gate)).problems).toEqual([])
    await sweep(frozen.starter)
    expect(typesOf(world)).toEqual([])
    await world.clock.advance(MINUTE)
    await sweep(frozen.starter)
    expect(typesOf(world)).toEqual(['attempted', 'accepted'])
  })

  test('that outlasts the request lets it expire, and writes nothing', async () => {
    const world = createWorld({ policy: policyWith({ validFor: '2h' }) })
    const asked = await world.ask()
    const { id } = asked.proposal.request
    await approveAs(world, asked, 'bob')
    const starter = { ...world.starter, policy: policyWith({ validFor: '2h' }, freezes('2026-11-24T00:00:00Z')) }

    await world.clock.advance(2 * HOUR - 1)
    await start(starter, id)
    await world.clock.advance(HOUR)
    await start(starter, id)
    expect(typesOf(world)).toEqual([])
    expect(await stateOf(world, id)).toBe('expired')
  })

  test.each([
    ['as far ahead as one may ask for is said', 0, Date.parse('2026-11-30T09:00:00Z')],
    ['further ahead is not', 1, undefined],
  ])('an end %s', async (_what, later, opensAt) => {
    const until = new Date(Date.parse('2026-11-30T09:00:00Z') + later).toISOString()
    const world = createWorld({ policy: policyWith({}, freezes(until)) })

    expect(await ask(world.gate, ASKER, WISH)).toEqual({ refusal: { reason: 'closed', rule: 'reporting', opensAt } })
    if (opensAt !== undefined) expect((await world.ask({ notBefore: opensAt })).created).toBe(true)
  })

  test('of thirty days refuses without a time; of other rules it is nothing', async () => {
    const refused = createWorld({ policy: policyWith({}, freezes('2027-01-31T00:00:00Z')) })
    expect(await ask(refused.gate, ASKER, WISH)).toEqual({
      refusal: { reason: 'closed', rule: 'reporting', opensAt: undefined },
    })
    const other = createWorld({ policy: policyWith({}, freezes('2027-01-31T00:00:00Z', { rules: ['scratch'] })) })
    expect((await other.ask()).created).toBe(true)
  })
})

describe('two groups', () => {
  const rule = { approvers: ['bob'], oneOfEach: ['leads', 'finance'] }

  test('must each say yes, and two of one are not enough', async () => {
    const groups = { leads: ['bob', 'carol'], finance: ['dave'] }
    const world = createWorld({ policy: policyWith(rule, { groups }) })
    const asked = await world.ask()
    const { id } = asked.proposal.request
    expect(asked.proposal.rule).toMatchObject({
      approvals: 1,
      approvers: ['bob', 'carol', 'dave'],
      oneOfEach: [
        { group: 'leads', approvers: ['bob', 'carol'] },
        { group: 'finance', approvers: ['dave'] },
      ],
    })
    await approveAs(world, asked, 'bob', 'carol')
    await world.start(id)
    expect(await stateOf(world, id)).toBe('pending')
    await approveAs(world, asked, 'dave')
    await world.start(id)
    expect(await stateOf(world, id)).toBe('running')
  })

  test('one who is in both speaks for both', async () => {
    const world = createWorld({ policy: policyWith(rule, { groups: GROUPS }) })
    const asked = await world.ask()
    await approveAs(world, asked, 'carol')
    await world.start(asked.proposal.request.id)
    expect(await stateOf(world, asked.proposal.request.id)).toBe('running')
  })

  test('nobody is asked in vain: a machine for the only one of a group is refused', async () => {
    const groups = { leads: ['bob', 'carol'], finance: ['carol'] }
    const world = createWorld({ policy: policyWith(rule, { groups }) })
    const bot = { ...ASKER, principal: 'deploy-bot' }

    expect(await ask(world.gate, bot, { ...WISH, onBehalfOf: 'carol' })).toEqual({
      refusal: { reason: 'no_approver', rule: 'reporting' },
    })
  })

  test('a gate that names groups of its own is not believed', async () => {
    const strict = policyWith(rule, { groups: GROUPS })
    const own = { requesters: ['alice'], approvers: ['bob'], oneOfEach: ['finance'] }
    const lax = policyWith(own, { groups: { finance: ['bob'] } })
    const world = createWorld({ policy: lax })
    const asked = await world.ask()
    await approveAs(world, asked, 'bob')
    expect(await stateOf(world, asked.proposal.request.id)).toBe('ready')

    await start({ ...world.starter, policy: strict }, asked.proposal.request.id)
    expect(world.runs.rows()).toMatchObject([
      { type: 'refused', body: { answer: { code: 'PolicyChanged' }, next: { do: 'confirm' } } },
      { type: 'refused', body: { answer: { code: 'PolicyChanged' }, next: { do: 'none' } } },
    ])
    expect(world.instances.effective).toEqual([])
  })

  test('a gate that knows of no hours is not believed', async () => {
    const world = createWorld({ policy: policyWith({ validFor: '12h' }) })
    const asked = await world.ask()
    await approveAs(world, asked, 'bob')
    await waitUntil(world, '2026-11-23T14:00:00Z')
    expect(await stateOf(world, asked.proposal.request.id)).toBe('ready')

    await start({ ...world.starter, policy: policyWith({ hours: HOURS, validFor: '12h' }) }, asked.proposal.request.id)
    expect(typesOf(world)).toEqual([])
  })
})

describe('an alias', () => {
  const aliases = {
    'report-db': { instanceId: INSTANCE, regionId: 'cn-hangzhou' },
    'vault-db': { instanceId: 'i-bp1secret' },
  }
  const policy = policyWith({}, { aliases })
  // Said without a place, as most people do.
  const { accountId: _account, regionId: _region, ...wish } = WISH

  test('is recorded and signed as the instance that it leads to', async () => {
    const world = createWorld({ policy })
    const asked = accepted(await ask(world.gate, ASKER, { ...wish, instanceId: 'report-db' }))
    expect(asked.proposal.request).toMatchObject({ instanceId: INSTANCE, regionId: 'cn-hangzhou' })
    await approveAs(world, asked, 'bob')
    await world.start(asked.proposal.request.id)
    expect(world.instances.effective).toMatchObject([{ instanceId: INSTANCE }])
  })

  test('and the id under the same key are one request', async () => {
    const world = createWorld({ policy })
    const first = accepted(await ask(world.gate, ASKER, { ...wish, instanceId: 'report-db' }))
    const again = accepted(await ask(world.gate, ASKER, { ...wish, instanceId: INSTANCE }))
    expect(again).toMatchObject({ created: false, proposal: first.proposal })
  })

  test.each([
    ['that is unknown', { instanceId: 'web-db' }, 'cn-hangzhou'],
    ['that is in another region', { instanceId: 'report-db', regionId: 'cn-beijing' }, 'cn-beijing'],
    ['of an instance that no rule allows', { instanceId: 'vault-db' }, 'cn-hangzhou'],
  ])('%s is not available, and where it leads is not said', async (_what, place, regionId) => {
    const world = createWorld({ policy })
    world.instances.add({ instanceId: 'i-bp1secret', tags: { team: 'vault' } })
    expect(await ask(world.gate, ASKER, { ...wish, ...place })).toEqual({
      refusal: { reason: 'not_available', instanceId: place.instanceId, regionId },
    })
    expect(world.asks.rows()).toEqual([])
  })

  test('may stand in a schedule', async () => {
    const schedules = { nightly: { owner: 'alice', ask: { instanceId: 'report-db', reason: 'The nightly report' } } }
    const world = createWorld({ policy: policyWith({}, { aliases, schedules }) })
    const asked = accepted(await askBySchedule(world.gate, 'nightly', '2026-11-23T09:00:00Z'))
    expect(asked.proposal.request).toMatchObject({ instanceId: INSTANCE, requester: { onBehalfOf: 'alice' } })
  })
})
