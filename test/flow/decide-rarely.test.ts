// Decisions that meet another one, come too late, or are about something that is not there or cannot be read.
import { describe, expect, test } from 'vitest'
import { MAX_ROWS } from '#core/caps.ts'
import { isRefused, type Refused } from '#core/refusal.ts'
import type { RequestId } from '#core/request-id.ts'
import { createRow, headOf } from '#core/row.ts'
import { approve, cancel, deny } from '#flow/decide.ts'
import { createChattyWorld } from '#support/chatters.ts'
import { ready } from '#support/ready.ts'
import { armedDocument, signWith } from '#support/signers.ts'
import { teamDocument, teamPolicy } from '#support/team.ts'
import { accepted, createWorld, type World } from '#support/world.ts'

const NOWHERE: RequestId = 'req_00000000000000000000000000000000'

const refusalOf = (outcome: object | Refused): unknown => (isRefused(outcome) ? outcome.refusal : 'accepted')
const typesOf = (world: World, id: RequestId): string[] => world.asks.stream(id).map(({ type }) => type)

async function asked(world: World = createWorld()) {
  const { proposal } = await world.ask()
  world.hints.sent.length = 0
  world.calls.forget()
  return { world, proposal, id: proposal.request.id }
}

/** Runs what it is given before the next put of row `n` of `asks`. */
function createMeeting() {
  let met: { readonly n: number; readonly run: () => Promise<unknown> } | undefined
  const world = createWorld({
    gateway: async ({ service, operation, subject }) => {
      if (service !== 'asks' || operation !== 'PutRow' || met === undefined || !subject.endsWith(`, ${met.n}`)) return
      const { run } = met
      met = undefined
      await run()
    },
  })
  return { world, before: (n: number, run: () => Promise<unknown>) => void (met = { n, run }) }
}

describe('approve', () => {
  test('keeps the reason, and hints the starter', async () => {
    const { world, proposal, id } = await asked()
    await approve(world.gate, id, await world.sign('bob', 'approve', proposal, 'Fine'))
    expect(world.asks.stream(id)[1]).toMatchObject({ type: 'approved', body: { approver: 'bob', reason: 'Fine' } })
    expect(world.hints.sent).toEqual([{ to: 'starter', request: id }])
  })

  test.each([
    [1, 'gate'],
    [0, 'starter'],
  ])('%i ms ahead of its time hints the %s', async (ahead, to) => {
    const world = createWorld()
    const { proposal } = await world.ask({ notBefore: world.clock.now() + 60_000 })
    await world.clock.advance(60_000 - ahead)
    world.hints.sent.length = 0
    await approve(world.gate, proposal.request.id, await world.sign('bob', 'approve', proposal))
    expect(world.hints.sent).toEqual([{ to, request: proposal.request.id }])
  })

  test('is news while others still have to say yes: the cards name who it waits for', async () => {
    const world = createChattyWorld()
    world.instances.add({ instanceId: 'i-bp1scratch', tags: { team: 'scratch' } })
    const { proposal } = await world.ask({ instanceId: 'i-bp1scratch' })
    const { id } = proposal.request
    await world.runHints()
    await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
    expect(world.hints.sent).toEqual([{ to: 'gate', request: id }])
    await world.runHints()
    const headlines = world.chat.messages.map(({ shown }) => shown.kind === 'card' && shown.card.headline)
    expect(new Set(headlines)).toEqual(new Set(['Waiting for 1 more approval from carol, dave.']))
    await approve(world.gate, id, await world.sign('carol', 'approve', proposal))
    expect(world.hints.sent).toEqual([{ to: 'starter', request: id }])
  })

  test('outside the hours of the rule is news', async () => {
    const rules = teamDocument().rules.map((rule) => ({
      ...rule,
      hours: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '09:10', to: '20:00' }],
    }))
    const world = createWorld({ policy: teamPolicy({ ...teamDocument(), rules }) })
    const { id, proposal } = await asked(world)
    await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
    expect(world.hints.sent).toEqual([{ to: 'gate', request: id }])
  })

  test('after a no is refused by what was read already', async () => {
    const { world, proposal, id } = await asked()
    await cancel(world.gate, id, 'alice')
    world.calls.forget()
    const outcome = await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
    expect(refusalOf(outcome)).toEqual({ reason: 'already_final', state: 'cancelled' })
    expect(world.calls.list).toHaveLength(1)
  })

  test('with a tool of one’s own is not said again on the page', async () => {
    const { world, proposal, id } = await asked(createWorld({ policy: teamPolicy(armedDocument()) }))
    for (const kind of ['jws', 'passkey'] as const)
      accepted(await approve(world.gate, id, signWith(kind, 'bob', { proposal, at: world.clock.now() })))
    expect(typesOf(world, id)).toEqual(['requested', 'approved'])
  })
})

