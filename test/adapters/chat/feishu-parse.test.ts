// What Feishu's calls say: mentions, buttons, and people and apps that are none of ours.
import { describe, expect, it } from 'vitest'
import type { Parsed } from '#ports/chat-platform.ts'
import { REQUEST } from '#support/samples.ts'
import { BOB, DENY, feishu, ROBOT, said, tapped, WORDS } from './feishu-calls.ts'

function parse(content: unknown): Parsed {
  return feishu.parse(Buffer.from(JSON.stringify(content)))
}

describe('a message', () => {
  it.each([
    ['@_user_1 list', 'list'],
    ['  @_user_1   start worker-1 now ', 'start worker-1 now'],
    ['@_user_1@_user_2 list', 'list'],
    ['list @_user_1', 'list'],
    ['@_user_1 start worker-1 for @_user_2’s test', 'start worker-1 for @Bob Li’s test'],
    ['@_user_1 start worker-1 for @_user_9', 'start worker-1 for @_user_9'],
    ['@_user_1', ''],
  ])('loses the mention of the robot and keeps that of people: %s', (text, left) => {
    expect(parse(said({ text }))).toMatchObject({ kind: 'said', text: left })
  })

  it('among people in a group is nothing to Startgate', () => {
    const user = { ...BOB, mentioned_type: 'user' }
    for (const mentions of [undefined, null, [], [user]])
      expect(parse(said({ text: '@_user_2 list', message: { mentions } }))).toEqual({ kind: 'ignored' })
    const alone = said({ text: 'list', message: { mentions: undefined, chat_type: 'p2p' } })
    expect(parse(alone)).toMatchObject({ kind: 'said', text: 'list' })
  })

  it('is heard when it is not said what is mentioned', () => {
    const mentions = [{ ...ROBOT, mentioned_type: undefined }]
    expect(parse(said({ message: { mentions } }))).toMatchObject({ kind: 'said', text: 'list' })
  })

  it('comes from the person alone, or from the group', () => {
    expect(parse(said())).toMatchObject({ id: 'om_1', where: { platform: 'feishu', kind: 'group', id: 'oc_ops' } })
    expect(parse(said({ message: { chat_type: 'p2p' } }))).toMatchObject({
      where: { platform: 'feishu', kind: 'person', id: 'ou_alice' },
    })
  })

  it.each([
    ['a picture', said({ message: { message_type: 'image', content: '{"image_key":"img"}' } })],
    ['the word of another app', said({ sender: { sender_type: 'app', sender_id: null } })],
    ['another event', said({ header: { event_type: 'im.chat.member.bot.added_v1' } })],
  ])('is nothing to Startgate when it is %s', (_, content) => {
    const parsed = parse(content)
    expect(parsed).toEqual({ kind: 'ignored' })
    expect(feishu.answer({ kind: 'ignored' }, 'taken')).toEqual({ status: 200, body: {} })
  })

  it.each([
    ['another organisation', said({ header: { tenant_key: 'other' } }), 'tenant other'],
    ['somebody of another organisation', said({ sender: { tenant_key: 'other' } }), 'tenant other'],
    ['another app', said({ header: { app_id: 'cli_other' } }), 'app cli_other'],
    ['nobody', said({ sender: { sender_id: {} } }), 'shape'],
    ['a version of events that is not known', { ...said(), schema: '1.0' }, 'shape'],
    ['a text that is none', said({ message: { content: 'list' } }), 'shape'],
  ])('has a flaw when it is of %s', (_, content, flaw) => {
    expect(parse(content)).toEqual({ flaw })
  })

  it('is sent again when it could not be taken', () => {
    const parsed = parse(said())
    if ('flaw' in parsed) throw new Error(parsed.flaw)
    expect(feishu.answer(parsed, 'taken')).toEqual({ status: 200, body: {} })
    expect(feishu.answer(parsed, 'failed').status).toBe(503)
  })
})

describe('a tap', () => {
  it('is a no to the request on the card', () => {
    const parsed = parse(tapped(DENY))
    expect(parsed).toMatchObject({
      kind: 'tapped',
      id: 'ev_1',
      by: { user: 'ou_bob' },
      button: 'deny',
      request: REQUEST,
    })
    if ('flaw' in parsed) throw new Error(parsed.flaw)
    expect(feishu.answer(parsed, 'taken').body).toEqual({ toast: { type: 'info', content: WORDS.looking } })
    const failed = { toast: { type: 'error', content: WORDS.notTaken } }
    expect(feishu.answer(parsed, 'failed')).toEqual({ status: 200, body: failed })
  })

  it.each([
    ['of another card', { action: 'confirm' }],
    ['of another form', JSON.stringify(DENY)],
    ['with something more', { ...DENY, approve: true }],
    ['for a yes', { ...DENY, startgate: 'approve' }],
  ])('%s is nothing to Startgate', (_, value) => {
    expect(parse(tapped(value))).toEqual({ kind: 'ignored' })
  })

  it('of somebody of another organisation has a flaw', () => {
    expect(parse(tapped(DENY, { tenant_key: 'other' }))).toEqual({ flaw: 'tenant other' })
    expect(parse(tapped(DENY, { tenant_key: undefined }))).toHaveProperty('kind', 'tapped')
  })
})
