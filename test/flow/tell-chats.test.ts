// Cards in chats: one for each target, changed in place, whoever tells and whatever gets lost.
import { describe, expect, test } from 'vitest'
import { MAX_ROWS, ROWS_KEPT } from '#core/caps.ts'
import { DAY, MINUTE } from '#core/durations.ts'
import { createRow, headOf } from '#core/row.ts'
import { approve, cancel } from '#flow/decide.ts'
import { load } from '#flow/load.ts'
import { askBySchedule } from '#flow/schedule.ts'
import { tell } from '#flow/tell.ts'
import type { Chat } from '#ports/chat.ts'
import { chatPolicy, createChattyWorld, inboxOf } from '#support/chatters.ts'
import { teamDocument } from '#support/team.ts'
import { INSTANCE, type World } from '#support/world.ts'

const ROOM = 'slack/group/C1'

function roomPolicy() {
  const { rules, receivers } = teamDocument()
  return chatPolicy({
    receivers: { ...(receivers as object), room: { group: 'slack/C1' } },
    rules: rules.map((rule) => ({ ...rule, tell: ['ops-room', 'room'] })),
  })
}

async function tickFor(world: World, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    await world.clock.advance(MINUTE)
    await world.tellDue()
  }
}

async function approved(world: World) {
  const { proposal } = await world.ask()
  const { id } = proposal.request
  await world.runHints()
  await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
  return id
}

const cardsOf = (world: World, target: string) => world.chat.messages.filter(({ to }) => to === target)
/** The titles of the cards that a target has, as they show now. */
const shownAt = (world: World, target: string): readonly string[] =>
  cardsOf(world, target).map(({ shown }) => (shown.kind === 'card' ? shown.card.title : shown.text))
const told = (world: World): readonly Readonly<Record<string, string>>[] =>
  world.asks
    .rows()
    .filter(({ type }) => type === 'posted')
    .map(({ body }) => (body as { readonly to: Readonly<Record<string, string>> }).to)

const WAITS = 'A start waits for approval'
const RUNS = 'The instance was started'
const EXPIRING = 'A request to start is expiring'
const EXPIRED = 'The request to start has expired'
const CANCELLED = 'The start was cancelled'

/** Whoever waits for it goes on when it is opened. */
function createBarrier() {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return Object.assign(opened, { open })
}

