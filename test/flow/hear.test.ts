// What people do in a chat, and what becomes of it.
import { describe, expect, test } from 'vitest'
import { CHAT_WORDS } from '#core/language/chat-tables.ts'
import { approve } from '#flow/decide.ts'
import { hear } from '#flow/hear.ts'
import {
  answersTo,
  chatPolicy,
  createChattyWorld,
  GROUP,
  inboxOf,
  onlyRequest,
  says,
  taps,
  userOf,
} from '#support/chatters.ts'
import { teamDocument } from '#support/team.ts'
import { INSTANCE } from '#support/world.ts'

describe('somebody whom the policy does not know', () => {
  test('is told how to be added, and nothing is done', async () => {
    const world = createChattyWorld()
    await hear(world.gate, says('erin', `start ${INSTANCE} the monthly report`, { at: world.clock.now() }))

    expect(answersTo(world, 'erin')).toEqual([expect.stringContaining('slack:T1/UERIN') as string])
    expect(world.calls.list).toEqual([])
  })

  test('is not written to for a tap, which names whomever its forger wants', async () => {
    const world = createChattyWorld()
    const { proposal } = await world.ask()
    const rows = world.asks.rows().length
    await hear(world.gate, taps('erin', proposal.request.id, { at: world.clock.now() }))

    expect(world.chat.messages).toEqual([])
    expect(world.asks.rows()).toHaveLength(rows)
    expect(world.log.lines.at(-1)).toMatchObject({ event: 'chat.heard', facts: { principal: null } })
  })

  test.each([
    ['', 'zh', 'zh'],
    ['frobnicate', 'zh', 'zh'],
    ['list', 'zh', 'en'],
    ['', 'en', 'en'],
    ['帮助', 'en', 'zh'],
  ])('is told in the language of the word, or of the platform’s cards: %j where these are in %s', async (...all) => {
    const [text, language, spoken] = all
    const world = createChattyWorld(chatPolicy({ chats: { slack: { team: 'T1', app: 'A1', language } } }))
    await hear(world.gate, says('erin', text, { at: world.clock.now() }))
    expect(/\p{Script=Han}/u.test(answersTo(world, 'erin')[0] ?? '') ? 'zh' : 'en').toBe(spoken)
  })

  test('is whoever has a known id in another organisation', async () => {
    const world = createChattyWorld()
    const event = says('alice', `start ${INSTANCE} the monthly report`, { at: world.clock.now() })
    await hear(world.gate, { ...event, by: { ...event.by, tenant: 'T2' } })
    expect(world.asks.rows()).toEqual([])
  })
})

describe('show', () => {
  test('brings the card to whoever asks for it, and records nothing', async () => {
    const world = createChattyWorld()
    const { proposal } = await world.ask()
    const { id } = proposal.request
    const before = world.asks.rows().length
    await hear(world.gate, says('bob', `show ${id}`, { at: world.clock.now(), where: GROUP }))
    await hear(world.gate, says('alice', `查看 ${id}`, { at: world.clock.now(), id: 'm2' }))
    expect(world.chat.messages.map(({ to }) => to)).toEqual([inboxOf('bob'), inboxOf('alice')])
    expect(world.chat.messages.map(({ shown }) => shown)).toMatchObject([
      { kind: 'card', card: { request: id, language: 'en', buttons: [{ kind: 'review' }, { kind: 'deny' }] } },
      { kind: 'card', card: { request: id, language: 'zh', buttons: [{ kind: 'review' }] } },
    ])
    expect(world.asks.rows()).toHaveLength(before)
  })

  test('says as of when it is, in the time of the policy, and that it does not change', async () => {
    const world = createChattyWorld(chatPolicy({ timeZone: 'Asia/Shanghai' }))
    const { proposal } = await world.ask()
    await hear(world.gate, says('bob', `show ${proposal.request.id}`, { at: world.clock.now() }))
    const { shown } = world.chat.messages.at(-1) ?? {}
    const facts = shown?.kind === 'card' ? shown.card.facts : []
    expect(facts.at(-1)).toEqual({ label: 'As of', value: '2026-11-23 17:00 Asia/Shanghai; this card does not change' })
    expect(facts).toContainEqual({ label: 'Valid until', value: '2026-11-23 17:30 Asia/Shanghai' })
  })

  test('has nothing to tap but the page once there are enough yeses: it would stay there', async () => {
    const world = createChattyWorld()
    const { proposal } = await world.ask()
    const { id } = proposal.request
    await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
    await hear(world.gate, says('carol', `show ${id}`, { at: world.clock.now() }))
    const { shown } = world.chat.messages.at(-1) ?? {}
    expect(shown).toMatchObject({ kind: 'card', card: { title: 'A start is approved', buttons: [{ kind: 'review' }] } })
  })

  test('has nothing to tap but the page once nothing can be stopped', async () => {
    const world = createChattyWorld()
    const { proposal } = await world.ask()
    const { id } = proposal.request
    await hear(world.gate, taps('bob', id, { at: world.clock.now() }))
    await hear(world.gate, says('bob', `show ${id}`, { at: world.clock.now() }))
    const { shown } = world.chat.messages.at(-1) ?? {}
    expect(shown).toMatchObject({ kind: 'card', card: { buttons: [{ kind: 'review' }] } })
  })

  test('of what is not there says so', async () => {
    const world = createChattyWorld()
    await hear(world.gate, says('alice', `show req_${'0'.repeat(32)}`, { at: world.clock.now() }))
    expect(answersTo(world, 'alice')).toEqual([expect.stringMatching(/^Nothing was done\. /) as string])
  })
})

