import { describe, expect, test } from 'vitest'
import { isRefused, type Refused } from '#core/refusal.ts'
import { createRow, headOf } from '#core/row.ts'
import { createStatement } from '#core/statement.ts'
import { approve, cancel, deny } from '#flow/decide.ts'
import { publicJwk } from '#support/keys.ts'
import { armedDocument, signWith } from '#support/signers.ts'
import { signStatement, teamDocument, teamPolicy } from '#support/team.ts'
import { accepted, createWorld, INSTANCE, type World } from '#support/world.ts'

const reasonOf = (outcome: object | Refused): string => (isRefused(outcome) ? outcome.refusal.reason : 'accepted')

async function asked(world: World = createWorld()) {
  const { proposal } = await world.ask()
  await world.runHints()
  world.calls.forget()
  return { world, proposal, id: proposal.request.id }
}

describe('approve', () => {
  test('records the evidence, puts the request in the way of the sweep, and hints: four calls', async () => {
    const { world, proposal, id } = await asked()
    const { standing } = accepted(await approve(world.gate, id, await world.sign('bob', 'approve', proposal)))
    expect(standing.state).toBe('ready')
    expect(world.calls.list.map(({ service, operation }) => `${service} ${operation}`)).toEqual([
      'asks GetRange',
      'open PutRow',
      'asks PutRow',
      'fc InvokeFunction',
    ])
    expect(world.open.entries()).toMatchObject([{ phase: 'start' }])
  })

  test('the same approver twice counts once', async () => {
    const { world, proposal, id } = await asked()
    await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
    accepted(await approve(world.gate, id, await world.sign('bob', 'approve', proposal)))
    expect((await world.load(id)).asks.approvals).toHaveLength(1)
  })

  test('a yes that is said again once it runs is told so, before anybody else was', async () => {
    const { world, proposal, id } = await asked()
    const token = await world.sign('bob', 'approve', proposal)
    await approve(world.gate, id, token)
    await world.start(id)
    expect(await approve(world.gate, id, token)).toEqual({ refusal: { reason: 'already_final', state: 'running' } })
  })

  test('a recorded yes that anybody repeats hints nobody', async () => {
    const { world, proposal, id } = await asked()
    const token = await world.sign('bob', 'approve', proposal)
    await approve(world.gate, id, token)
    world.hints.sent.length = 0
    await approve(world.gate, id, token)
    expect(world.hints.sent).toEqual([])
  })

  test('a yes by a key that is no longer valid may be given anew', async () => {
    const document = teamDocument()
    const people = document['people'] as Record<string, object>
    const keys = [{ ...publicJwk('bob'), until: '2026-11-23T09:05:00Z' }, publicJwk('erin')]
    const { world, proposal, id } = await asked(
      createWorld({ policy: teamPolicy({ ...document, people: { ...people, bob: { keys } } }) }),
    )
    await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
    await world.clock.advance(300_000)
    const again = createStatement(proposal, 'approve', 'bob', Math.floor(world.clock.now() / 1000))
    accepted(await approve(world.gate, id, await signStatement('erin', again)))
    await world.start(id)
    expect((await world.load(id)).standing.state).toBe('running')
  })

  test('a yes of another that was recorded under one’s name does not stand for one’s own', async () => {
    const world = createWorld()
    world.instances.add({ instanceId: 'i-bp1scratch', tags: { team: 'scratch' } })
    const { proposal } = await world.ask({ instanceId: 'i-bp1scratch' })
    const { id } = proposal.request
    await approve(world.gate, id, await world.sign('carol', 'approve', proposal))
    const [first, carols] = world.asks.rows()
    if (first === undefined || carols === undefined) expect.fail()
    const body = { ...(carols.body as object), approver: 'bob' }
    world.asks.overwrite(createRow({ ...carols, body }, headOf([first])))

    accepted(await approve(world.gate, id, await world.sign('bob', 'approve', proposal)))
    await world.start(id)
    expect((await world.load(id)).standing.state).toBe('running')
  })

  test('who said yes on the page may say it again with a tool of one’s own, and not the other way round', async () => {
    const document = armedDocument()
    const rules = document.rules.map((rule) => ({ ...rule, tool: 'own-tool' }))
    const { world, proposal, id } = await asked(createWorld({ policy: teamPolicy({ ...document, rules }) }))
    const signing = { proposal, at: world.clock.now() }
    for (const [kind, state, approvals] of [
      ['passkey', 'pending', 1],
      ['ssh', 'ready', 2],
      ['passkey', 'ready', 2],
      ['jws', 'ready', 2],
    ] as const) {
      const { standing, asks } = accepted(await approve(world.gate, id, signWith(kind, 'bob', signing)))
      expect([kind, standing.state, asks.approvals.length]).toEqual([kind, state, approvals])
    }
    await world.start(id)
    expect((await world.load(id)).standing.state).toBe('running')
  })

  test('an approval ahead of its time is told, and starts nothing yet', async () => {
    const world = createWorld()
    const { proposal } = await world.ask({ notBefore: world.clock.now() + 3 * 86_400_000 })
    const { id } = proposal.request
    await world.runHints()
    await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
    await world.runHints()
    expect(world.messenger.delivered.at(-1)).toMatchObject({ telling: { view: { state: 'waiting' } } })
    expect(world.runs.rows()).toEqual([])
  })

  test('whom today’s rule does not name any more cannot say yes, and can say no', async () => {
    const { world, proposal, id } = await asked()
    const { rules } = world.gate.policy
    const today = rules.map((rule) => ({ ...rule, approvers: rule.approvers.filter((name) => name !== 'bob') }))
    const gate = { ...world.gate, policy: { ...world.gate.policy, rules: today } }
    expect(await approve(gate, id, await world.sign('bob', 'approve', proposal))).toMatchObject({
      refusal: { flaw: 'not_an_approver' },
    })
    expect(reasonOf(await deny(gate, id, await world.sign('bob', 'deny', proposal, 'no')))).toBe('accepted')
  })

  test('two approvers at once are both recorded', async () => {
    const { world, proposal, id } = await asked()
    const tokens = await Promise.all([world.sign('bob', 'approve', proposal), world.sign('carol', 'approve', proposal)])
    await Promise.all(tokens.map(async (token) => approve(world.gate, id, token)))
    expect((await world.load(id)).asks.approvals.map(({ approver }) => approver).sort()).toEqual(['bob', 'carol'])
  })

  test('refuses tokens that do not cover exactly this, with the exact flaw for the log alone', async () => {
    const { world, proposal, id } = await asked()
    const sound = createStatement(proposal, 'approve', 'bob', Math.floor(world.clock.now() / 1000))
    const flawOf = async (
      statement: typeof sound,
      signer: 'bob' | 'alice' | 'dave' | 'erin' = 'bob',
    ): Promise<unknown> => {
      const outcome = await approve(world.gate, id, await signStatement(signer, statement))
      return isRefused(outcome) && outcome.refusal
    }
    const flaw = (name: string): unknown => ({ reason: 'token_refused', flaw: name })
    expect(await flawOf({ ...sound, proposal: '0'.repeat(64) })).toEqual(flaw('another_proposal'))
    expect(await flawOf({ ...sound, decision: 'deny' })).toEqual(flaw('another_decision'))
    expect(await flawOf({ ...sound, audience: '1234567890123456/cn-hangzhou/staging' })).toEqual(
      flaw('another_audience'),
    )
    expect(await flawOf({ ...sound, says: `${sound.says}!` })).toEqual(flaw('another_text'))
    expect(await flawOf({ ...sound, iat: sound.iat + 301 })).toEqual(flaw('signed_in_the_future'))
    expect(await flawOf({ ...sound, iat: sound.iat - 301 })).toEqual(flaw('signed_too_early'))
    expect(await flawOf(sound, 'erin')).toEqual(flaw('unknown_key'))
    expect(await flawOf(sound, 'dave')).toEqual(flaw('not_the_approver_of_the_key'))
    expect(await flawOf({ ...sound, approver: 'alice' }, 'alice')).toEqual(flaw('is_the_requester'))
    expect(await flawOf({ ...sound, approver: 'dave' }, 'dave')).toEqual(flaw('not_an_approver'))
    expect(await flawOf(sound)).toBe(false)
  })

  test('refuses what is unknown, over, or stopped', async () => {
    const { world, proposal, id } = await asked()
    const token = await world.sign('bob', 'approve', proposal)
    expect(reasonOf(await approve(world.gate, 'req_00000000000000000000000000000000', token))).toBe('no_such_request')
    await world.clock.advance(proposal.request.expiresAt - world.clock.now())
    expect(reasonOf(await approve(world.gate, id, token))).toBe('expiring')
    const other = await asked()
    await deny(other.world.gate, other.id, await other.world.sign('carol', 'deny', other.proposal, 'not today'))
    expect(
      reasonOf(await approve(other.world.gate, other.id, await other.world.sign('bob', 'approve', other.proposal))),
    ).toBe('already_final')
  })

  test('an approval that comes when the request just ended is refused', async () => {
    const { world, proposal, id } = await asked()
    await world.open.raise({ ...(world.open.entries()[0] ?? expect.fail()), phase: 'tell' })
    expect(reasonOf(await approve(world.gate, id, await world.sign('bob', 'approve', proposal)))).toBe('already_final')
    expect((await world.load(id)).asks.approvals).toEqual([])
  })
})