describe('a card', () => {
  test('is put once with everybody concerned, and changed in place from then on', async () => {
    const world = createChattyWorld(roomPolicy())
    const id = await approved(world)
    const targets = [ROOM, ...['alice', 'bob', 'carol'].map(inboxOf)]
    expect(world.chat.messages.map(({ to }) => to)).toEqual(targets)
    await world.tell(id)
    for (const target of targets) expect(shownAt(world, target)).toEqual(['A start is approved'])
    await world.runHints()
    expect(world.chat.messages.map(({ to, edits }) => [to, edits])).toEqual(targets.map((to) => [to, 2]))
    for (const target of targets) expect(shownAt(world, target)).toEqual([RUNS])
    expect(told(world).map((to) => to[ROOM])).toEqual(['m1', 'm1', 'm1'])
    expect(world.open.entries()).toEqual([])
  })

  test('that has shown the end shows nothing else, also to a gate whose clock is behind', async () => {
    const world = createChattyWorld(roomPolicy())
    const { proposal } = await world.ask()
    const { id, expiresAt } = proposal.request
    const { gate, clock } = world
    await clock.advance(expiresAt + 5 * MINUTE - clock.now())
    const behind = { ...gate, clock: { ...clock, now: () => clock.now() - 2 * MINUTE } }
    await tell(behind, id, 'hint')
    expect(shownAt(world, ROOM)).toEqual([EXPIRING])
    await tell(gate, id, 'hint')
    expect(shownAt(world, ROOM)).toEqual([EXPIRED])
    await tell(behind, id, 'hint')
    expect(shownAt(world, ROOM)).toEqual([EXPIRED])
    expect((await load(behind, id))?.standing.state).toBe('expired')
  })

  test('lets approvers and groups decide, and who asked only look, in the language of its platform', async () => {
    const world = createChattyWorld(chatPolicy({ chats: { slack: { team: 'T1', app: 'A1', language: 'zh' } } }))
    await world.ask()
    await world.runHints()
    const cards = Object.fromEntries(
      world.chat.messages.map(({ to, shown }) => [to, shown.kind === 'card' ? shown.card : expect.fail()]),
    )
    const kinds = (name: string) => cards[inboxOf(name)]?.buttons.map(({ kind }) => kind)
    expect([kinds('alice'), kinds('bob')]).toEqual([['review'], ['review', 'deny']])
    expect(cards[inboxOf('bob')]).toMatchObject({ language: 'zh' })
  })

  test('is made up for by the timer while its platform is down, and nobody else waits', async () => {
    const world = createChattyWorld(roomPolicy())
    world.chat.refuse('slack')
    const { proposal } = await world.ask()
    await world.runHints()
    await tickFor(world, 2)
    expect(world.messenger.delivered.map(({ receiver }) => receiver)).toEqual(['alice-inbox', 'ops-room'])
    await cancel(world.gate, proposal.request.id, 'alice')
    await world.runHints()
    await tickFor(world, 59)
    expect(world.open.entries()).toMatchObject([{ phase: 'tell' }])
    expect(world.chat.messages).toEqual([])
    world.chat.accept('slack')
    await tickFor(world, 3)
    expect(shownAt(world, ROOM)).toEqual([CANCELLED])
    expect(world.chat.messages).toHaveLength(4)
    expect(world.open.entries()).toEqual([])
  })

  test('that cannot be changed is given up after a day, and counts as told', async () => {
    const world = createChattyWorld(roomPolicy())
    const { proposal } = await world.ask()
    await world.runHints()
    world.chat.refuse('slack')
    await cancel(world.gate, proposal.request.id, 'alice')
    await world.runHints()
    await world.clock.advance(DAY)
    await world.tellDue()
    expect(told(world).at(-1)).toMatchObject({ [ROOM]: 'gave_up' })
    expect(shownAt(world, ROOM)).toEqual([WAITS])
    expect(world.open.entries()).toEqual([])
  })

  test('that was given up is changed by later news', async () => {
    const world = createChattyWorld(roomPolicy())
    const { proposal } = await world.ask({ notBefore: world.clock.now() + 3 * DAY })
    const { id } = proposal.request
    await world.runHints()
    world.chat.refuse('slack')
    await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
    await world.runHints()
    await world.clock.advance(DAY)
    await tickFor(world, 16)
    expect(told(world).at(-1)).toMatchObject({ [ROOM]: 'gave_up' })
    world.chat.accept('slack')
    await cancel(world.gate, id, 'alice')
    await world.runHints()
    expect(shownAt(world, ROOM)).toEqual([CANCELLED])
    expect(cardsOf(world, ROOM)).toMatchObject([{ id: 'm1', edits: 1 }])
  })

  test('is not put where it could not be recorded: it would be put again and again', async () => {
    const world = createChattyWorld(roomPolicy())
    const { proposal } = await world.ask()
    const { id } = proposal.request
    for (let n = 1; n < MAX_ROWS - ROWS_KEPT.telling; n += 1)
      world.asks.overwrite(
        createRow(
          {
            book: 'asks',
            stream: id,
            id: 'f'.repeat(32),
            type: 'posted',
            at: world.clock.now(),
            actor: { function: 'gate' },
            body: { upto: { asks: 0, runs: 0 }, state: 'pending', to: {} },
          },
          headOf(world.asks.stream(id)),
        ),
      )
    await world.tell(id)
    expect(world.chat.messages).toEqual([])
    expect(world.messenger.delivered).toHaveLength(2)
    expect(world.asks.stream(id)).toHaveLength(MAX_ROWS - ROWS_KEPT.telling)
  })
})

describe('a card that somebody deletes', () => {
  async function deleted(policy = roomPolicy()) {
    const world = createChattyWorld(policy)
    const { proposal } = await world.ask()
    await world.runHints()
    world.chat.remove('m1')
    expect(shownAt(world, ROOM)).toEqual([])
    return { world, id: proposal.request.id }
  }

  test('is followed by a new one with the next news, which is changed from then on', async () => {
    const { world, id } = await deleted()
    await approve(world.gate, id, await world.sign('bob', 'approve', (await world.load(id)).proposal))
    await world.tell(id)
    expect(cardsOf(world, ROOM)).toMatchObject([{ id: 'm5' }])
    await world.runHints()
    expect(shownAt(world, ROOM)).toEqual([RUNS])
    expect(cardsOf(world, ROOM)).toHaveLength(1)
    expect(told(world).at(-1)?.[ROOM]).toBe('m5')
    expect(world.open.entries()).toEqual([])
  })

  test('has no follower while another shows the same', async () => {
    const world = createChattyWorld(roomPolicy())
    const { proposal } = await world.ask()
    await Promise.all([world.tell(proposal.request.id), world.tell(proposal.request.id)])
    const [first, second] = cardsOf(world, ROOM)
    world.chat.remove(first?.id ?? '')
    await cancel(world.gate, proposal.request.id, 'alice')
    await world.runHints()
    expect(cardsOf(world, ROOM)).toMatchObject([{ id: second?.id }])
    expect(shownAt(world, ROOM)).toEqual([CANCELLED])
  })

  test('is followed under a key of its own, the same until it was recorded', async () => {
    const { world, id } = await deleted()
    await cancel(world.gate, id, 'alice')
    const keys: string[] = []
    const post: Chat['post'] = async (to, message, key) => {
      keys.push(key)
      return keys.length === 1 ? { ok: false, why: 'its answer was lost' } : world.chat.post(to, message, key)
    }
    const gate = { ...world.gate, chat: { ...world.chat, post } }
    await tell(gate, id, 'hint')
    await tell(gate, id, 'hint')
    world.chat.remove('m5')
    await world.tell(id)
    expect(new Set(keys).size).toBe(1)
    expect(world.chat.messages.map(({ key }) => key).slice(0, 3)).not.toContain(keys[0])
    expect(world.open.entries()).toEqual([])
  })
})