describe('what cannot be decided', () => {
  test('is what was never asked', async () => {
    const { world, proposal } = await asked()
    const token = await world.sign('bob', 'deny', proposal, 'no')
    expect(refusalOf(await deny(world.gate, NOWHERE, token))).toEqual({ reason: 'no_such_request' })
    expect(refusalOf(await cancel(world.gate, NOWHERE, 'alice'))).toEqual({ reason: 'no_such_request' })
  })

  test('is a request that this version cannot read', async () => {
    const { world, proposal, id } = await asked()
    const first = world.asks.stream(id)[0] ?? expect.fail()
    world.asks.overwrite({ ...first, body: { newer: true } })
    const token = await world.sign('bob', 'approve', proposal)
    expect(refusalOf(await approve(world.gate, id, token))).toEqual({ reason: 'unreadable' })
    expect(refusalOf(await cancel(world.gate, id, 'alice'))).toEqual({ reason: 'unreadable' })
  })

  test('by a yes is a request with a row that this version cannot read; by a no it is', async () => {
    const { world, proposal, id } = await asked()
    const rows = world.asks.stream(id)
    const newer = { ...(rows[0] ?? expect.fail()), id: '1'.repeat(32), type: 'postponed', body: {} }
    world.asks.overwrite(createRow(newer, headOf(rows)))
    const token = await world.sign('bob', 'approve', proposal)
    expect(refusalOf(await approve(world.gate, id, token))).toEqual({ reason: 'unreadable' })
    expect(accepted(await cancel(world.gate, id, 'alice'))).toMatchObject({ outcome: 'stopped' })
  })

  test('is what everybody was told is over', async () => {
    const { world, proposal, id } = await ready()
    await world.start(id)
    await world.tell(id)
    const over = { reason: 'already_final', state: 'running' }
    world.calls.forget()
    expect(refusalOf(await cancel(world.gate, id, 'alice'))).toEqual(over)
    expect(refusalOf(await deny(world.gate, id, await world.sign('bob', 'deny', proposal, 'no')))).toEqual(over)
    expect(world.calls.list).toHaveLength(2)
  })

  test.each(['denied', 'cancelled'] as const)(
    'for whoever had it %s before everybody was told is answered once more, and nothing is put',
    async (kind) => {
      const { world, proposal, id } = await asked()
      const say = {
        denied: async () => deny(world.gate, id, await world.sign('bob', 'deny', proposal, 'no')),
        cancelled: async () => cancel(world.gate, id, 'alice'),
      }
      accepted(await say[kind]())
      await world.tell(id)
      const types = typesOf(world, id)
      expect(accepted(await say[kind]())).toMatchObject({ outcome: 'stopped', standing: { state: kind } })
      const other = kind === 'denied' ? 'cancelled' : 'denied'
      expect(refusalOf(await say[other]())).toEqual({ reason: 'already_final', state: kind })
      expect(refusalOf(await deny(world.gate, id, await world.sign('erin', 'deny', proposal, 'no')))).toEqual({
        reason: 'already_final',
        state: kind,
      })
      expect(typesOf(world, id)).toEqual(types)
    },
  )

  test('for whoever said no too late is answered so once more', async () => {
    const { world, id } = await ready()
    await world.start(id)
    expect(accepted(await cancel(world.gate, id, 'alice'))).toMatchObject({ outcome: 'too_late' })
    await world.tell(id)
    expect(accepted(await cancel(world.gate, id, 'alice'))).toMatchObject({
      outcome: 'too_late',
      standing: { state: 'running' },
    })
  })

  test('is what somebody who was never asked says no to', async () => {
    const { world, proposal, id } = await asked()
    expect(refusalOf(await deny(world.gate, id, await world.sign('dave', 'deny', proposal, 'no')))).toEqual({
      reason: 'token_refused',
      flaw: 'not_an_approver',
    })
    expect(typesOf(world, id)).toEqual(['requested'])
  })

  test('by a yes is a request whose rule is gone; its requester may take it back, whom the rule named may not', async () => {
    const { world, proposal, id } = await asked()
    const gate = { ...world.gate, policy: { ...world.gate.policy, rules: [] } }
    expect(refusalOf(await approve(gate, id, await world.sign('bob', 'approve', proposal)))).toMatchObject({
      flaw: 'not_an_approver',
    })
    expect(refusalOf(await cancel(gate, id, 'dave'))).toEqual({ reason: 'may_not_cancel' })
    expect(refusalOf(await cancel(gate, id, 'alice'))).toBe('accepted')
  })

  test('is a request by whom another rule names', async () => {
    const world = createWorld()
    world.instances.add({ instanceId: 'i-bp1scratch', tags: { team: 'scratch' } })
    const { proposal } = await world.ask({ instanceId: 'i-bp1scratch' })
    expect(refusalOf(await cancel(world.gate, proposal.request.id, 'dave'))).toEqual({ reason: 'may_not_cancel' })
  })

  test('is a request that holds all that one may hold', async () => {
    const { world, id } = await asked()
    for (let rows = world.asks.stream(id); rows.length < MAX_ROWS; rows = world.asks.stream(id)) {
      const last = rows.at(-1) ?? expect.fail()
      world.asks.overwrite(createRow({ ...last, id: String(rows.length), type: 'posted', body: {} }, headOf(rows)))
    }
    expect(refusalOf(await cancel(world.gate, id, 'alice'))).toEqual({ reason: 'full' })
  })
})

