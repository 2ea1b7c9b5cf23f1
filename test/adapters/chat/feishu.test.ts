// What is Feishu's own: its encryption and its signature, the handshake, mentions, and how a card is laid out. What all
// platforms promise stands in test/contract.
import { createCipheriv, createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { toContent } from '#adapters/chat/feishu/card.ts'
import { decrypt } from '#adapters/chat/feishu/encryption.ts'
import { createFeishu } from '#adapters/chat/feishu/feishu.ts'
import type { Parsed, Verified } from '#ports/chat-platform.ts'
import { aCard } from '#support/cards.ts'
import { REQUEST } from '#support/samples.ts'

const AT = Date.UTC(2026, 10, 23, 9)
const [KEY, PREVIOUS] = ['encrypt-key-of-today', 'encrypt-key-of-yesterday']
const [TENANT, APP] = ['2ed263bf32cf1651', 'cli_a1b2c3d4e5f60708']
const WORDS = { looking: 'Looking into it…', notTaken: 'Not taken: say it again.' }

const feishu = createFeishu({
  chat: { tenant: TENANT, app: APP, site: 'feishu', language: 'en' },
  secrets: { encryptKey: { current: KEY, previous: PREVIOUS }, appSecret: 'app-secret' },
  words: WORDS,
  clock: { now: () => AT },
  durations: { deliverTimeout: 1000 },
})

const IV = Buffer.alloc(16, 7)
const QUESTION = { challenge: 'ajls384kdjx98XX', token: 'xxxxxx', type: 'url_verification' }

/** `padded`: whole blocks, which are encrypted as they are. */
function encryptBlocks(padded: Uint8Array, key = KEY): Buffer {
  const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(key).digest(), IV).setAutoPadding(false)
  return Buffer.concat([IV, cipher.update(padded), cipher.final()])
}

function pad(text: string): Buffer {
  const bytes = Buffer.from(text)
  const missing = 16 - (bytes.length % 16)
  return Buffer.concat([bytes, Buffer.alloc(missing, missing)])
}

function toBody(content: unknown, key = KEY): Buffer {
  return Buffer.from(JSON.stringify({ encrypt: encryptBlocks(pad(JSON.stringify(content)), key).toString('base64') }))
}

function signatureOf(body: Uint8Array, timestamp: string, nonce: string, key = KEY): string {
  return createHash('sha256').update(`${timestamp}${nonce}${key}`).update(body).digest('hex')
}

interface Signed {
  readonly timestamp?: string
  readonly nonce?: string
  readonly signature?: string
  readonly key?: string
}

function verify(
  body: Uint8Array,
  { timestamp = String(AT / 1000), nonce = '42', key = KEY, ...rest }: Signed = {},
): Verified {
  const { signature = signatureOf(body, timestamp, nonce, key) } = rest
  const headers = {
    'X-Lark-Request-Timestamp': timestamp,
    'X-Lark-Request-Nonce': nonce,
    'X-Lark-Signature': signature,
  }
  return feishu.verify(new Headers(headers), body)
}

function parse(content: unknown): Parsed {
  return feishu.parse(Buffer.from(JSON.stringify(content)))
}