describe('when something gets lost', () => {
  test('a card that another gate had put, and that could not be changed, is changed at the next time', async () => {
    const world = createChattyWorld(roomPolicy())
    const { proposal } = await world.ask()
    const { id } = proposal.request
    const [first, second] = [createBarrier(), createBarrier()]
    const { chat } = world
    const behind = tell(
      { ...world.gate, chat: { ...chat, post: async (...args) => first.then(() => chat.post(...args)) } },
      id,
      'hint',
    )
    await world.clock.advance(0)
    await cancel(world.gate, id, 'alice')
    const breaking: Chat = {
      post: async (...args) => second.then(() => chat.post(...args)),
      edit: async (to, message, shown) =>
        chat.messages.slice(0, 4).some((old) => old.id === message)
          ? { ok: false, why: 'no answer in time' }
          : chat.edit(to, message, shown),
    }
    const ahead = tell({ ...world.gate, chat: breaking }, id, 'hint')
    await world.clock.advance(0)
    first.open()
    await behind
    second.open()
    await ahead
    expect(shownAt(world, ROOM)).toEqual([WAITS, CANCELLED])
    await tickFor(world, 2)
    expect(shownAt(world, ROOM)).toEqual([CANCELLED, CANCELLED])
    expect(world.open.entries()).toEqual([])
  })

  test('however many got only half-way, it is one row', async () => {
    const world = createChattyWorld(roomPolicy())
    const { proposal } = await world.ask()
    const { id } = proposal.request
    world.chat.refuse('slack')
    await world.runHints()
    await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
    world.chat.accept('slack')
    const rows = world.asks.stream(id).length
    const chat: Chat = { ...world.chat, edit: async () => ({ ok: false, why: 'the platform answered 429' }) }
    await tell({ ...world.gate, chat }, id, 'hint')
    expect(world.chat.messages.length).toBeGreaterThan(3)
    expect(world.asks.stream(id).length - rows).toBe(2)
  })

  test.each([
    ['with news for others', false],
    ['with news for nobody else', true],
  ])('a change that got no answer and came after a newer one is made up for, %s', async (_, othersKnow) => {
    const world = createChattyWorld(roomPolicy())
    const id = await approved(world)
    if (othersKnow) {
      world.chat.refuse('slack')
      await world.tell(id)
      world.chat.accept('slack')
    }
    let goOn = (): void => {}
    const newer = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const slow: Chat = {
      ...world.chat,
      async edit(...args) {
        await newer
        await world.chat.edit(...args)
        return { ok: false, why: 'no answer in time' }
      },
    }
    const older = tell({ ...world.gate, chat: slow }, id, 'hint')
    await world.clock.advance(0)
    await world.runHints()
    expect(shownAt(world, ROOM)).toEqual([RUNS])
    goOn()
    await older
    expect(shownAt(world, ROOM)).toEqual([RUNS])
  })

  test('between sending and recording, it is put again under the same key', async () => {
    const world = createChattyWorld(roomPolicy())
    const { proposal } = await world.ask()
    world.calls.plan({ service: 'asks', operation: 'PutRow', fault: { kind: 'unclear', applied: false } })
    await expect(world.tell(proposal.request.id)).rejects.toThrow()
    await world.tell(proposal.request.id)
    const cards = cardsOf(world, ROOM)
    expect(cards).toHaveLength(2)
    expect(cards[1]?.key).toBe(cards[0]?.key)
    expect(cards[0]?.key).toMatch(/^[0-9a-f]{32}$/)
    expect(new Set(world.chat.messages.map(({ key }) => key)).size).toBe(4)
    await cancel(world.gate, proposal.request.id, 'alice')
    await world.runHints()
    expect(shownAt(world, ROOM)).toEqual([WAITS, CANCELLED])
  })

  /** Knows its keys, and shows under one that came before what it showed then. */
  function knowsKeys(world: World, hides: (n: number) => boolean): Chat {
    let n = 0
    return {
      ...world.chat,
      async post(to, message, key) {
        const before = world.chat.messages.find((each) => each.key === key)
        const posted =
          before === undefined ? await world.chat.post(to, message, key) : ({ ok: true, id: before.id } as const)
        n += 1
        return hides(n) ? { ok: false, why: 'its answer was lost' } : posted
      },
    }
  }

  test('a platform that knows the key has one card, and it shows the latest', async () => {
    const world = createChattyWorld(roomPolicy())
    const { proposal } = await world.ask()
    const { id } = proposal.request
    const gate = { ...world.gate, chat: knowsKeys(world, (n) => n <= 4) }
    await tell(gate, id, 'hint')
    expect(shownAt(world, ROOM)).toEqual([WAITS])
    await cancel(gate, id, 'alice')
    await tell(gate, id, 'hint')
    expect(shownAt(world, ROOM)).toEqual([CANCELLED])
    expect(world.chat.messages).toHaveLength(4)
    expect(world.open.entries()).toEqual([])
  })

  test('one that was put, and could not be changed at once, is found again', async () => {
    const world = createChattyWorld(roomPolicy())
    const { proposal } = await world.ask()
    const { id } = proposal.request
    await cancel(world.gate, id, 'alice')
    let broken = true
    const edit: Chat['edit'] = async (...args) =>
      broken ? { ok: false, why: 'the platform answered 503' } : world.chat.edit(...args)
    const gate = { ...world.gate, chat: { ...world.chat, edit } }
    await tell(gate, id, 'hint')
    expect(world.open.entries()).toHaveLength(1)
    broken = false
    await tell(gate, id, 'hint')
    expect(world.chat.messages.map(({ edits }) => edits)).toEqual([1, 1, 1, 1])
    expect(world.open.entries()).toEqual([])
  })
})