describe('a no', () => {
  test('by cancel stops the request, with the reason', async () => {
    const world = createChattyWorld()
    const { proposal } = await world.ask()
    const { id } = proposal.request
    await hear(world.gate, says('alice', `cancel ${id} not needed any more`, { at: world.clock.now() }))
    expect(world.asks.stream(id)[1]).toMatchObject({
      type: 'cancelled',
      body: { by: 'alice', chat: 'slack:T1/UALICE', reason: 'not needed any more' },
    })
    expect(answersTo(world, 'alice')).toEqual([`Stopped: worker (${INSTANCE}) is not started for ${id}.`])
  })

  test('by cancel stops it without a reason that could not be read back', async () => {
    const world = createChattyWorld()
    const { proposal } = await world.ask()
    const { id } = proposal.request
    await hear(world.gate, says('alice', `cancel ${id} ${'x'.repeat(501)}`, { at: world.clock.now() }))
    expect(world.asks.stream(id)[1]).toMatchObject({ type: 'cancelled', body: { by: 'alice' } })
    expect((await world.load(id)).asks.fault).toBeUndefined()
  })

  test('by cancel of who may not is refused', async () => {
    const world = createChattyWorld()
    const { proposal } = await world.ask()
    await hear(world.gate, says('bob', `cancel ${proposal.request.id}`, { at: world.clock.now() }))
    expect(world.asks.stream(proposal.request.id)).toHaveLength(1)
    expect(answersTo(world, 'bob')[0]).toMatch(/^Nothing was done\. Only the requester/)
  })

  test('by a tap of an approver denies it, on the word of the platform', async () => {
    const world = createChattyWorld()
    const { proposal } = await world.ask()
    const { id } = proposal.request
    await hear(world.gate, taps('bob', id, { at: world.clock.now() }))
    expect(world.asks.stream(id)[1]).toMatchObject({
      type: 'denied',
      actor: { principal: 'bob' },
      body: { approver: 'bob', chat: `slack:T1/${userOf('bob')}` },
    })
    expect(answersTo(world, 'bob')).toEqual([`Stopped: worker (${INSTANCE}) is not started for ${id}.`])
    expect(world.hints.sent.at(-1)).toEqual({ to: 'gate', request: id })
  })

  test('by a tap of the requester cancels it; by anybody else it is refused', async () => {
    const rules = teamDocument().rules.map((rule) => ({ ...rule, mayCancel: [] }))
    const world = createChattyWorld(chatPolicy({ rules }))
    const { proposal } = await world.ask()
    const { id } = proposal.request
    await hear(world.gate, taps('dave', id, { at: world.clock.now() }))
    expect(answersTo(world, 'dave')[0]).toMatch(/^Nothing was done\. /)
    await hear(world.gate, taps('alice', id, { at: world.clock.now() }))
    expect(world.asks.stream(id)[1]).toMatchObject({ type: 'cancelled', body: { by: 'alice' } })
  })

  test('that comes when a start is under way is told to be late', async () => {
    const world = createChattyWorld()
    const { proposal } = await world.ask()
    const { id } = proposal.request
    await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
    await world.start(id)
    await hear(world.gate, taps('carol', id, { at: world.clock.now() }))
    expect(answersTo(world, 'carol')[0]).toMatch(/may already be under way/)
  })

  test('that comes again, also after everybody was told, does nothing more and is answered the same', async () => {
    const world = createChattyWorld()
    const { proposal } = await world.ask()
    const { id } = proposal.request
    await hear(world.gate, taps('bob', id, { at: world.clock.now() }))
    await hear(world.gate, taps('bob', id, { at: world.clock.now() }))
    await world.runHints()
    const rows = world.asks.stream(id).length
    await hear(world.gate, taps('bob', id, { at: world.clock.now() }))
    expect(world.asks.stream(id)).toHaveLength(rows)
    expect(world.asks.stream(id).filter(({ type }) => type === 'denied')).toHaveLength(1)
    const answers = answersTo(world, 'bob').filter((answer) => !answer.startsWith('card'))
    expect(answers).toEqual(Array(3).fill(expect.stringMatching(/^Stopped: /)))
  })

  test('that comes again by cancel is answered the same, and to somebody else it is over', async () => {
    const world = createChattyWorld()
    const { proposal } = await world.ask()
    const { id } = proposal.request
    const event = says('alice', `cancel ${id}`, { at: world.clock.now() })
    await hear(world.gate, event)
    await world.runHints()
    await hear(world.gate, event)
    expect(answersTo(world, 'alice').at(-1)).toMatch(/^Stopped: /)
    await hear(world.gate, taps('bob', id, { at: world.clock.now() }))
    expect(answersTo(world, 'bob').at(-1)).toMatch(/^Nothing was done\. This request is cancelled/)
  })
})