describe('the encryption', () => {
  it('is read as the documentation shows it', () => {
    const encrypted = 'P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk='
    expect(decrypt(encrypted, 'test key')?.toString()).toBe('hello world')
    expect(decrypt(encrypted, 'test keys')).toBeUndefined()
  })

  it.each([
    ['no padding', [...Buffer.alloc(16, 0x61)]],
    ['a padding of 0', [...Buffer.alloc(15, 0x61), 0]],
    ['a padding of 17', [...Buffer.alloc(16, 17)]],
    ['a padding of 2 whose bytes differ', [...Buffer.alloc(14, 0x61), 1, 2]],
  ])('is refused with %s', (_, block) => {
    const blocks = Buffer.concat([Buffer.alloc(16, 0x61), Buffer.from(block)])
    expect(decrypt(encryptBlocks(blocks).toString('base64'), KEY)).toBeUndefined()
  })

  it.each([0, 1, 15, 16, 31, 33, 47])('is refused when it has %i bytes', (length) => {
    const bytes = encryptBlocks(pad('x'.repeat(40))).subarray(0, length)
    expect(decrypt(bytes.toString('base64'), KEY)).toBeUndefined()
  })

  it('has one spelling only', () => {
    const base64 = encryptBlocks(pad('ten  bytes')).toString('base64')
    expect(decrypt(base64, KEY)?.toString()).toBe('ten  bytes')
    expect(base64).toMatch(/[^=]=$/)
    const others = [
      `${base64} `,
      `${base64}\n`,
      base64.replace(/=+$/, ''),
      base64.replace('=', 'A='),
      `-${base64.slice(1)}`,
    ]
    for (const other of others) expect(decrypt(other, KEY), other).toBeUndefined()
  })

  it('says nothing that is believed when a bit of it is flipped, even by somebody who can sign', () => {
    const bytes = encryptBlocks(pad(JSON.stringify(said())))
    for (let at = 0; at < bytes.length; at += 1) {
      const flipped = Buffer.from(bytes)
      flipped[at] = (flipped[at] ?? 0) ^ 0x80
      const verified = verify(Buffer.from(JSON.stringify({ encrypt: flipped.toString('base64') })))
      const result = 'flaw' in verified ? verified : feishu.parse(verified.bytes)
      expect(result, `byte ${at}`).toHaveProperty('flaw')
    }
  })
})

describe('the signature', () => {
  it('is what other tools make of the same call', () => {
    const body = '{"encrypt":"BwcHBwcHBwcHBwcHBwcHB+sx/COo7tBrXRDQh4eX5kwluong53l16vcehNVFCIel"}'
    const signature = 'b3c1f0ab8dacdc4b1efb33aa45ae737a69ba3057686fbd27abd43aa1e287722a'
    const bytes = Buffer.from('{"schema":"2.0"}')
    expect(verify(Buffer.from(body), { timestamp: '1795424400', nonce: '42', signature })).toEqual({
      bytes,
      replay: signature,
    })
  })

  it('counts by either key, each for what it encrypted itself', () => {
    expect(verify(toBody(said()))).toHaveProperty('bytes', Buffer.from(JSON.stringify(said())))
    expect(verify(toBody(said(), PREVIOUS), { key: PREVIOUS })).toHaveProperty('bytes')
    expect(verify(toBody(said(), PREVIOUS))).toEqual({ flaw: 'encryption' })
    expect(verify(toBody(said()), { key: 'another' })).toEqual({ flaw: 'signature' })
  })

  it('is of no use with a tail, which whoever has seen one could sign too', () => {
    const body = toBody(said())
    const glue = Buffer.concat([Buffer.from([0x80]), Buffer.alloc(37), Buffer.from([0x0f, 0x38])])
    for (const tail of [glue, Buffer.concat([glue, body]), Buffer.concat([glue, Buffer.from(' ')])])
      expect(verify(Buffer.concat([body, tail]))).toEqual({ flaw: 'encryption' })
  })

  it('is of no use at another time, made of the same characters', () => {
    const body = toBody(said())
    const [timestamp, nonce] = [String(AT / 1000), '7abc']
    const signature = signatureOf(body, timestamp, nonce)
    expect(verify(body, { timestamp, nonce, signature })).toHaveProperty('bytes')
    const later = verify(body, { timestamp: `${timestamp}7`, nonce: 'abc', signature })
    expect(later).toEqual({ flaw: 'from_the_future' })
    const [last = ''] = timestamp.slice(-1)
    const earlier = verify(body, { timestamp: timestamp.slice(0, -1), nonce: `${last}${nonce}`, signature })
    expect(earlier).toEqual({ flaw: 'too_old' })
  })

  it.each([
    ['300 s ago', -300, undefined],
    ['301 s ago', -301, 'too_old'],
    ['in 300 s', 300, undefined],
    ['in 301 s', 301, 'from_the_future'],
  ])('of %s is accepted or not', (_, seconds, flaw) => {
    const verified = verify(toBody(said()), { timestamp: String(AT / 1000 + seconds) })
    if (flaw === undefined) expect(verified).toHaveProperty('bytes')
    else expect(verified).toEqual({ flaw })
  })

  it.each(['2026-11-23 09:00:00.000', '-1', '1e9', '0x6922', String(AT), '1795424400.0'])(
    'does not count at the time %j, which is no number of seconds',
    (timestamp) => {
      expect(verify(toBody(said()), { timestamp })).toEqual({ flaw: 'timestamp' })
    },
  )

  it('has one spelling, so that a copy of a call is known', () => {
    const body = toBody(said())
    const signature = signatureOf(body, String(AT / 1000), '42')
    expect(verify(body, { signature })).toHaveProperty('replay', signature)
    for (const other of [signature.toUpperCase(), `0x${signature}`, `${signature}00`, signature.slice(2)])
      expect(verify(body, { signature: other })).toEqual({ flaw: 'signature' })
  })

  it('does not make up for a body that is not encrypted', () => {
    for (const content of [said(), QUESTION, { ...said(), encrypt: 1 }, { encrypt: '' }])
      expect(verify(Buffer.from(JSON.stringify(content)))).toEqual({ flaw: 'encryption' })
  })
})

