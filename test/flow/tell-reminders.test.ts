// One reminder before a request expires, to each approver who has not said yes.
import { describe, expect, test } from 'vitest'
import { DAY, MINUTE } from '#core/durations.ts'
import { approve, cancel } from '#flow/decide.ts'
import { tell } from '#flow/tell.ts'
import { chatPolicy, createChattyWorld, inboxOf } from '#support/chatters.ts'
import { tickFor } from '#support/tick-for.ts'
import type { World } from '#support/world.ts'

/** The rule `scratch` needs two of bob, carol and dave within an hour. */
const SCRATCH = { instanceId: 'i-bp1scratch' }
/** After so many minutes. */
const TIME = 45

function createTown(): World {
  const world = createChattyWorld(chatPolicy({ timeZone: 'Asia/Shanghai' }))
  world.instances.add({ ...SCRATCH, tags: { team: 'scratch' } })
  return world
}

const remindersOf = (world: World): readonly string[] =>
  world.chat.messages.flatMap(({ to, shown }) => (shown.kind === 'text' ? [to] : []))
const textsOf = (world: World): readonly string[] =>
  world.chat.messages.flatMap(({ shown }) => (shown.kind === 'text' ? [shown.text] : []))
const recorded = (world: World): readonly string[] =>
  world.asks
    .rows()
    .filter(({ type }) => type === 'posted')
    .flatMap(({ body }) => Object.keys((body as { readonly to: object }).to))
    .filter((target) => target.endsWith('#reminder'))

async function asked(world: World, wish = {}) {
  const { proposal } = await world.ask({ ...SCRATCH, ...wish })
  await world.runHints()
  return proposal
}

