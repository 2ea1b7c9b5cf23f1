// Nobody waits for the answer to a schedule: a refusal has to find its owner.
import { describe, expect, test } from 'vitest'
import { askBySchedule } from '#flow/schedule.ts'
import { createChattyWorld, inboxOf } from '#support/chatters.ts'
import { INSTANCE } from '#support/world.ts'

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
