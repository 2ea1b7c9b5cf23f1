// Cards that two change at the same time.
import { describe, expect, test } from 'vitest'
import { cancel } from '#flow/decide.ts'
import { tell } from '#flow/tell.ts'
import type { Chat } from '#ports/chat.ts'
import { createChattyWorld } from '#support/chatters.ts'
import { approved } from '#support/ready.ts'
import { CANCELLED, cardsOf, ROOM, roomPolicy, shownAt } from '#support/room.ts'
import type { World } from '#support/world.ts'

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

  test.each([
    ['an answer', true, true],
    ['no answer', false, true],
    // Then it has nothing to record, and only looks whether anybody else had.
    ['no answer, and nobody else was left to be told', false, false],
  ])(
    'show the latest in the end, when the older change came last, with %s, and what was to mend it is lost',
    async (_, answered, othersAreLeft) => {
      const world = createChattyWorld(roomPolicy())
      const id = await approved(world)
      const held: (() => void)[] = []
      let edits = 0
      const chat: Chat = {
        ...world.chat,
        async edit(...args) {
          edits += 1
          const [isOlder, isLost] = [edits <= 4, edits > 4 && edits <= 8]
          if (isOlder) await new Promise<void>((resolve) => held.push(resolve))
          if (isLost) return { ok: false, why: 'no answer in time' }
          const edited = await world.chat.edit(...args)
          return isOlder && !answered ? { ok: false, why: 'no answer in time' } : edited
        },
      }
      const silent: Chat = { ...world.chat, edit: async () => ({ ok: false, why: 'no answer in time' }) }
      if (!othersAreLeft) await tell({ ...world.gate, chat: silent }, id, 'hint')
      const older = tell({ ...world.gate, chat }, id, 'hint')
      await world.clock.advance(0)
      await cancel(world.gate, id, 'alice')
      await world.tell(id)
      // Whoever knew more is done: nobody else will come by.
      expect(world.open.entries()).toEqual([])
      for (const go of held) go()
      await older
      expect(edits).toBeGreaterThan(8)
      expect(shownAt(world, ROOM)).toEqual([CANCELLED])
    },
  )
})
