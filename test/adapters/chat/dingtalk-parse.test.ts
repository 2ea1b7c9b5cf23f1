// What DingTalk's calls say, and how they are answered, where it is unlike other platforms.
import { describe, expect, it } from 'vitest'
import type { Parsed } from '#ports/chat-platform.ts'
import { aDingtalk, APP, GROUP, someCalls, take, takeMessage, WORDS } from '#support/dingtalk.ts'
import { NOW, REQUEST } from '#support/samples.ts'

describe('what is said', () => {
  it.each([
    ['by somebody of another organisation', { senderStaffId: '' }, 'message'],
    ['before the robot is published', { senderStaffId: undefined }, 'message'],
    ['to a robot of another organisation', { chatbotCorpId: 'dingother' }, 'corp dingother'],
    ['by an organisation with an odd id', { senderCorpId: 'ding other' }, 'corp'],
    ['to another robot', { robotCode: 'dingrobot2' }, 'robot dingrobot2'],
    ['by an id that no policy can name', { senderStaffId: 'a/b' }, 'message'],
    ['in a group whose id would come back as another', { conversationId: 'cid_x==' }, 'conversation'],
    ['in a conversation of a new kind', { conversationType: '3' }, 'conversation'],
    ['in a conversation with an odd kind', { conversationType: 'constructor' }, 'conversation'],
    ['without an id', { msgId: '' }, 'message'],
  ])('is refused when it is said %s', (_, change, flaw) => {
    expect(takeMessage(change)).toEqual({ flaw })
  })

  it.each([
    ['a picture', { msgtype: 'picture', content: { downloadCode: 'x' }, text: undefined }],
    ['rich text', { msgtype: 'richText', text: { content: 'list' } }],
    ['a text without text', { text: undefined }],
  ])('is ignored when it is %s', (_, change) => {
    expect(takeMessage(change)).toEqual({ kind: 'ignored' })
  })

  it('is what stands behind the mention, said by who DingTalk says it is, whatever he calls himself', () => {
    const message = { text: { content: '  \u00a0list \n' }, msgId: 'msg/aa4q+==', senderNick: 'Alice (alice)' }

    expect(takeMessage(message)).toEqual({
      kind: 'said',
      id: 'msg/aa4q+==',
      by: { platform: 'dingtalk', tenant: APP.corp, user: 'manager4321' },
      at: NOW,
      where: { platform: 'dingtalk', kind: 'group', id: GROUP.id },
      text: 'list',
    })
  })

  it('is answered with a text, and nothing is sent to the address that came with it', () => {
    const parsed = takeMessage({})
    if ('flaw' in parsed) throw new Error(parsed.flaw)
    const text = (content: string): unknown => ({ status: 200, body: { msgtype: 'text', text: { content } } })

    expect(aDingtalk().answer(parsed, 'taken')).toEqual(text(WORDS.lookingInGroup))
    expect(aDingtalk().answer(parsed, 'failed')).toEqual(text(WORDS.notTaken))
    expect(JSON.stringify(parsed)).not.toContain('sendBySession')
  })

  it('is answered as to one person where one spoke to the robot alone', () => {
    const parsed = takeMessage({ conversationType: '1' })
    if ('flaw' in parsed) throw new Error(parsed.flaw)

    expect(aDingtalk().answer(parsed, 'taken').body).toEqual({ msgtype: 'text', text: { content: WORDS.looking } })
  })
})

describe('a click', () => {
  const takeClick = (change: object): Parsed => {
    const { card } = someCalls()
    const click = { ...(JSON.parse(card.body.toString()) as object), ...change }
    return take({ ...card, body: Buffer.from(JSON.stringify(click)) })
  }

  it.each([
    ['by somebody of another organisation', { corpId: 'dingother' }, 'corp dingother'],
    ['on the card of another app', { outTrackId: `sg_AAAAAAAA_${'A'.repeat(43)}` }, 'card'],
    ['on a card that is not ours', { outTrackId: 'approval-17' }, 'card'],
    ['by an id that no policy can name', { userId: 'a b' }, 'callback'],
    ['by nobody', { userId: undefined }, 'callback'],
  ])('is refused %s', (_, change, flaw) => {
    expect(takeClick(change)).toEqual({ flaw })
  })

  it.each([
    ['is no click', { type: 'dynamicData' }],
    ['says nothing', { content: '{}' }],
    ['is no JSON', { content: 'deny' }],
    [
      'names another button too',
      { content: JSON.stringify({ cardPrivateData: { actionIds: ['deny', 'x'], params: { request: REQUEST } } }) },
    ],
    [
      'names another button',
      { content: JSON.stringify({ cardPrivateData: { actionIds: ['approve'], params: { request: REQUEST } } }) },
    ],
    ['names no request', { content: '{"cardPrivateData":{"actionIds":["deny"],"params":{}}}' }],
  ])('is ignored when it %s', (_, change) => {
    expect(takeClick(change)).toEqual({ kind: 'ignored' })
  })

  it('is named by its card, by who clicked, and by when', () => {
    const idOf = (parsed: Parsed): unknown => ('id' in parsed ? parsed.id : parsed)

    expect(idOf(takeClick({}))).toMatch(/^sg_[\w-]{52}\/manager4321\/[0-9]{13}$/)
    expect(idOf(takeClick({ userId: 'other' }))).not.toBe(idOf(takeClick({})))
  })

  it('leaves the card as it is', () => {
    const parsed = takeClick({})
    if ('flaw' in parsed) throw new Error(parsed.flaw)

    expect(aDingtalk().answer(parsed, 'taken')).toEqual({ status: 200, body: {} })
    expect(aDingtalk().answer(parsed, 'failed')).toEqual({ status: 503, body: {} })
  })
})
