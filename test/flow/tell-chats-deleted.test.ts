// Cards that people delete.
import { describe, expect, test } from 'vitest'
import { approve, cancel } from '#flow/decide.ts'
import { tell } from '#flow/tell.ts'
import type { Chat } from '#ports/chat.ts'
import { createChattyWorld } from '#support/chatters.ts'
import { CANCELLED, cardsOf, ROOM, roomPolicy, RUNS, shownAt, told } from '#support/room.ts'

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