describe('two at once', () => {
  test('two denials: both hear "stopped", and one is recorded', async () => {
    const { world, before } = createMeeting()
    const { proposal, id } = await asked(world)
    const [bobs, carols] = [
      await world.sign('bob', 'deny', proposal, 'no'),
      await world.sign('carol', 'deny', proposal, 'no'),
    ]
    const outcomes: unknown[] = []
    before(2, async () => outcomes.push(await deny(world.gate, id, carols)))
    outcomes.push(await deny(world.gate, id, bobs))
    expect(outcomes).toMatchObject([{ outcome: 'stopped' }, { outcome: 'stopped' }])
    expect(typesOf(world, id)).toEqual(['requested', 'denied', 'stopped'])
  })

  test('an approval and a cancellation: both are recorded, and nothing starts', async () => {
    const { world, before } = createMeeting()
    const { proposal, id } = await asked(world)
    const token = await world.sign('bob', 'approve', proposal)
    before(2, async () => approve(world.gate, id, token))
    expect(accepted(await cancel(world.gate, id, 'alice'))).toMatchObject({ outcome: 'stopped' })
    expect(typesOf(world, id)).toEqual(['requested', 'approved', 'cancelled', 'stopped'])
    expect(await world.start(id)).toBe('done')
    expect(world.runs.rows()).toEqual([])
  })

  test('two gates that finish one no: it is finished once, and both know', async () => {
    const { world, before } = createMeeting()
    const { id } = await asked(world)
    before(3, async () => world.tell(id))
    expect(accepted(await cancel(world.gate, id, 'alice'))).toMatchObject({ outcome: 'stopped' })
    expect(typesOf(world, id)).toEqual(['requested', 'cancelled', 'stopped', 'posted'])
  })
})
