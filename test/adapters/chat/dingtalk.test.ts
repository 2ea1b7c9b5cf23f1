// What is DingTalk's own: its cryptography, what its signatures leave open, its ids and its template. The rest is in the
// contract of all platforms.
import { createCipheriv } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { decrypt, parseAesKey } from '#adapters/chat/dingtalk/decrypt.ts'
import { createDingtalk, type DingtalkOptions } from '#adapters/chat/dingtalk/dingtalk.ts'
import { fillTemplate, TEMPLATE_VARIABLES } from '#adapters/chat/dingtalk/template.ts'
import { toTrackId } from '#adapters/chat/dingtalk/track-id.ts'
import { HOUR, MINUTE } from '#core/durations.ts'
import { encrypt, signMessage, toSaid } from '#infra/local/chat/dingtalk-calls.ts'
import { createDingtalkPeer } from '#infra/local/chat/dingtalk.ts'
import { createChatPeers } from '#infra/local/chat/peers.ts'
import type { SignedCall } from '#infra/local/chat/peer.ts'
import type { Parsed } from '#ports/chat-platform.ts'
import { bendBody } from '#support/bent-bodies.ts'
import { aCard } from '#support/cards.ts'
import { NOW, REQUEST } from '#support/samples.ts'

const APP = {
  corp: 'ding8a8b8c8d',
  app: 'dingappkey1',
  robot: 'dingrobot1',
  template: '0a1b2c3d-0001.schema',
  route: 'startgate',
  appSecret: 'app secret',
  aesKey: '4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij',
  cardSecret: 'card secret',
}
const CHAT = {
  corp: APP.corp,
  app: APP.app,
  robot: APP.robot,
  template: APP.template,
  route: APP.route,
  language: 'en',
} as const
const GROUP = { kind: 'group', id: 'cidOperations==' } as const
const WORDS = { looking: 'Looking…', notTaken: 'Say it again.' }

interface Change {
  readonly secrets?: Partial<DingtalkOptions['secrets']>
  readonly endpoint?: string
  readonly now?: number
}

function aDingtalk({ secrets, endpoint, now = NOW }: Change = {}) {
  const { appSecret, aesKey, cardSecret } = APP
  return createDingtalk({
    chat: CHAT,
    secrets: {
      appSecret: { current: appSecret },
      aesKey: { current: aesKey },
      cardSecret: { current: cardSecret },
      ...secrets,
    },
    words: WORDS,
    clock: { now: () => now },
    durations: { deliverTimeout: 5000 },
    ...(endpoint !== undefined && { endpoint }),
  })
}

function aPeer() {
  return createDingtalkPeer({ ...APP, groups: [GROUP.id, 'cid5DEAySu/Fk+mtMwii4NLYQ=='], now: () => NOW })
}

function take(call: Pick<SignedCall, 'headers' | 'body'>, change: Change = {}): Parsed {
  const dingtalk = aDingtalk(change)
  const verified = dingtalk.verify(new Headers({ ...call.headers }), call.body)
  return 'flaw' in verified ? verified : dingtalk.parse(verified.bytes)
}

/** What somebody says, as DingTalk sends it before it encrypts it. */
function aMessage(change: object = {}): object {
  return { ...toSaid(APP, 'manager4321', GROUP, 'list', {}, NOW), ...change }
}

function takeMessage(change: object): Parsed {
  return take(signMessage(APP, aMessage(change), NOW))
}

/** Encrypts just this, whatever it is. */
function seal(content: Buffer): string {
  const key = parseAesKey(APP.aesKey)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(content), cipher.final()]).toString('base64')
}