describe('deny and cancel', () => {
  test('before anything was attempted: stopped, in six calls, and final', async () => {
    const { world, proposal, id } = await asked()
    const denied = accepted(await deny(world.gate, id, await world.sign('bob', 'deny', proposal, 'not today')))
    expect(denied).toMatchObject({ outcome: 'stopped', standing: { state: 'denied', final: true } })
    expect(world.calls.list).toHaveLength(6)
    expect(world.open.entries()).toMatchObject([{ phase: 'tell' }])
  })

  test('a denial needs a reason', async () => {
    const { world, proposal, id } = await asked()
    expect(reasonOf(await deny(world.gate, id, await world.sign('bob', 'deny', proposal)))).toBe('reason_required')
    expect((await world.load(id)).asks.no).toBeUndefined()
  })

  test.each([
    ['alice', 'accepted'],
    ['dave', 'accepted'],
    ['bob', 'may_not_cancel'],
    ['erin', 'may_not_cancel'],
  ])('%s cancels: %s', async (by, outcome) => {
    const { world, id } = await asked()
    expect(reasonOf(await cancel(world.gate, id, by, 'not needed'))).toBe(outcome)
  })

  test('the person behind a machine may take its request back', async () => {
    const world = createWorld()
    const { proposal } = await world.ask({ onBehalfOf: 'carol' }, { principal: 'deploy-bot' })
    expect(accepted(await cancel(world.gate, proposal.request.id, 'carol'))).toMatchObject({
      outcome: 'stopped',
      standing: { state: 'cancelled' },
    })
  })

  test('after the start was sent it is too late, and the request goes on', async () => {
    const { world, proposal, id } = await asked()
    await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
    world.instances.planStart(INSTANCE, { applied: true, answer: { kind: 'no_answer', detail: 'ECONNRESET' } })
    await world.start(id)
    const late = accepted(await cancel(world.gate, id, 'alice'))
    expect(late).toMatchObject({ outcome: 'too_late', standing: { state: 'starting', final: false } })
    await world.clock.advance(60_000)
    await world.sweep()
    expect((await world.load(id)).standing).toMatchObject({ state: 'running', final: true })
  })

  test('a no that is repeated is answered again and recorded once', async () => {
    const { world, id } = await asked()
    await cancel(world.gate, id, 'alice')
    expect(accepted(await cancel(world.gate, id, 'alice'))).toMatchObject({ outcome: 'stopped' })
    expect((await world.load(id)).asks.rows.map(({ type }) => type)).toEqual([
      'requested',
      'posted',
      'cancelled',
      'stopped',
    ])
  })

  test('a gate that dies between the no and the answer: another gate finishes it', async () => {
    const { world, id } = await asked()
    world.calls.plan({ service: 'runs', operation: 'GetRange', fault: { kind: 'unclear', applied: false } })
    await expect(cancel(world.gate, id, 'alice')).rejects.toThrow()
    expect((await world.load(id)).standing).toMatchObject({ state: 'stopping', final: false })
    await world.tell(id)
    expect((await world.load(id)).standing).toMatchObject({ state: 'cancelled', final: true })
  })

  test('a row that says no and makes no sense still stops the starter', async () => {
    const { world, proposal, id } = await asked()
    await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
    const last = world.asks.rows().at(-1) ?? expect.fail()
    world.asks.overwrite({ ...last, n: last.n + 1, type: 'denied', body: 'garbage', prev: 'x', hash: 'y' })
    await world.start(id)
    expect(world.instances.effective).toEqual([])
  })
})

describe('caps', () => {
  test('a full request can still be stopped', async () => {
    const { world, proposal, id } = await asked()
    for (let n = 3; n <= 56; n += 1) {
      const rows = (await world.load(id)).asks.rows
      const last = rows.at(-1) ?? expect.fail()
      world.asks.overwrite(createRow({ ...last, id: String(n) }, { n: last.n, hash: last.hash }))
    }
    expect(reasonOf(await approve(world.gate, id, await world.sign('bob', 'approve', proposal)))).toBe('full')
    expect(accepted(await cancel(world.gate, id, 'alice'))).toMatchObject({ outcome: 'stopped' })
  })
})
