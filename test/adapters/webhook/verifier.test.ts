// The signatures of Standard Webhooks, one sound message and one broken thing per case.
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { parseSharedSecret, parseSigningKey } from '#adapters/webhook/keys.ts'
import { signV1, signV1a } from '#adapters/webhook/signature.ts'
import { createWebhookVerifier } from '#adapters/webhook/verifier.ts'

const AT = Date.UTC(2026, 10, 23, 9)
const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
const PREVIOUS = `whsec_${Buffer.alloc(32, 2).toString('base64')}`
const KEY = parseSigningKey(`whsk_${Buffer.alloc(32, 3).toString('base64')}`)
const OTHER_KEY = parseSigningKey(`whsk_${Buffer.alloc(32, 4).toString('base64')}`)

const MACHINE = { keys: [], tell: [], mayActFor: [] }
const MACHINES = {
  mac: { ...MACHINE, webhook: { v1: true, v1a: [] } },
  key: { ...MACHINE, webhook: { v1: false, v1a: [OTHER_KEY.whpk, KEY.whpk] } },
}

const verify = createWebhookVerifier({
  policy: { machines: MACHINES },
  clock: { now: () => AT },
  secrets: () => ({ current: SECRET, previous: PREVIOUS }),
})

const BODY = Buffer.from('{"instanceId":"i-bp1reporting"}')
const MESSAGE = { id: 'msg_1', timestamp: String(AT / 1000), body: BODY }
const MAC = signV1(MESSAGE, parseSharedSecret(SECRET))
const SIGNED = signV1a(MESSAGE, KEY.privateKey)

function headersOf(signature: string, change: Readonly<Record<string, string>> = {}): Headers {
  const { id, timestamp } = MESSAGE
  return new Headers({ 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature, ...change })
}

describe('v1', () => {
  it('signs the published example as everybody does', () => {
    const secret = parseSharedSecret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
    const body = Buffer.from('{"test": 2432232314}')
    const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: '1614265330', body }
    expect(signV1(message, secret)).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  })

  it('accepts what the reference implementation signs', () => {
    const signature = new Webhook(SECRET).sign('msg_1', new Date(AT), BODY)
    expect(verify('mac', headersOf(signature), BODY)).toEqual({ id: 'msg_1' })
  })

  it('accepts the secret from before a change', () => {
    expect(verify('mac', headersOf(signV1(MESSAGE, parseSharedSecret(PREVIOUS))), BODY)).toEqual({ id: 'msg_1' })
  })

  it('does not count for a machine that the policy lets sign with keys only', () => {
    expect(verify('key', headersOf(MAC), BODY)).toEqual({ flaw: 'signature' })
  })
})

describe('v1a', () => {
  it('accepts any key of the machine', () => {
    expect(verify('key', headersOf(SIGNED), BODY)).toEqual({ id: 'msg_1' })
    expect(verify('key', headersOf(signV1a(MESSAGE, OTHER_KEY.privateKey)), BODY)).toEqual({ id: 'msg_1' })
  })

  it('does not count for a machine without keys', () => {
    expect(verify('mac', headersOf(SIGNED), BODY)).toEqual({ flaw: 'signature' })
  })

  it('refuses a key that is nobody’s', () => {
    const stranger = parseSigningKey(`whsk_${Buffer.alloc(32, 5).toString('base64')}`)
    expect(verify('key', headersOf(signV1a(MESSAGE, stranger.privateKey)), BODY)).toEqual({ flaw: 'signature' })
  })
})

describe('a list of signatures', () => {
  it('is good when one of them is', () => {
    expect(verify('mac', headersOf(`v2,abc ${SIGNED} v1,AAAA ${MAC}`), BODY)).toEqual({ id: 'msg_1' })
  })

  it('is refused when it is long: each one costs something', () => {
    expect(verify('mac', headersOf(`${'v1,AAAA '.repeat(8)}${MAC}`), BODY)).toEqual({ flaw: 'too_many_signatures' })
  })
})

describe('a broken message', () => {
  it.each([
    ['a bit of the id', { 'webhook-id': 'msg_0' }, BODY, 'signature'],
    ['a bit of the time', { 'webhook-timestamp': String(AT / 1000 + 1) }, BODY, 'signature'],
    ['a zero before the time', { 'webhook-timestamp': `0${AT / 1000}` }, BODY, 'signature'],
    ['a bit of the body', {}, Buffer.from('{"instanceId":"i-bp1reportinf"}'), 'signature'],
    ['the end of the body', {}, BODY.subarray(0, -1), 'signature'],
    ['no id', { 'webhook-id': '' }, BODY, 'header_missing'],
    ['no time', { 'webhook-timestamp': '' }, BODY, 'header_missing'],
    ['no signature', { 'webhook-signature': '' }, BODY, 'header_missing'],
    ['a time with a sign', { 'webhook-timestamp': '-1' }, BODY, 'timestamp'],
    ['a time in words', { 'webhook-timestamp': '2026-11-23T09:00:00Z' }, BODY, 'timestamp'],
    ['a time 301 s ago', { 'webhook-timestamp': String(AT / 1000 - 301) }, BODY, 'too_old'],
    ['a time in 301 s', { 'webhook-timestamp': String(AT / 1000 + 301) }, BODY, 'from_the_future'],
  ])('with %s is refused', (_, change, body, flaw) => {
    expect(verify('mac', headersOf(MAC, change), body)).toEqual({ flaw })
    expect(verify('key', headersOf(SIGNED, change), body)).toEqual({ flaw })
  })

  it('is refused for every bit of its signature', () => {
    for (const [caller, signature] of [['mac', MAC] as const, ['key', SIGNED] as const]) {
      const [version = '', base64 = ''] = signature.split(',')
      const bytes = Buffer.from(base64, 'base64')
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const flipped = Buffer.from(bytes)
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        const headers = headersOf(`${version},${flipped.toString('base64')}`)
        expect(verify(caller, headers, BODY)).toEqual({ flaw: 'signature' })
      }
    }
  })

  it.each([
    ['without its version', MAC.replace('v1,', '')],
    ['under another version', MAC.replace('v1,', 'v1a,')],
    ['without its padding', MAC.replace('=', '')],
    ['in the other alphabet', MAC.replaceAll('+', '-').replaceAll('/', '_').replace(/=$/, '')],
    ['cut short', 'v1,AAAA'],
    ['empty', 'v1,'],
  ])('is refused when the signature stands there %s', (_, signature) => {
    expect(verify('mac', headersOf(signature), BODY)).toEqual({ flaw: 'signature' })
  })

  it('within the window of 5 minutes on either side is accepted', () => {
    for (const seconds of [-300, 300]) {
      const message = { ...MESSAGE, timestamp: String(AT / 1000 + seconds) }
      const headers = headersOf(signV1(message, parseSharedSecret(SECRET)), { 'webhook-timestamp': message.timestamp })
      expect(verify('mac', headers, BODY)).toEqual({ id: 'msg_1' })
    }
  })
})

describe('a verifier', () => {
  it('cannot be made with a secret that is none', () => {
    const make = () =>
      createWebhookVerifier({
        policy: { machines: MACHINES },
        clock: { now: () => AT },
        secrets: () => ({ current: 'whsec_short' }),
      })
    expect(make).toThrow('at least 24 bytes')
  })
})