describe('the encryption', () => {
  // The first is DingTalk's own; WeCom publishes the others for the same scheme.
  it.each([
    {
      key: '4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij',
      encrypted:
        '1a3NBxmCFwkCJvfoQ7WhJHB+iX3qHPsc9JbaDznE1i03peOk1LaOQoRz3+nlyGNhwmwJ3vDMG+OzrHMeiZI7gTRWVdUBmfxjZ8Ej23JVYa9VrYeJ5as7XM/ZpulX8NEQis44w53h1qAgnC3PRzM7Zc/D6Ibr0rgUathB6zRHP8PYrfgnNOS9PhSBdHlegK+AGGanfwjXuQ9+0pZcy0w9lQ==',
      message: '{"EventType":"check_create_suite_url","Random":"LPIdSnlF","TestSuiteKey":"suite4xxxxxxxxxxxxxxx"}',
      trailer: 'suite4xxxxxxxxxxxxxxx',
    },
    {
      key: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
      encrypted: 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==',
      message: '1616140317555161061',
      trailer: 'wx5823bf96d3bd56c7',
    },
    {
      key: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
      encrypted:
        'RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==',
      message: expect.stringContaining('<MsgId>4561255354251345929</MsgId>') as string,
      trailer: 'wx5823bf96d3bd56c7',
    },
  ])('opens what was published', ({ key, encrypted, message, trailer }) => {
    const decrypted = decrypt(encrypted, parseAesKey(key))

    expect(decrypted).toEqual({ message: expect.any(Buffer) as Buffer, trailer })
    expect(decrypted?.message.toString()).toEqual(message)
  })

  it('opens messages of every length', () => {
    for (let length = 0; length < 70; length++)
      expect(decrypt(encrypt(APP.aesKey, 'm'.repeat(length), 'end'), parseAesKey(APP.aesKey))).toEqual({
        message: Buffer.from('m'.repeat(length)),
        trailer: 'end',
      })
  })

  const ofLength = (length: number, rest: number): Buffer => {
    const content = Buffer.alloc(20 + rest, 'x')
    content.writeUInt32BE(length, 16)
    return content
  }
  const padded = (content: Buffer, padding = 32 - (content.length % 32)): Buffer =>
    Buffer.concat([content, Buffer.alloc(padding, padding)])
  it.each([
    ['has no padding', Buffer.alloc(64)],
    ['is padded by more than a block', padded(ofLength(3, 8), 36)],
    ['is padded by more than it says', Buffer.concat([ofLength(3, 9), Buffer.from([3, 2, 3])])],
    ['is all padding', Buffer.alloc(32, 32)],
    ['is too short for its head', padded(Buffer.alloc(19))],
    ['says that it is longer than it is', padded(ofLength(9, 8))],
    ['says that it is as long as it can say', padded(ofLength(0xffffffff, 8))],
    ['fills half a block of 32', padded(ofLength(3, 8), 20)],
  ])('refuses what %s', (_, content) => {
    expect(decrypt(seal(content), parseAesKey(APP.aesKey))).toBeUndefined()
  })

  it('refuses what is spelled otherwise, cut off, or of another key', () => {
    const right = encrypt(APP.aesKey, 'message', '')
    const spellings = [`${right} `, ` ${right}`, right.replace(/=+$/, ''), right.replaceAll('+', '-'), `${right}\n`, '']
    for (const encrypted of [...spellings.filter((each) => each !== right), right.slice(0, -4), right.slice(0, 32)])
      expect(decrypt(encrypted, parseAesKey(APP.aesKey))).toBeUndefined()
    expect(decrypt(right, parseAesKey('j'.repeat(43)))).toBeUndefined()
  })

  it.each(['', 'short', `${APP.aesKey}=`, `${APP.aesKey}x`, '-'.repeat(43)])('takes no key like %j', (key) => {
    expect(() => parseAesKey(key)).toThrow(/^an AES key of DingTalk is 43 characters of base64$/)
  })
})