describe('the handshake', () => {
  const unsigned = (body: Uint8Array, headers: Readonly<Record<string, string>> = {}): Verified =>
    feishu.verify(new Headers({ ...headers }), body)

  it.each([KEY, PREVIOUS])('needs no signature when it is encrypted: %s', (key) => {
    const verified = unsigned(toBody(QUESTION, key))
    if ('flaw' in verified) throw new Error(verified.flaw)
    const parsed = feishu.parse(verified.bytes)

    expect(parsed).toEqual({ kind: 'handshake', challenge: QUESTION.challenge })
    expect(feishu.answer({ kind: 'handshake', challenge: QUESTION.challenge }, 'taken')).toEqual({
      status: 200,
      body: { challenge: QUESTION.challenge },
    })
  })

  it('is refused unsigned when it is not just that', () => {
    const { token: _, ...without } = QUESTION
    const others = [{ ...QUESTION, more: 1 }, without, { ...QUESTION, type: 'event' }, [QUESTION], null, said()]
    for (const content of others) expect(unsigned(toBody(content))).toEqual({ flaw: 'header_missing' })
    expect(unsigned(toBody(QUESTION, 'another'))).toEqual({ flaw: 'header_missing' })
    expect(unsigned(Buffer.from(JSON.stringify(QUESTION)))).toEqual({ flaw: 'header_missing' })
  })

  it('is refused with a challenge that could be something else, cut out of a call that somebody caught', () => {
    for (const challenge of ['', 'two words', 'x'.repeat(129), '{}', 'é', '<b>', 1])
      expect(unsigned(toBody({ ...QUESTION, challenge }))).toEqual({ flaw: 'header_missing' })
  })

  it('is refused with a signature that is wrong or not whole', () => {
    const body = toBody(QUESTION)
    expect(verify(body)).toHaveProperty('bytes')
    expect(verify(body, { signature: '0'.repeat(64) })).toEqual({ flaw: 'signature' })
    expect(unsigned(body, { 'x-lark-signature': '' })).toEqual({ flaw: 'header_missing' })
    expect(unsigned(body, { 'x-lark-request-nonce': '42' })).toEqual({ flaw: 'header_missing' })
  })
})