describe('two that tell at once', () => {
  test('may put two cards, with one key; both show what comes later', async () => {
    const world = createChattyWorld(roomPolicy())
    const { proposal } = await world.ask()
    const { id } = proposal.request
    await Promise.all([world.tell(id), world.tell(id)])
    const cards = cardsOf(world, ROOM)
    expect(cards).toHaveLength(2)
    expect(cards[1]?.key).toBe(cards[0]?.key)
    await cancel(world.gate, id, 'alice')
    await world.runHints()
    expect(shownAt(world, ROOM)).toEqual([CANCELLED, CANCELLED])
  })

  test.each(['older', 'newer'] as const)(
    'show the latest in the end, when the %s news is recorded last',
    async (last) => {
      const world = createChattyWorld(roomPolicy())
      const id = await approved(world)
      // Both change the cards after both have read; the one with the older news changes them last.
      const held: (() => void)[] = []
      const hold = (chat: Chat): Chat => ({
        ...chat,
        async edit(...args) {
          if (held.length < 4) await new Promise<void>((resolve) => held.push(resolve))
          return chat.edit(...args)
        },
      })
      const older = tell({ ...world.gate, chat: hold(world.chat) }, id, 'hint')
      await world.clock.advance(0)
      expect(held).toHaveLength(4)
      await cancel(world.gate, id, 'alice')
      const release = async () => {
        for (const go of held) go()
        await older
      }
      if (last === 'older') {
        await world.tell(id)
        await release()
      } else {
        // It has changed the cards, and waits for the older one before it records that.
        const put: World['gate']['asks']['put'] = async (row) => {
          if (row.type === 'posted') await release()
          return world.asks.put(row)
        }
        await tell({ ...world.gate, asks: { ...world.asks, put } }, id, 'hint')
      }
      expect(shownAt(world, ROOM)).toEqual([CANCELLED])
      expect(world.open.entries()).toEqual([])
    },
  )
})

describe('a schedule that is refused', () => {
  test('is told to its owner, alone, once for each time it fires', async () => {
    const world = createChattyWorld()
    world.instances.remove(INSTANCE)
    const [first, second] = ['2026-11-23T09:00:00Z', '2026-11-24T09:00:00Z']
    await askBySchedule(world.gate, 'nightly', first)
    await askBySchedule(world.gate, 'nightly', second)
    await askBySchedule(world.gate, 'nightly', second)
    expect(world.chat.messages.map(({ to }) => to)).toEqual(Array(3).fill(inboxOf('alice')))
    expect(world.chat.messages[0]?.shown).toEqual({
      kind: 'text',
      text: expect.stringMatching(`^nightly: Nothing was done. .*${INSTANCE}`) as string,
    })
    const [one, two, again] = world.chat.messages.map(({ key }) => key)
    expect([one === two, two === again]).toEqual([false, true])
    expect(world.messenger.delivered).toHaveLength(3)
  })

  test('fails when that could not be told, so that it is repeated', async () => {
    const world = createChattyWorld()
    world.instances.remove(INSTANCE)
    world.chat.refuse('slack')
    await expect(askBySchedule(world.gate, 'nightly', '2026-11-23T09:00:00Z')).rejects.toThrow('1 of 2 receivers')
  })
})
