// Several platforms as one, and what becomes of the others when one of them answers nothing any more.
import { describe, expect, test } from 'vitest'
import { createChat } from '#adapters/chat/chat.ts'
import { DURATIONS, SECOND } from '#core/durations.ts'
import type { Chat, Posted } from '#ports/chat.ts'
import { createVirtualClock } from '#support/memory/clock.ts'

const SLACK = { platform: 'slack', kind: 'group', id: 'C1' } as const
const FEISHU = { platform: 'feishu', kind: 'group', id: 'oc_1' } as const
const TEXT = { kind: 'text', text: 'news' } as const

/** Slack takes `takes` ms for each call and then fails, or succeeds; Feishu answers at once. */
function setup() {
  const clock = createVirtualClock()
  const state = { takes: DURATIONS.deliverTimeout, ok: false, calls: 0 }
  const answer = async (): Promise<Posted> => {
    state.calls += 1
    await clock.sleep(state.takes)
    return state.ok ? { ok: true, id: 'm1' } : { ok: false, why: 'no answer in time' }
  }
  const slack: Chat = { post: answer, edit: answer }
  const feishu: Chat = { post: async () => ({ ok: true, id: 'om_1' }), edit: async () => ({ ok: true, id: 'om_1' }) }
  const chat = createChat(
    new Map([
      ['slack', async () => slack],
      ['feishu', async () => feishu],
    ]),
    { clock, durations: DURATIONS },
  )
  const timed = async (work: () => Promise<Posted>) => {
    const began = clock.monotonic()
    return { posted: await work(), took: clock.monotonic() - began }
  }
  return {
    clock,
    state,
    chat,
    timed,
    post: () => chat.post(SLACK, TEXT, 'k'),
    edit: () => chat.edit(SLACK, 'm1', TEXT),
  }
}

describe('a platform', () => {
  test('that is not connected is said to be none', async () => {
    const { chat } = setup()
    const posted = await chat.post({ platform: 'dingtalk', kind: 'person', id: 'bob' }, TEXT, 'k')
    expect(posted).toEqual({ ok: false, why: 'dingtalk is not connected' })
  })

  test('that cannot be loaded is said to be so, and loaded when it can be', async () => {
    let missing = true
    const load = async (): Promise<Chat> => {
      if (missing) throw new Error('Cannot find module')
      return { post: async () => ({ ok: true, id: 'm1' }), edit: async () => ({ ok: true, id: 'm1' }) }
    }
    const chat = createChat(new Map([['slack', load]]), { clock: createVirtualClock(), durations: DURATIONS })
    const failed = { ok: false, why: 'slack could not be loaded' }
    expect([await chat.post(SLACK, TEXT, 'k'), await chat.edit(SLACK, 'm1', TEXT)]).toEqual([failed, failed])
    missing = false
    expect(await chat.post(SLACK, TEXT, 'k')).toEqual({ ok: true, id: 'm1' })
  })

  test('that answers nothing three times is not asked for a while, and others are', async () => {
    const { state, chat, timed, post, edit } = setup()
    for (const ask of [post, edit, post]) expect((await timed(ask)).took).toBe(DURATIONS.deliverTimeout)
    for (const ask of [post, edit])
      expect(await timed(ask)).toEqual({ posted: { ok: false, why: 'slack has not answered lately' }, took: 0 })
    expect(state.calls).toBe(3)
    expect(await chat.post(FEISHU, TEXT, 'k')).toEqual({ ok: true, id: 'om_1' })
  })

  test('is asked again after that while, and for good once it answers', async () => {
    const { clock, state, timed, post } = setup()
    for (let n = 0; n < 3; n += 1) await post()
    await clock.advance(3 * DURATIONS.deliverTimeout)
    expect((await timed(post)).took).toBe(DURATIONS.deliverTimeout)
    expect((await timed(post)).took).toBe(0)
    await clock.advance(3 * DURATIONS.deliverTimeout)
    Object.assign(state, { takes: SECOND, ok: true })
    for (let n = 0; n < 3; n += 1) expect(await timed(post)).toEqual({ posted: { ok: true, id: 'm1' }, took: SECOND })
  })

  test.each([
    ['refuses at once', { takes: SECOND, ok: false }],
    ['is slow, and answers', { takes: DURATIONS.deliverTimeout, ok: true }],
  ])('that %s is asked each time', async (_, how) => {
    const { state, post } = setup()
    Object.assign(state, how)
    for (let n = 0; n < 10; n += 1) await post()
    expect(state.calls).toBe(10)
  })

  test('is counted from anew by each answer', async () => {
    const { state, post } = setup()
    for (let n = 0; n < 12; n += 1) {
      state.takes = n % 3 === 2 ? SECOND : DURATIONS.deliverTimeout
      await post()
    }
    expect(state.calls).toBe(12)
  })
})
