import { describe, expect, test } from 'vitest'
import { findSealFlaw, sealEvent, type Sealing } from '#core/chat-seal.ts'
import { parseSealedEvent } from '#core/sealed-event.ts'
import type { ChatEvent } from '#core/chat.ts'
import { hmacSha256 } from '#core/digest.ts'
import { DURATIONS, HOUR, MINUTE } from '#core/durations.ts'
import { AUDIENCE, NOW, REQUEST } from '#support/samples.ts'

const SEALING: Sealing = { viewKey: { current: 'the view key of these tests, 0123456789' }, audience: AUDIENCE }
const BY = { platform: 'slack', tenant: 'T1', user: 'U1' } as const
const SAID: ChatEvent = {
  kind: 'said',
  id: '1700000000.000100',
  by: BY,
  at: NOW,
  where: { platform: 'slack', kind: 'group', id: 'C1' },
  text: '启动 web-1 演示 \ud83d\ude42 "quoted"',
}
const TAPPED: ChatEvent = { kind: 'tapped', id: 'tap', by: BY, at: NOW, button: 'deny', request: REQUEST }

function judge(sealed: unknown, { sealing = SEALING, now = NOW } = {}) {
  const parsed = parseSealedEvent(sealed)
  if (parsed === undefined) throw new Error('it has not the form')
  return findSealFlaw(sealing, parsed, now, DURATIONS)
}

/** As the queue hands it back. */
function overTheWire(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

describe('a sealed event', () => {
  test.each([SAID, TAPPED])('is known again after its way through the queue ($kind)', (event) => {
    expect(judge(overTheWire(sealEvent(SEALING, event)))).toBeUndefined()
  })

  test('is known again whatever the order of its members', () => {
    const { chat, seal } = sealEvent(SEALING, SAID)
    const reversed = Object.fromEntries(Object.entries(chat).toReversed())
    expect(judge({ seal, chat: reversed })).toBeUndefined()
  })

  test.each<[string, Partial<Extract<ChatEvent, { kind: 'said' }>>]>([
    ['another text', { text: 'start db-1 please' }],
    ['another person', { by: { ...BY, user: 'U2' } }],
    ['another organisation', { by: { ...BY, tenant: 'T2' } }],
    ['another place', { where: { platform: 'slack', kind: 'group', id: 'C2' } }],
    ['another id', { id: '1700000000.000200' }],
    ['another time', { at: NOW + 1 }],
  ])('with %s is none any more', (_what, change) => {
    expect(judge({ ...sealEvent(SEALING, SAID), chat: { ...SAID, ...change } })).toBe('not_sealed')
  })

  test('of another deployment, or under another view key, is none here', () => {
    const elsewhere = sealEvent({ ...SEALING, audience: AUDIENCE.replace('hangzhou', 'beijing') }, SAID)
    const stranger = sealEvent({ ...SEALING, viewKey: { current: 'another view key, also of some length' } }, SAID)
    expect([judge(elsewhere), judge(stranger)]).toEqual(['not_sealed', 'not_sealed'])
  })

  test('cannot be made with what the view key makes elsewhere', () => {
    const seal = hmacSha256(SEALING.viewKey.current, [AUDIENCE, SAID])
    expect(judge({ chat: SAID, seal })).toBe('not_sealed')
  })

  test('outlives one rotation of the view key, and not two', () => {
    const sealed = sealEvent(SEALING, SAID)
    const [second, third] = ['the second view key of these tests', 'the third view key of these tests']
    const once = { ...SEALING, viewKey: { current: second, previous: SEALING.viewKey.current } }
    const twice = { ...SEALING, viewKey: { current: third, previous: second } }
    expect(judge(sealed, { sealing: once })).toBeUndefined()
    expect(judge(sealed, { sealing: twice })).toBe('not_sealed')
  })

  test('is worked on for two hours, and not before it was said', () => {
    const sealed = sealEvent(SEALING, SAID)
    expect(judge(sealed, { now: NOW + 2 * HOUR })).toBeUndefined()
    expect(judge(sealed, { now: NOW + 2 * HOUR + 1 })).toBe('too_old')
    expect(judge(sealed, { now: NOW - 2 * MINUTE })).toBeUndefined()
    expect(judge(sealed, { now: NOW - 2 * MINUTE - 1 })).toBe('from_the_future')
  })

  test.each([
    ['no seal', { chat: SAID }],
    ['an empty one', { chat: SAID, seal: '' }],
    ['a seal of another form', { chat: SAID, seal: 'g'.repeat(64) }],
    ['more to say', { ...sealEvent(SEALING, SAID), approved: true }],
    ['an event that has more to say', { ...sealEvent(SEALING, SAID), chat: { ...SAID, approved: true } }],
    ['half of a character to say', { ...sealEvent(SEALING, SAID), chat: { ...SAID, text: 'start db-1 \ud83d' } }],
    ['half of a character in its id', { ...sealEvent(SEALING, SAID), chat: { ...SAID, id: '\ude80' } }],
    ['an unknown platform', { ...sealEvent(SEALING, SAID), chat: { ...SAID, by: { ...SAID.by, platform: 'irc' } } }],
    ['a button that there is not', { ...sealEvent(SEALING, TAPPED), chat: { ...TAPPED, button: 'approve' } }],
  ])('with %s is refused at the door', (_what, value) => {
    expect(parseSealedEvent(value)).toBeUndefined()
  })
})
