// Asking in a chat.
import { describe, expect, test } from 'vitest'
import { hear } from '#flow/hear.ts'
import { answersTo, chatPolicy, createChattyWorld, GROUP, onlyRequest, says } from '#support/chatters.ts'
import { teamDocument } from '#support/team.ts'
import { INSTANCE } from '#support/world.ts'

describe('start', () => {
  test('asks as the person whom the policy knows, with the reason as it was said', async () => {
    const world = createChattyWorld()
    await hear(world.gate, says('alice', `start ${INSTANCE} the monthly report`, { at: world.clock.now() }))

    const { proposal, from } = onlyRequest(world)
    expect(proposal.request).toMatchObject({
      instanceId: INSTANCE,
      reason: 'the monthly report',
      requester: { principal: 'alice', via: 'slack' },
      initLocalDisk: false,
      dryRun: false,
      notBefore: null,
    })
    expect(proposal.rule.approvers).not.toContain('alice')
    expect(from).toBe('slack/person/UALICE')
    expect(world.hints.sent).toEqual([{ to: 'gate', request: proposal.request.id }])
    expect(world.chat.messages).toEqual([])
  })

  test('remembers the group in which it was asked', async () => {
    const world = createChattyWorld()
    const at = world.clock.now()
    await hear(world.gate, says('alice', `启动 ${INSTANCE} 月报`, { at, where: GROUP }))
    expect(onlyRequest(world).from).toBe('slack/group/C1')
  })

  test('is answered by its card where it was asked, also when that is not where who asked is written to', async () => {
    const people = teamDocument()['people'] as Readonly<Record<string, object>>
    const alice = { ...people['alice'], chat: ['feishu:tk/ou_alice', 'slack:T1/UALICE'] }
    const chats = { slack: { team: 'T1', app: 'A1' }, feishu: { tenant: 'tk', app: 'cli_1' } }
    const world = createChattyWorld(chatPolicy({ people: { ...people, alice }, chats }))
    await hear(world.gate, says('alice', `start ${INSTANCE} the monthly report`, { at: world.clock.now() }))
    await world.runHints()
    expect(world.chat.messages.map(({ to, shown }) => [to, shown])).toEqual(
      ['slack/person/UALICE', 'feishu/person/ou_alice'].map((to) => [
        to,
        {
          kind: 'card',
          card: expect.objectContaining({ buttons: [expect.objectContaining({ kind: 'review' })] }) as object,
        },
      ]),
    )
  })

  test('said twice, and twice at once, is one request', async () => {
    const world = createChattyWorld()
    const event = says('alice', `start ${INSTANCE} the monthly report`, { at: world.clock.now() })
    await Promise.all([hear(world.gate, event), hear(world.gate, event)])
    await hear(world.gate, { ...event, at: event.at + 60_000 })
    onlyRequest(world)
    expect(world.chat.messages).toEqual([])
  })

  test('of another message, person or organisation is another request', async () => {
    const world = createChattyWorld()
    const at = world.clock.now()
    for (const [name, id] of [
      ['alice', 'm1'],
      ['alice', 'm2'],
      ['bob', 'm1'],
    ] as const)
      await hear(world.gate, says(name, `start ${INSTANCE} the monthly report`, { at, id }))
    expect(world.asks.rows().filter(({ type }) => type === 'requested')).toHaveLength(3)
  })

  test('takes an alias of the policy before the name of an instance', async () => {
    const world = createChattyWorld(chatPolicy({ aliases: { reports: { instanceId: INSTANCE } } }))
    world.instances.add({ instanceId: 'i-bp1other', name: 'reports', tags: { team: 'reporting' } })
    await hear(world.gate, says('alice', 'start reports the monthly report', { at: world.clock.now() }))
    expect(onlyRequest(world).proposal.request.instanceId).toBe(INSTANCE)
  })

  test('takes the name of an instance, in two more calls', async () => {
    const world = createChattyWorld()
    world.instances.change(INSTANCE, { name: '报表 1' })
    world.instances.add({ instanceId: 'i-bp1other', name: '报表 10', tags: { team: 'reporting' } })
    await hear(world.gate, says('alice', 'start “报表 1” the monthly report', { at: world.clock.now() }))
    expect(onlyRequest(world).proposal.request.instanceId).toBe(INSTANCE)
    expect(world.calls.counts()).toEqual({
      'ecs DescribeInstances': 2,
      'asks GetRange': 1,
      'open PutRow': 1,
      'asks PutRow': 1,
      'fc InvokeFunction': 1,
    })
  })

  test('does not choose between instances of one name', async () => {
    const world = createChattyWorld()
    world.instances.change(INSTANCE, { name: 'report' })
    world.instances.add({
      instanceId: 'i-bp1twin',
      name: 'report',
      zone: 'cn-hangzhou-k',
      status: 'Running',
      tags: { team: 'reporting' },
    })
    await hear(world.gate, says('alice', 'start report the monthly report', { at: world.clock.now() }))
    const [answer] = answersTo(world, 'alice')
    expect(answer).toContain(INSTANCE)
    expect(answer).toMatch(/i-bp1twin.*cn-hangzhou-k.*Running/)
    expect(world.asks.rows()).toEqual([])
  })

  test.each(['is the name of two', 'is the name of another', 'is the name of nothing'])(
    'of a name that by the repeat of the message %s is the same request',
    async (change) => {
      const world = createChattyWorld()
      world.instances.change(INSTANCE, { name: 'report' })
      const event = says('alice', 'start report the monthly report', { at: world.clock.now() })
      await hear(world.gate, event)
      if (change !== 'is the name of two') world.instances.change(INSTANCE, { name: 'renamed' })
      if (change !== 'is the name of nothing')
        world.instances.add({ instanceId: 'i-bp1twin', name: 'report', tags: { team: 'reporting' } })
      await hear(world.gate, event)
      expect(onlyRequest(world).proposal.request.instanceId).toBe(INSTANCE)
      expect(answersTo(world, 'alice')).toEqual([])
    },
  )

  test('counts only those that this person may ask for', async () => {
    const world = createChattyWorld()
    world.instances.change(INSTANCE, { name: 'report' })
    world.instances.add({ instanceId: 'i-bp1secret', name: 'report', tags: { team: 'payroll' } })
    world.instances.add({ instanceId: 'i-bp1far', name: 'report', regionId: 'cn-beijing', tags: { team: 'reporting' } })
    await hear(world.gate, says('alice', 'start report the monthly report', { at: world.clock.now() }))
    expect(onlyRequest(world).proposal.request.instanceId).toBe(INSTANCE)
  })

  test.each([
    ['an id that there is not', 'i-bp1nobody'],
    ['the id of what nobody may start', 'i-bp1secret'],
  ])('of %s is refused in the same words', async (_, what) => {
    expect(await refusalOf(what)).toBe(
      'Nothing was done. There is no instance X in cn-hangzhou that a rule lets you start. Check the id and region, or ask who keeps the policy.',
    )
  })

  test.each([
    ['a name that there is not', 'nobody'],
    ['the name of what nobody may start', 'payroll'],
    ['a name that could be anything', '*'],
    ['a part of a name', 'pay*'],
    ['a name that every object has', 'constructor'],
    ['a name that is too long', 'x'.repeat(129)],
  ])('of %s is refused in the same words', async (_, what) => {
    expect(await refusalOf(what)).toBe(
      'Nothing was done. No instance in cn-hangzhou that a rule lets you start has the name “X”. Names count exactly, capitals too; an id or an alias of the policy works as well.',
    )
  })

  async function refusalOf(what: string): Promise<string | undefined> {
    const world = createChattyWorld()
    world.instances.add({ instanceId: 'i-bp1secret', name: 'payroll', tags: { team: 'payroll' } })
    await hear(world.gate, says('alice', `start ${what} the monthly report`, { at: world.clock.now() }))
    const [answer, ...more] = answersTo(world, 'alice')
    expect(more).toEqual([])
    expect(world.asks.rows()).toEqual([])
    return answer?.replaceAll(what, 'X')
  }

  test('of a name costs whoever may ask for nothing no call', async () => {
    const world = createChattyWorld()
    await hear(world.gate, says('dave', 'start report the monthly report', { at: world.clock.now() }))
    expect(answersTo(world, 'dave')).toHaveLength(1)
    expect(world.calls.list).toEqual([])
  })

  test('that is refused says why, in the language that was spoken', async () => {
    const world = createChattyWorld()
    world.instances.change(INSTANCE, { status: 'Running' })
    await hear(world.gate, says('alice', `启动 ${INSTANCE} 月报`, { at: world.clock.now() }))
    expect(answersTo(world, 'alice')[0]).toMatch(/\p{Script=Han}.*Running|Running.*\p{Script=Han}/u)
    expect(world.asks.rows()).toEqual([])
  })

  test.each([
    ['is too long', 'x'.repeat(501), /^Nothing was done\. .*500 characters.*\/startgate start.*shorter/],
    ['reorders what is read', 'the \u202emonthly report', /^Nothing was done\. .*nobody sees.*plain one/],
  ])('with a reason that %s is refused', async (_, reason, answer) => {
    const world = createChattyWorld()
    await hear(world.gate, says('alice', `start ${INSTANCE} ${reason}`, { at: world.clock.now() }))
    expect(answersTo(world, 'alice')).toEqual([expect.stringMatching(answer) as string])
    expect(world.calls.list).toEqual([])
  })
})
