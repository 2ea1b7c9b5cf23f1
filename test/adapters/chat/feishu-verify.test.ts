// How Feishu encrypts and signs, and what becomes of those who cannot.
import { createCipheriv, createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { decrypt } from '#adapters/chat/feishu/encryption.ts'
import type { Verified } from '#ports/chat-platform.ts'
import { AT, feishu, KEY, PREVIOUS, said } from './feishu-calls.ts'

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

  it('is told from another one', () => {
    const [one, other] = [toBody(QUESTION), toBody({ ...QUESTION, challenge: 'another' })].map((body) => unsigned(body))
    expect(one).toEqual(unsigned(toBody(QUESTION)))
    expect(one).toHaveProperty('replay', expect.stringMatching(/^[0-9a-f]{64}$/))
    expect(other).not.toHaveProperty('replay', one && 'replay' in one ? one.replay : '')
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