describe('a reminder', () => {
  test('is a message of its own, once, and says what is open and where', async () => {
    const world = createTown()
    const { request } = await asked(world)
    await tickFor(world, TIME - 1)
    expect(remindersOf(world)).toEqual([])
    await tickFor(world, 1)
    const all = ['bob', 'carol', 'dave'].map(inboxOf)
    expect(remindersOf(world)).toEqual(all)
    expect(world.chat.messages.at(-1)?.shown).toEqual({
      kind: 'text',
      text: [
        'Still open: the start of worker (i-bp1scratch), asked by alice: “The monthly report is due”',
        'Waiting for 2 more approvals from bob, carol, dave. Valid until 2026-11-23 18:00 Asia/Shanghai.',
        `https://start.example.com/r/${request.id}`,
      ].join('\n'),
    })
    await tickFor(world, 60)
    expect(remindersOf(world)).toEqual(all)
    expect(recorded(world)).toEqual(all.map((target) => `${target}#reminder`))
    // The cards hear how it ended.
    expect(world.chat.messages.filter(({ shown, edits }) => shown.kind === 'card' && edits > 0)).toHaveLength(4)
    expect(world.open.entries()).toEqual([])
  })

  test('says how it ended as soon as it has, and nothing in between', async () => {
    const world = createTown()
    const proposal = await asked(world)
    const { id } = proposal.request
    await tickFor(world, TIME)
    const before = textsOf(world)
    await approve(world.gate, id, await world.sign('carol', 'approve', proposal))
    await world.runHints()
    expect(textsOf(world)).toEqual(before)
    await cancel(world.gate, id, 'alice')
    await world.runHints()
    const said = expect.stringMatching(
      `^Over: .*${SCRATCH.instanceId}.*alice.*\nhttps://start.example.com/r/${id}$`,
    ) as string
    expect(textsOf(world)).toEqual([said, said, said])
    expect(world.open.entries()).toEqual([])
  })

  test('stays as it is where it cannot be changed: that is no reason to tell anybody again', async () => {
    const world = createTown()
    const { request } = await asked(world)
    await tickFor(world, TIME)
    const before = textsOf(world)
    await cancel(world.gate, request.id, 'alice')
    const edit: World['chat']['edit'] = async (to, id, message) =>
      message.kind === 'text' ? { ok: false, why: 'texts stay' } : world.chat.edit(to, id, message)
    await tell({ ...world.gate, chat: { ...world.chat, edit } }, request.id, 'hint')
    expect(textsOf(world)).toEqual(before)
    expect(world.open.entries()).toEqual([])
    expect(world.log.lines.filter(({ event }) => event === 'telling.failed')).toEqual([])
  })

  test('is for those who have not said yes, as long as one is needed', async () => {
    const world = createTown()
    const proposal = await asked(world)
    await approve(world.gate, proposal.request.id, await world.sign('carol', 'approve', proposal))
    await tickFor(world, TIME)
    expect(remindersOf(world)).toEqual(['bob', 'dave'].map(inboxOf))
  })

  test('comes to nobody once there are enough, or it was stopped', async () => {
    const [enough, stopped] = [createTown(), createTown()]
    const proposal = await asked(enough)
    for (const name of ['bob', 'carol'] as const)
      await approve(enough.gate, proposal.request.id, await enough.sign(name, 'approve', proposal))
    await cancel(stopped.gate, (await asked(stopped)).request.id, 'alice')
    for (const world of [enough, stopped]) {
      await tickFor(world, 61)
      expect(remindersOf(world)).toEqual([])
    }
  })

  test('counts from the time at which it may be started', async () => {
    const world = createTown()
    await asked(world, { notBefore: world.clock.now() + 2 * DAY })
    await world.clock.advance(2 * DAY)
    await tickFor(world, TIME - 1)
    expect(remindersOf(world)).toEqual([])
    await tickFor(world, 1)
    expect(remindersOf(world)).toHaveLength(3)
  })

  test('costs no reading in between', async () => {
    const world = createTown()
    await asked(world, { notBefore: world.clock.now() + 2 * DAY })
    await world.clock.advance(2 * DAY + 31 * MINUTE)
    world.calls.forget()
    // A round of the timer and the reminder's own time fall together; its offsets follow until it is recorded, and after.
    await tickFor(world, 28)
    expect(world.calls.counts()).toMatchObject({ 'asks GetRange': 4, 'asks PutRow': 1 })
  })

  test('that failed is tried again at the offsets, and not after it has expired', async () => {
    const world = createTown()
    await asked(world)
    world.chat.refuse('slack')
    await tickFor(world, TIME + 3)
    world.chat.accept('slack')
    await tickFor(world, 1)
    expect(remindersOf(world)).toEqual([])
    await tickFor(world, 1)
    expect(remindersOf(world)).toHaveLength(3)

    const late = createTown()
    await asked(late)
    await tickFor(late, TIME - 1)
    late.chat.refuse('slack')
    await tickFor(late, 16)
    late.chat.accept('slack')
    await tickFor(late, 60)
    expect(remindersOf(late)).toEqual([])
    expect(recorded(late)).toEqual([])
    expect(late.open.entries()).toEqual([])
  })

  test('that failed for one alone is sent to that one', async () => {
    const world = createTown()
    const { request } = await asked(world)
    await world.clock.advance(TIME * MINUTE)
    const post: World['chat']['post'] = async (to, ...rest) =>
      to.id === 'UCAROL' ? { ok: false, why: 'the platform answered 503' } : world.chat.post(to, ...rest)
    await tell({ ...world.gate, chat: { ...world.chat, post } }, request.id, 'timer')
    expect(remindersOf(world)).toEqual(['bob', 'dave'].map(inboxOf))
    await tickFor(world, 1)
    expect(remindersOf(world)).toEqual(['bob', 'dave', 'carol'].map(inboxOf))
  })

  test('by two gates at once has one key for each target', async () => {
    const world = createTown()
    const { request } = await asked(world)
    await world.clock.advance(TIME * MINUTE)
    await Promise.all([world.tellDue(), world.tell(request.id)])
    const keys = world.chat.messages.flatMap(({ shown, key }) => (shown.kind === 'text' ? [key] : []))
    expect([keys.length, new Set(keys).size]).toEqual([6, 3])
    expect(world.chat.messages.flatMap(({ shown, key }) => (shown.kind === 'card' ? [key] : []))).not.toContain(keys[0])
    await tickFor(world, 10)
    expect(remindersOf(world)).toHaveLength(6)
  })

  test('a hint in that time brings it too', async () => {
    const world = createTown()
    const { request } = await asked(world)
    await world.clock.advance((TIME + 10) * MINUTE)
    await world.tell(request.id)
    expect(remindersOf(world)).toHaveLength(3)
  })
})