const HEADER = { event_id: 'ev_1', event_type: 'im.message.receive_v1', tenant_key: TENANT, app_id: APP, token: 'x' }
const SENDER = { sender_id: { open_id: 'ou_alice' }, sender_type: 'user', tenant_key: TENANT }
const MESSAGE = { message_id: 'om_1', chat_id: 'oc_ops', chat_type: 'group', message_type: 'text' }
const ROBOT = { key: '@_user_1', id: { open_id: 'ou_robot' }, name: 'Startgate', mentioned_type: 'bot' }
const BOB = { key: '@_user_2', id: { open_id: 'ou_bob' }, name: 'Bob Li' }

interface Said {
  readonly header?: object
  readonly sender?: object
  readonly message?: object
  readonly text?: string
}

function said({ header, sender, message, text = '@_user_1 list' }: Said = {}) {
  const content = JSON.stringify({ text })
  return {
    schema: '2.0',
    header: { ...HEADER, ...header },
    event: { sender: { ...SENDER, ...sender }, message: { ...MESSAGE, content, mentions: [ROBOT, BOB], ...message } },
  }
}

function tapped(value: unknown, operator: object = {}) {
  return {
    schema: '2.0',
    header: { ...HEADER, event_type: 'card.action.trigger' },
    event: { operator: { open_id: 'ou_bob', tenant_key: TENANT, ...operator }, action: { tag: 'button', value } },
  }
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

  it('is heard with nobody mentioned', () => {
    for (const mentions of [undefined, null, []])
      expect(parse(said({ text: 'list', message: { mentions } }))).toMatchObject({ kind: 'said', text: 'list' })
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
    ['another organisation', said({ header: { tenant_key: 'other' } }), 'tenant'],
    ['somebody of another organisation', said({ sender: { tenant_key: 'other' } }), 'tenant'],
    ['another app', said({ header: { app_id: 'cli_other' } }), 'app'],
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
  const DENY = { startgate: 'deny', request: REQUEST }

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
    expect(parse(tapped(DENY, { tenant_key: 'other' }))).toEqual({ flaw: 'tenant' })
    expect(parse(tapped(DENY, { tenant_key: undefined }))).toHaveProperty('kind', 'tapped')
  })
})

describe('a card', () => {
  const say = (content: string) => ({ tag: 'plain_text', content })

  it('is laid out in texts that no markup means anything in', () => {
    const card = aCard({ facts: [{ label: 'Reason', value: 'a <at id=all></at>\nb' }], warnings: ['It is running.'] })
    const [review, deny] = card.buttons
    const column = (button: object) => ({ tag: 'column', width: 'auto', elements: [button] })

    expect(JSON.parse(toContent({ kind: 'card', card }))).toEqual({
      schema: '2.0',
      config: { update_multi: true, summary: { content: card.title } },
      header: { title: say(card.title), template: 'orange' },
      body: {
        elements: [
          { tag: 'div', text: say(card.headline) },
          { tag: 'div', text: { ...say('⚠ It is running.'), text_color: 'red' } },
          { tag: 'div', text: say('Reason: a <at id=all></at>\uFFFDb') },
          {
            tag: 'column_set',
            flex_mode: 'flow',
            columns: [
              column({
                tag: 'button',
                text: say('Review and approve'),
                type: 'primary',
                behaviors: [{ type: 'open_url', default_url: review?.kind === 'review' ? review.url : '' }],
              }),
              column({
                tag: 'button',
                text: say('Deny'),
                type: 'danger',
                confirm: { title: say('Deny'), text: say(deny?.kind === 'deny' ? deny.confirm : '') },
                behaviors: [{ type: 'callback', value: { startgate: 'deny', request: REQUEST } }],
              }),
            ],
          },
          { tag: 'div', text: { ...say(card.footer), text_size: 'notation', text_color: 'grey' } },
        ],
      },
    })
  })

  it('holds a text too, which can become a card then', () => {
    expect(JSON.parse(toContent({ kind: 'text', text: '<at user_id="all">\u202Ehey</at>\nsecond' }))).toEqual({
      schema: '2.0',
      config: { update_multi: true },
      body: { elements: [{ tag: 'div', text: say('<at user_id="all">\uFFFDhey</at>\nsecond') }] },
    })
  })
})