describe('who made a call', () => {
  const AT = 1577262236757
  const encrypted = (message: object = {}): Buffer =>
    Buffer.from(JSON.stringify({ encrypt: encrypt(APP.aesKey, JSON.stringify(message), '') }))

  it('is told from the signature of the robot', () => {
    const headers = new Headers({ timestamp: String(AT), sign: 'hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM=' })
    const dingtalk = aDingtalk({ now: AT, secrets: { appSecret: { current: 'x', previous: 'this is secret' } } })

    expect(dingtalk.verify(headers, encrypted())).toHaveProperty('bytes')
    expect(aDingtalk({ now: AT }).verify(headers, encrypted())).toEqual({ flaw: 'signature' })
  })

  it('is told from the signature of the card', () => {
    const headers = new Headers({
      'x-ddpaas-signature-timestamp': String(AT),
      'x-ddpaas-signature': 'YPRwOACkIyAfSkOByibnXwmticUhkII0vLSQrdNiEPE=',
    })
    const dingtalk = aDingtalk({ now: AT, secrets: { cardSecret: { current: 'x', previous: 'mySecret' } } })

    expect(dingtalk.verify(headers, Buffer.from('{}'))).toHaveProperty('bytes')
    expect(aDingtalk({ now: AT }).verify(headers, Buffer.from('{}'))).toEqual({ flaw: 'signature' })
  })

  it('counts for an hour with the robot, and for five minutes with a card', () => {
    const { robot, card } = someCalls()
    const age = (call: SignedCall, ms: number): unknown => take(call, { now: NOW + ms })

    expect(age(robot, HOUR)).toHaveProperty('kind', 'said')
    expect(age(robot, HOUR + 1)).toEqual({ flaw: 'too_old' })
    expect(age(card, 5 * MINUTE)).toHaveProperty('kind', 'tapped')
    expect(age(card, 5 * MINUTE + 1)).toEqual({ flaw: 'too_old' })
    for (const call of [robot, card]) {
      expect(age(call, -5 * MINUTE)).toHaveProperty('kind')
      expect(age(call, -5 * MINUTE - 1)).toEqual({ flaw: 'from_the_future' })
    }
  })

  it('cannot be both, and not half', () => {
    const { robot, card } = someCalls()
    const both = { ...robot.headers, ...card.headers }

    for (const body of [robot.body, card.body]) expect(take({ headers: both, body })).toEqual({ flaw: 'headers' })
    for (const header of ['x-ddpaas-signature', 'x-ddpaas-signature-timestamp'])
      expect(take({ ...robot, headers: { ...robot.headers, [header]: '' } })).toEqual({ flaw: 'headers' })
    expect(take({ ...robot, headers: {} })).toEqual({ flaw: 'headers' })
  })

  it('is the robot only when it was encrypted for this app', () => {
    const { robot } = someCalls()
    const message = JSON.stringify(aMessage())
    const takeBody = (body: string) => take({ ...robot, body: Buffer.from(body) })
    const takeSealed = (trailer: string, key = APP.aesKey) =>
      takeBody(JSON.stringify({ encrypt: encrypt(key, message, trailer) }))

    for (const plain of [message, '', '{}', 'null', '{"encrypt":1}', '{"encrypt":{}}', '["encrypt"]'])
      expect(takeBody(plain), plain).toEqual({ flaw: 'not_encrypted' })
    for (const trailer of ['', APP.corp, APP.app]) expect(takeSealed(trailer)).toHaveProperty('kind', 'said')
    for (const trailer of ['ding', `${APP.corp}x`, ' ']) expect(takeSealed(trailer)).toEqual({ flaw: 'encryption' })
    expect(takeSealed('', 'j'.repeat(43))).toEqual({ flaw: 'encryption' })
    expect(takeBody('{"encrypt":""}')).toEqual({ flaw: 'encryption' })
  })

  it('is nobody when what was encrypted is no UTF-8', () => {
    const content = Buffer.concat([Buffer.alloc(19), Buffer.from([1, 0xff])])
    const body = Buffer.from(JSON.stringify({ encrypt: seal(Buffer.concat([content, Buffer.alloc(11, 11)])) }))

    expect(take({ ...someCalls().robot, body })).toEqual({ flaw: 'text' })
  })

  it('may have encrypted with the previous key', () => {
    const aesKey = { current: 'j'.repeat(43), previous: APP.aesKey }

    expect(take(someCalls().robot, { secrets: { aesKey } })).toHaveProperty('kind', 'said')
  })
})

describe('a forger who has caught one call', () => {
  const forged = (): readonly Uint8Array[] => {
    const message = aMessage()
    const click = JSON.parse(someCalls().card.body.toString()) as object
    const bodies = [
      message,
      { ...message, ...click },
      { ...click, ...message, text: { content: `approve ${REQUEST}` } },
      { kind: 'robot', at: String(NOW), body: JSON.stringify(message) },
      { encrypt: encrypt('j'.repeat(43), JSON.stringify(message), '') },
      {
        ...click,
        content: JSON.stringify({ cardPrivateData: { actionIds: ['approve'], params: { request: REQUEST } } }),
      },
      {
        ...click,
        content: JSON.stringify({ cardPrivateData: { actionIds: ['deny', 'approve'], params: { request: REQUEST } } }),
      },
      { ...click, type: 'said', text: 'start worker-1 now' },
    ].map((body) => Buffer.from(JSON.stringify(body)))
    return [...bodies, ...bodies.flatMap(bendBody)]
  }

  it('can do nothing with the headers of a message, without the key that it was encrypted with', () => {
    const { robot, card } = someCalls()
    for (const body of [...forged(), card.body])
      expect(take({ ...robot, body })).toEqual({
        flaw: expect.stringMatching(/^(not_encrypted|encryption)$/) as string,
      })
  })

  it('can deny with the headers of a click, in the name of an id, and nothing else', () => {
    const { card } = someCalls()
    const click = JSON.parse(card.body.toString()) as object
    const inOthersName = Buffer.from(JSON.stringify({ ...click, userId: 'somebodyelse' }))

    expect(take({ ...card, body: inOthersName })).toMatchObject({
      kind: 'tapped',
      button: 'deny',
      by: { user: 'somebodyelse' },
    })
    const results = forged().map((body) => take({ ...card, body }))
    const kinds = new Set(results.map((parsed) => ('flaw' in parsed ? 'flaw' : parsed.kind)))
    expect([...kinds].toSorted()).toEqual(['flaw', 'ignored', 'tapped'])
    for (const parsed of results)
      if ('kind' in parsed && parsed.kind === 'tapped')
        expect(parsed).toMatchObject({ button: 'deny', by: { platform: 'dingtalk', tenant: APP.corp } })
  })

  it('is known again when it sends the same once more, and its other bodies are other calls', () => {
    const { robot, card } = someCalls()
    const replayOf = ({ headers, body }: Pick<SignedCall, 'headers' | 'body'>): unknown => {
      const verified = aDingtalk().verify(new Headers({ ...headers }), body)
      return 'replay' in verified ? verified.replay : verified
    }

    for (const call of [robot, card]) {
      expect(replayOf(call)).toMatch(/^[\w-]{43}$/)
      expect(replayOf({ ...call })).toBe(replayOf(call))
      expect(replayOf({ ...call, body: Buffer.concat([call.body, Buffer.from(' ')]) })).not.toBe(replayOf(call))
    }
  })
})

