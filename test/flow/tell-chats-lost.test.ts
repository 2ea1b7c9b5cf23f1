// Cards whose posting, changing or recording gets lost.
import { describe, expect, test } from 'vitest'
import { approve, cancel } from '#flow/decide.ts'
import { tell } from '#flow/tell.ts'
import type { Chat } from '#ports/chat.ts'
import { createChattyWorld } from '#support/chatters.ts'
import { approved } from '#support/ready.ts'
import { CANCELLED, cardsOf, ROOM, roomPolicy, RUNS, shownAt, WAITS } from '#support/room.ts'
import { tickFor } from '#support/tick-for.ts'
import type { World } from '#support/world.ts'

/** Whoever waits for it goes on when it is opened. */
function createBarrier() {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return Object.assign(opened, { open })
}

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
