// A no on the word of a chat platform is a no like any other: only its proof is another.
import { describe, expect, test } from 'vitest'
import { parseAsks } from '#core/asks.ts'
import { isRefused } from '#core/refusal.ts'
import { cancel, deny, denyByChat } from '#flow/decide.ts'
import { sweep } from '#support/sweep.ts'
import { ready } from '#support/ready.ts'
import { createWorld } from '#support/world.ts'

const BOB = 'slack:T1/UBOB'

describe('a denial in a chat', () => {
  test('is recorded with who said it where, and stops the request for certain', async () => {
    const world = createWorld()
    const { proposal } = await world.ask()
    const { id } = proposal.request
    const answer = await denyByChat(world.gate, id, 'bob', BOB)

    expect(answer).toMatchObject({ outcome: 'stopped', standing: { state: 'denied', final: true } })
    const { rows, fault } = parseAsks(world.asks.stream(id))
    expect(rows.map(({ type, actor, body }) => ({ type, actor, body })).slice(1)).toMatchObject([
      { type: 'denied', actor: { principal: 'bob' }, body: { approver: 'bob', chat: BOB } },
      { type: 'stopped', actor: { function: 'gate' } },
    ])
    expect(fault).toBeUndefined()
    expect(rows[1]?.body).toEqual({ approver: 'bob', chat: BOB })
  })

  test('costs as many calls as one with a signature', async () => {
    const world = createWorld()
    const { proposal } = await world.ask()
    world.calls.forget()
    await denyByChat(world.gate, proposal.request.id, 'bob', BOB)
    expect(world.calls.list).toHaveLength(6)
  })

  test('said again, or after another no, is the first one over again', async () => {
    const world = createWorld()
    const { proposal } = await world.ask()
    const { id } = proposal.request
    await denyByChat(world.gate, id, 'bob', BOB)
    const before = world.asks.stream(id).length
    expect(await denyByChat(world.gate, id, 'bob', BOB)).toMatchObject({ outcome: 'stopped' })
    expect(await denyByChat(world.gate, id, 'carol', 'slack:T1/UCAROL')).toMatchObject({ outcome: 'stopped' })
    expect(world.asks.stream(id)).toHaveLength(before)
  })

  test.each([
    ['the requester', 'alice', {}],
    ['somebody whom the rule lets cancel', 'dave', {}],
    ['the person behind a machine', 'bob', { principal: 'deploy-bot', onBehalfOf: 'bob' }],
  ])('of %s is a cancellation', async (_, by, { principal = 'alice', onBehalfOf }: Given) => {
    const world = createWorld()
    const { proposal } = await world.ask(onBehalfOf === undefined ? {} : { onBehalfOf }, { principal })
    const { id } = proposal.request
    expect(proposal.rule.approvers).not.toContain(by)

    expect(await denyByChat(world.gate, id, by, 'slack:T1/UX')).toMatchObject({ outcome: 'stopped' })
    expect(world.asks.stream(id)[1]).toMatchObject({ type: 'cancelled', body: { by, chat: 'slack:T1/UX' } })
  })

  test('of anybody else changes nothing', async () => {
    const world = createWorld()
    const { proposal } = await world.ask()
    const { id } = proposal.request
    expect(await denyByChat(world.gate, id, 'erin', 'slack:T1/UERIN')).toEqual({
      refusal: { reason: 'may_not_cancel' },
    })
    expect(world.asks.stream(id)).toHaveLength(1)
  })

  test('of what is not there, over, or ending is refused', async () => {
    const world = createWorld()
    const nobody = await denyByChat(world.gate, `req_${'0'.repeat(32)}`, 'bob', BOB)
    expect(nobody).toEqual({ refusal: { reason: 'no_such_request' } })
    const { proposal } = await world.ask()
    await world.clock.advance(proposal.rule.validFor)
    const late = await denyByChat(world.gate, proposal.request.id, 'bob', BOB)
    expect(late).toEqual({ refusal: { reason: 'expiring' } })
  })

  test('is too late for a start that is under way', async () => {
    const { world, id } = await ready()
    await world.start(id)
    expect(await denyByChat(world.gate, id, 'carol', 'slack:T1/UCAROL')).toMatchObject({ outcome: 'too_late' })
    expect(world.instances.effective).toHaveLength(1)
  })

  test('is one of several that are said at once, in every way there is', async () => {
    const world = createWorld()
    const { proposal } = await world.ask()
    const { id } = proposal.request
    const answers = await Promise.all([
      denyByChat(world.gate, id, 'bob', BOB),
      denyByChat(world.gate, id, 'carol', 'slack:T1/UCAROL'),
      cancel(world.gate, id, 'alice'),
      world.sign('bob', 'deny', proposal, 'no').then((token) => deny(world.gate, id, token)),
    ])
    expect(answers.map((answer) => !isRefused(answer) && answer.outcome)).toEqual(answers.map(() => 'stopped'))
    expect(world.asks.stream(id).map(({ type }) => type)).toHaveLength(3)
  })
})

interface Given {
  readonly principal?: string
  readonly onBehalfOf?: string
}

describe('a denial in a chat against a start', () => {
  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    'with the denial at step %i: "stopped" is never followed by a start',
    async (step) => {
      let calls = 0
      let denial: (() => Promise<unknown>) | undefined
      let answer: unknown
      const { world, id } = await ready({
        gateway: async ({ service }) => {
          if (denial === undefined || service === 'open') return
          const run = denial
          if (calls++ !== step) return
          denial = undefined
          answer = await run()
        },
      })
      const say = () => denyByChat(world.gate, id, 'carol', 'slack:T1/UCAROL')
      denial = say
      await world.start(id)
      if (denial !== undefined) answer = await say()
      await world.clock.advance(600_000)
      await sweep(world.starter)
      await world.tellDue()
      const { standing } = await world.load(id)
      const stopped = (answer as { outcome?: string }).outcome === 'stopped'
      expect(world.instances.effective.length).toBe(stopped ? 0 : standing.state === 'denied' ? 0 : 1)
      expect(standing.final).toBe(true)
      if (stopped) expect(standing.state).toBe('denied')
    },
  )
})