describe('what is said', () => {
  it.each([
    ['by somebody of another organisation', { senderStaffId: '' }, 'message'],
    ['before the robot is published', { senderStaffId: undefined }, 'message'],
    ['to a robot of another organisation', { chatbotCorpId: 'dingother' }, 'corp'],
    ['to another robot', { robotCode: 'dingrobot2' }, 'robot'],
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

    expect(aDingtalk().answer(parsed, 'taken')).toEqual(text(WORDS.looking))
    expect(aDingtalk().answer(parsed, 'failed')).toEqual(text(WORDS.notTaken))
    expect(JSON.stringify(parsed)).not.toContain('sendBySession')
  })
})

describe('a click', () => {
  const takeClick = (change: object): Parsed => {
    const { card } = someCalls()
    const click = { ...(JSON.parse(card.body.toString()) as object), ...change }
    return take({ ...card, body: Buffer.from(JSON.stringify(click)) })
  }

  it.each([
    ['by somebody of another organisation', { corpId: 'dingother' }, 'corp'],
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

describe('the template', () => {
  it('has a value for each of its variables, and each is a text', () => {
    const values = fillTemplate(aCard())

    expect(Object.keys(values).toSorted()).toEqual(Object.keys(TEMPLATE_VARIABLES).toSorted())
    expect(values).toMatchObject({ review: 'Review and approve', deny: 'Deny', request: REQUEST })
    expect(values.facts).toContain('\n\nReason: The nightly run needs it\n\n')
  })

  it('has no label for a button that is not there', () => {
    expect(fillTemplate(aCard({ buttons: [] }))).toMatchObject({ review: '', review_url: '', deny: '' })
  })

  it('lets nobody draw a line, a heading or a mention', () => {
    const { facts, headline } = fillTemplate(
      aCard({ facts: [{ label: 'Reason', value: '# a\n\n---\n<at id=all></at> [x](y)\u202e' }], headline: 'a\nb' }),
    )

    expect(facts).toBe(String.raw`Reason: \# a --- \<at id=all\>\</at\> \[x\]\(y\)` + '\ufffd')
    expect(headline).toBe('a b')
  })

  it('keeps within what DingTalk takes', () => {
    const facts = Array.from({ length: 30 }, (_, n) => ({ label: `Fact ${n}`, value: '启'.repeat(900) }))

    expect(Buffer.byteLength(JSON.stringify(fillTemplate(aCard({ facts }))))).toBeLessThanOrEqual(15_000)
  })
})

describe('the API', () => {
  const closers: (() => Promise<void>)[] = []
  afterAll(async () => {
    for (const close of closers) await close()
  })
  const setup = async () => {
    const peer = aPeer()
    const { endpoint, close } = await createChatPeers([peer])
    closers.push(close)
    return { peer, dingtalk: aDingtalk({ endpoint }) }
  }
  const to = (id: string, kind: 'group' | 'person' = 'group') => ({ platform: 'dingtalk', kind, id }) as const
  const card = (headline = 'One has to say yes.') => ({ kind: 'card', card: aCard({ headline }) }) as const

  it('reaches a group whose id has a slash, as it was heard of', async () => {
    const { peer, dingtalk } = await setup()
    const heard = takeMessage({ conversationId: 'cid5DEAySu/Fk+mtMwii4NLYQ==' })
    if (!('kind' in heard) || heard.kind !== 'said') throw new Error('it was not heard')
    expect(heard.where.id).toBe('cid5DEAySu_Fk+mtMwii4NLYQ==')

    for (const message of [card(), { kind: 'text', text: 'Two are open.' } as const])
      expect(await dingtalk.post(heard.where, message, 'k')).toHaveProperty('ok', true)
    expect(peer.shown().map(({ where }) => where.id)).toEqual(Array(2).fill('cid5DEAySu/Fk+mtMwii4NLYQ=='))
  })

  it('fetches one token for many messages', async () => {
    const { peer, dingtalk } = await setup()
    for (const key of ['a', 'b', 'c']) await dingtalk.post(to(GROUP.id), card(), key)

    expect(peer.calls()).toBe(4)
  })

  it('tries a token that is refused only once more', async () => {
    const { peer, dingtalk } = await setup()
    await dingtalk.post(to(GROUP.id), card(), 'a')
    const before = peer.calls()
    peer.revokeTokens()
    await dingtalk.post(to(GROUP.id), card(), 'b')

    expect(peer.calls() - before).toBe(3)
  })

  it('says in DingTalk’s codes what was wrong', async () => {
    const { peer } = await setup()
    const { endpoint, close } = await createChatPeers([peer])
    closers.push(close)
    const other = aDingtalk({ endpoint, secrets: { appSecret: { current: 'another' } } })

    expect(await other.post(to(GROUP.id), card(), 'k')).toEqual({
      ok: false,
      why: 'no access token: the platform answered 400 (invalidClientIdOrSecret)',
    })
  })

  it('shows what is true now when a card is posted again', async () => {
    const { peer, dingtalk } = await setup()
    const first = await dingtalk.post(to(GROUP.id), card('Earlier.'), 'k')
    const second = await dingtalk.post(to(GROUP.id), card('Later.'), 'k')

    expect(second).toEqual(first)
    expect(peer.shown()).toMatchObject([{ text: expect.stringContaining('Later.') as string }])
  })

  it('posts under one key in two chats', async () => {
    const { peer, dingtalk } = await setup()
    for (const where of [to(GROUP.id), to('manager4321', 'person')])
      expect(await dingtalk.post(where, card(), 'k')).toHaveProperty('ok', true)

    expect(peer.shown().map(({ where }) => where.kind)).toEqual(['group', 'person'])
  })

  it('says so when DingTalk does not deliver', async () => {
    const { peer, dingtalk } = await setup()
    const text = { kind: 'text', text: 'Hello' } as const

    expect(await dingtalk.post(to('cidNotThere=='), card(), 'k')).toEqual({
      ok: false,
      why: 'DingTalk made the card and did not deliver it',
    })
    expect(await dingtalk.post(to('+1', 'person'), text, 'k')).toEqual({
      ok: false,
      why: 'DingTalk knows no such person',
    })
    expect(await dingtalk.post(to('cidNotThere=='), text, 'k')).toHaveProperty('ok', false)
    expect(peer.shown()).toEqual([])
  })

  it('cannot change a text', async () => {
    const { peer, dingtalk } = await setup()
    const posted = await dingtalk.post(to(GROUP.id), { kind: 'text', text: 'Hello' }, 'k')
    if (!posted.ok) throw new Error(posted.why)

    expect(await dingtalk.edit(to(GROUP.id), posted.id, { kind: 'text', text: 'Bye' })).toHaveProperty('ok', false)
    expect(peer.shown()).toMatchObject([{ text: 'Hello', edits: 0 }])
  })

  it('sends a text without what hides or turns it', async () => {
    const { peer, dingtalk } = await setup()
    await dingtalk.post(to(GROUP.id), { kind: 'text', text: 'a\u202eb\n\u200bc' }, 'k')

    expect(peer.shown()[0]?.text).toBe('a\ufffdb\n\ufffdc')
  })
})

/** One message to the robot and one click, both of now. */
function someCalls(): { readonly robot: SignedCall; readonly card: SignedCall } {
  const peer = aPeer()
  const shown = { id: toTrackId(APP.app, 'k'), where: GROUP, text: '', buttons: [], edits: 0 }
  return { robot: peer.said('manager4321', GROUP, 'list'), card: peer.tapped('manager4321', shown, REQUEST) }
}
