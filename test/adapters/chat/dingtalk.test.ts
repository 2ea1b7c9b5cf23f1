// What DingTalk encrypts and signs, and what it leaves open: the most that somebody can do who has caught one call.
import { createCipheriv } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { decrypt, parseAesKey } from '#adapters/chat/dingtalk/decrypt.ts'
import { HOUR, MINUTE } from '#core/durations.ts'
import { encrypt, signMessage } from '#infra/local/chat/dingtalk-calls.ts'
import type { SignedCall } from '#infra/local/chat/peer.ts'
import { bendBody } from '#support/bent-bodies.ts'
import { aDingtalk, aDingtalkPeer, aMessage, APP, GROUP, someCalls, take } from '#support/dingtalk.ts'
import { NOW, REQUEST } from '#support/samples.ts'

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

  const replayOf = ({ headers, body }: Pick<SignedCall, 'headers' | 'body'>): string => {
    const verified = aDingtalk().verify(new Headers({ ...headers }), body)
    return 'replay' in verified ? verified.replay : verified.flaw
  }
  const rewritten = (body: Uint8Array, change: object = {}): Uint8Array => {
    const members = Object.entries({ more: 1, ...(JSON.parse(Buffer.from(body).toString()) as object), ...change })
    return Buffer.from(`${JSON.stringify(Object.fromEntries(members.toReversed()), null, 1)} `)
  }

  it('is known again however it writes what it caught', () => {
    for (const call of Object.values(someCalls())) {
      expect(replayOf(call)).toMatch(/^[0-9a-f]{64}$/)
      expect(replayOf({ ...call, body: rewritten(call.body) })).toBe(replayOf(call))
    }
    const { card } = someCalls()
    const { content } = JSON.parse(card.body.toString()) as { content: string }
    const body = rewritten(card.body, { content: rewritten(Buffer.from(content)).toString() })
    expect(replayOf({ ...card, body })).toBe(replayOf(card))
  })

  it('is known again with a message under the headers of another, and with its beginning bent', () => {
    const caught = signMessage(APP, { ...aMessage(), msgId: 'm1' }, NOW)
    const { headers } = signMessage(APP, aMessage(), NOW + 1)
    expect(replayOf({ headers, body: caught.body })).toBe(replayOf(caught))

    // The first 12 bytes are in the second block, which the first one turns about.
    const message = { robot0: 'a member that nobody reads', ...aMessage(), msgId: 'm1' }
    const { body } = signMessage(APP, message, NOW)
    const { encrypt: encrypted } = JSON.parse(body.toString()) as { encrypt: string }
    const bent = Buffer.from(encrypted, 'base64')
    bent[6] = (bent[6] ?? 0) ^ 1
    const bentBody = Buffer.from(JSON.stringify({ encrypt: bent.toString('base64') }))
    expect(replayOf({ headers, body: bentBody })).toBe(replayOf(caught))
    expect(take({ headers, body: bentBody })).toMatchObject({ kind: 'said', id: 'm1' })
  })

  it('is another call with another message, another click, or what means nothing', () => {
    const { robot, card } = someCalls()
    const click = (change: object) => ({ ...card, body: rewritten(card.body, change) })
    const others = [
      robot,
      someCalls().robot,
      signMessage(APP, { msgId: 1 }, NOW),
      signMessage(APP, {}, NOW),
      card,
      aDingtalkPeer().tapped('manager4321', { id: 'x', where: GROUP, text: '', buttons: [], edits: 0 }, REQUEST),
      click({ userId: 'somebodyelse' }),
      click({ content: '{}' }),
      click({ content: '{"cardPrivateData":{}}' }),
      { ...card, body: Buffer.from('{}') },
      { ...card, body: Buffer.from('{"userId":1}') },
    ]
    expect(new Set(others.map(replayOf)).size).toBe(others.length)
  })
})
