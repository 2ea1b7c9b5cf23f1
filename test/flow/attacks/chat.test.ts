// Whoever has the secret of a chat platform speaks there for everybody: they can ask and stop, and nothing else.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ChatEvent } from '#core/chat.ts'
import { approve } from '#flow/decide.ts'
import { hear } from '#flow/hear.ts'
import { createChattyWorld, GROUP, says, taps } from '#support/chatters.ts'
import { INSTANCE, type World } from '#support/world.ts'

const PEOPLE = ['alice', 'bob', 'carol', 'dave', 'erin'] as const
const LURES = [
  'approve',
  '批准',
  'yes',
  'ok',
  '+1',
  'start',
  '启动',
  'cancel',
  'show',
  'list',
  'deny',
  'help',
  'review',
]

const anyWord = fc.oneof(fc.constantFrom(...LURES), fc.string({ unit: 'grapheme', maxLength: 20 }))

/** `ID` stands for the request that waits. */
const anyText = fc.oneof(
  fc
    .tuple(anyWord, fc.constantFrom('ID', INSTANCE, '*', 'worker', '__proto__'), anyWord)
    .map((words) => words.join(' ')),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
)

async function waiting(): Promise<{ readonly world: World; readonly id: `req_${string}` }> {
  const world = createChattyWorld()
  const { proposal } = await world.ask()
  await world.runHints()
  return { world, id: proposal.request.id }
}

async function settle(world: World): Promise<void> {
  await world.runHints()
  await world.sweep()
  await world.tellDue()
}

describe('attack: the secret of a chat platform', () => {
  test('approves nothing, whatever is said by whom, and however often', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ name: fc.constantFrom(...PEOPLE), text: anyText, group: fc.boolean() }), { maxLength: 6 }),
        async (sentences) => {
          const { world, id } = await waiting()
          for (const [n, { name, text, group }] of sentences.entries()) {
            const said = { id: `m${n}`, at: world.clock.now(), ...(group ? { where: GROUP } : {}) }
            const event = says(name, text.replaceAll('ID', id), said)
            await Promise.all([hear(world.gate, event), hear(world.gate, event)])
          }
          await settle(world)
          expect(world.asks.rows().map(({ type }) => type)).not.toContain('approved')
          expect(world.calls.list.filter(({ operation }) => operation === 'StartInstance')).toEqual([])
          for (const stream of new Set(world.asks.rows().map((row) => row.stream))) {
            const { asks, standing } = await world.load(stream as `req_${string}`)
            expect(asks.fault).toBeUndefined()
            expect(['pending', 'stopping', 'denied', 'cancelled']).toContain(standing.state)
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  test('does not complete a yes that somebody else gave', async () => {
    const world = createChattyWorld()
    world.instances.add({ instanceId: 'i-bp1scratch', tags: { team: 'scratch' } })
    const { proposal } = await world.ask({ instanceId: 'i-bp1scratch' })
    const { id } = proposal.request
    await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
    for (const name of ['carol', 'dave'] as const)
      await hear(world.gate, says(name, `approve ${id}`, { id: name, at: world.clock.now() }))
    await settle(world)
    expect((await world.load(id)).standing.state).toBe('pending')
    expect(world.instances.effective).toEqual([])
  })

  test('stops a request as a signed no does, and tells everybody whose name was used', async () => {
    const { world, id } = await waiting()
    await hear(world.gate, taps('carol', id, { at: world.clock.now() }))
    await settle(world)
    const { standing, asks } = await world.load(id)
    expect(standing.state).toBe('denied')
    expect(asks.events.find(({ type }) => type === 'denied')?.body).toEqual({
      approver: 'carol',
      chat: 'slack:T1/UCAROL',
    })
    expect(world.chat.messages.some(({ to }) => to === 'slack/person/UCAROL')).toBe(true)
  })

  test('changes nothing about a request that was approved and started', async () => {
    const { world, id } = await waiting()
    const { proposal } = await world.load(id)
    await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
    await world.start(id)
    const events: readonly ChatEvent[] = [
      taps('carol', id, { at: world.clock.now() }),
      says('alice', `cancel ${id}`, { at: world.clock.now() }),
    ]
    for (const event of events) await hear(world.gate, event)
    await world.clock.advance(60_000)
    await settle(world)
    expect((await world.load(id)).standing.state).toBe('running')
    expect(world.instances.effective).toHaveLength(1)
  })

  test('asks in the name of others, who then may not approve it', async () => {
    const { world } = await waiting()
    await hear(world.gate, says('bob', `start ${INSTANCE} it is urgent`, { at: world.clock.now() }))
    const forged = world.asks.rows().findLast(({ type }) => type === 'requested')
    const { proposal } = await world.load(forged?.stream as `req_${string}`)
    expect(proposal.request.requester).toEqual({ principal: 'bob', via: 'slack' })
    expect(proposal.rule.approvers).not.toContain('bob')
  })
})