describe('what is no command', () => {
  test.each([
    ['help', 'help', /\n\/startgate start db-1[^]*group: slack\/C1\n/],
    ['帮助', '帮助', /\p{Script=Han}/u],
    ['a yes', 'approve req_00112233445566778899aabbccddeeff', /^Nothing was approved/],
    ['another word', 'frobnicate', /“frobnicate”.*\/startgate help/],
    ['start alone', 'start', /^Which instance.*\/startgate start/],
    ['start without a reason', `start ${INSTANCE}`, /^Why.*\/startgate start/],
    ['show alone', 'show', /^Which request.*\/startgate show req_…/],
    ['show of something else', 'show db-1', /^“db-1” names no request.*\/startgate list/],
  ])('is answered to whoever said it alone (%s)', async (_, text, answer) => {
    const world = createChattyWorld()
    await hear(world.gate, says('bob', text, { at: world.clock.now(), where: GROUP }))
    expect(answersTo(world, 'bob')).toEqual([expect.stringMatching(answer) as string])
    expect(world.chat.messages).toHaveLength(1)
    expect(world.calls.list).toEqual([])
  })
})

describe('an answer', () => {
  test('is posted under a key of its event, the same for every repeat', async () => {
    const world = createChattyWorld()
    const at = world.clock.now()
    await hear(world.gate, says('bob', 'help', { at, id: 'x'.repeat(256) }))
    await hear(world.gate, says('bob', 'help', { at: at + 1, id: 'x'.repeat(256) }))
    await hear(world.gate, says('bob', 'help', { at, id: 'other' }))
    const [first, again, other] = world.chat.messages.map(({ key }) => key)
    expect(first).toMatch(/^[!-~]{1,64}$/)
    expect(again).toBe(first)
    expect(other).not.toBe(first)
  })

  test('that cannot be posted fails after the work is done, and the repeat does nothing twice', async () => {
    const world = createChattyWorld()
    const { proposal } = await world.ask()
    const { id } = proposal.request
    const tap = taps('bob', id, { at: world.clock.now() })
    world.chat.refuse('slack')
    await expect(hear(world.gate, tap)).rejects.toThrow(
      'the answer could not be posted on slack: the platform answered 503',
    )
    expect((await world.load(id)).standing.state).toBe('denied')
    const rows = world.asks.stream(id).length
    world.chat.accept('slack')
    await hear(world.gate, tap)
    expect(answersTo(world, 'bob')).toEqual([`Stopped: worker (${INSTANCE}) is not started for ${id}.`])
    expect(world.asks.stream(id)).toHaveLength(rows)
  })

  test.each(['asks', 'open', 'ecs'])(
    'is not given when %s fails: that is said, and it is heard again',
    async (service) => {
      const world = createChattyWorld()
      const event = says('alice', `start ${INSTANCE} the monthly report`, { at: world.clock.now() })
      world.calls.plan({ service, fault: { kind: 'unclear', applied: true } })
      await expect(hear(world.gate, event)).rejects.toThrow('no clear outcome')
      expect(answersTo(world, 'alice')).toEqual([CHAT_WORDS.en.delayed])
      await hear(world.gate, event)
      onlyRequest(world)
      expect(world.chat.messages).toHaveLength(1)
    },
  )

  test('that there may be none is said of a tap too, under one key of its own, in the language of the cards', async () => {
    const world = createChattyWorld(chatPolicy({ chats: { slack: { team: 'T1', app: 'A1', language: 'zh' } } }))
    const { proposal } = await world.ask()
    const tap = taps('bob', proposal.request.id, { at: world.clock.now() })
    for (let time = 1; time <= 2; time += 1) {
      world.calls.plan({ service: 'asks', fault: { kind: 'unclear', applied: false } })
      await expect(hear(world.gate, tap)).rejects.toThrow('no clear outcome')
    }
    await hear(world.gate, tap)
    const [first, again, answer] = world.chat.messages
    expect([first?.to, first?.shown]).toEqual([inboxOf('bob'), { kind: 'text', text: CHAT_WORDS.zh.delayed }])
    expect(again?.key).toBe(first?.key)
    expect(first?.key).not.toBe(answer?.key)
    expect((await world.load(proposal.request.id)).standing.state).toBe('denied')
  })

  test('that could not be announced as late is late all the same', async () => {
    const world = createChattyWorld()
    world.calls.plan({ service: 'ecs', fault: { kind: 'unclear', applied: false } })
    world.chat.refuse('slack')
    const event = says('alice', `start ${INSTANCE} the monthly report`, { at: world.clock.now() })
    await expect(hear(world.gate, event)).rejects.toThrow('no clear outcome')
  })
})
