// Cards in chats: one for each target, changed in place, whoever tells.
import { describe, expect, test } from 'vitest'
import { MAX_ROWS, ROWS_KEPT } from '#core/caps.ts'
import { DAY, MINUTE } from '#core/durations.ts'
import { createRow, headOf } from '#core/row.ts'
import { approve, cancel } from '#flow/decide.ts'
import { load } from '#flow/load.ts'
import { tell } from '#flow/tell.ts'
import { chatPolicy, createChattyWorld, inboxOf } from '#support/chatters.ts'
import { approved } from '#support/ready.ts'
import { CANCELLED, cardsOf, ROOM, roomPolicy, RUNS, shownAt, told, WAITS } from '#support/room.ts'
import { tickFor } from '#support/tick-for.ts'

const EXPIRING = 'A request to start is expiring'
const EXPIRED = 'The request to start has expired'

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
