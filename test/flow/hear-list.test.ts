// What a person sees of what is open, in a chat.
import { describe, expect, test } from 'vitest'
import { hear } from '#flow/hear.ts'
import { answersTo, chatPolicy, createChattyWorld, says, taps } from '#support/chatters.ts'
import { teamDocument } from '#support/team.ts'
import { type World } from '#support/world.ts'

describe('list', () => {
  async function ask(world: World, count: number): Promise<readonly string[]> {
    const ids: string[] = []
    for (let n = 1; n <= count; n += 1) {
      await world.clock.advance(1000)
      ids.unshift((await world.ask({}, { key: `key-${n}` })).proposal.request.id)
    }
    return ids
  }

  const rulesWithoutDave = (): readonly object[] => teamDocument().rules.map((rule) => ({ ...rule, mayCancel: [] }))

  async function listFor(world: World, name: string): Promise<string> {
    await hear(world.gate, says(name, 'list', { at: world.clock.now(), id: `list-${world.chat.messages.length}` }))
    return answersTo(world, name).at(-1) ?? ''
  }

  test('says what is open, newest first, ten at most, and how many more', async () => {
    const world = createChattyWorld()
    const ids = await ask(world, 12)
    const text = await listFor(world, 'alice')
    expect([...text.matchAll(/req_[0-9a-f]{32}(?= )/g)].map(String)).toEqual(ids.slice(0, 10))
    expect(text).toContain('2 more: startgate list')
    expect(text).toContain('“The monthly report')
    expect(text).toMatch(/Valid until \d{4}-\d\d-\d\d \d\d:\d\d UTC\./)
    expect(text).toContain(`https://start.example.com/r/${ids[0]}`)
  })

  test.each(['alice', 'bob', 'carol', 'dave'])('shows %s what concerns them', async (name) => {
    const world = createChattyWorld()
    const [id] = await ask(world, 1)
    expect(await listFor(world, name)).toContain(id)
  })

  test('shows nothing to whom it does not concern', async () => {
    const world = createChattyWorld(chatPolicy({ rules: rulesWithoutDave() }))
    await ask(world, 1)
    expect(await listFor(world, 'dave')).toBe('None that concerns you is open.')
  })

  test('shows everything to whoever may read', async () => {
    const world = createChattyWorld(chatPolicy({ mayRead: ['dave'], rules: rulesWithoutDave() }))
    const [id] = await ask(world, 1)
    expect(await listFor(world, 'dave')).toContain(id)
  })

  test('shows the person behind a machine what was asked for them', async () => {
    const world = createChattyWorld(chatPolicy({ mayRead: [] }))
    const { proposal } = await world.ask({ onBehalfOf: 'bob' }, { principal: 'deploy-bot', via: 'webhook' })
    expect(proposal.rule.approvers).not.toContain('bob')
    expect(await listFor(world, 'bob')).toContain(proposal.request.id)
  })

  test('leaves out what is over, though nobody was told of it yet', async () => {
    const world = createChattyWorld()
    const [open, over] = await ask(world, 2)
    await hear(world.gate, taps('bob', over as `req_${string}`, { at: world.clock.now() }))
    const text = await listFor(world, 'alice')
    expect(text).toContain(open)
    expect(text).not.toContain(over)
  })

  test('passes over an entry that points at nothing', async () => {
    const world = createChattyWorld()
    const { proposal } = await world.ask()
    world.calls.plan({ service: 'asks', operation: 'PutRow', fault: { kind: 'unclear', applied: false } })
    await expect(world.ask({}, { key: 'died' })).rejects.toThrow('no clear outcome')
    expect(await listFor(world, 'alice')).toContain(proposal.request.id)
  })
})
