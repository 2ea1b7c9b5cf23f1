// Attacks on the door for callers. Whatever is wrong, the answer is the same byte for byte, and no cloud call was made.
import { describe, expect, it } from 'vitest'
import { kidOf, publicJwk } from '#support/keys.ts'
import { ASK, createTestGate, type CallOptions, type TestGate } from './gate.ts'
import { signCall } from './signed-call.ts'

const PATH = '/v1/start-requests'
const GOOD = { method: 'POST', path: PATH, body: ASK, headers: { 'idempotency-key': 'key-1' } } as const
const NOW = Date.UTC(2026, 10, 23, 9)
const IAT = NOW / 1000

async function expectStranger(gate: TestGate, answer: Response, flaw: string): Promise<void> {
  expect(answer.status).toBe(401)
  expect(await answer.text()).toBe(
    '{"type":"urn:startgate:unauthenticated","status":401,"title":"Not authenticated","detail":"The signature of this call is missing or not accepted. Check the key, the clock and the signed method, path and body."}',
  )
  expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  expect(gate.world.calls.list).toEqual([])
  expect(gate.world.hints.sent).toEqual([])
  expect(gate.world.log.lines).toEqual([
    { level: 'warn', event: 'call.unauthenticated', facts: expect.objectContaining({ flaw }) as unknown },
  ])
}

async function callWith(gate: TestGate, authorization: string | undefined, change: Partial<CallOptions> = {}) {
  const { method, path, body, headers } = { ...GOOD, ...change }
  return gate.app.request(path, {
    method,
    headers: {
      ...headers,
      'content-type': 'application/json',
      ...(authorization === undefined ? {} : { authorization }),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

function goodToken(): string {
  return signCall({ method: 'POST', path: PATH, body: JSON.stringify(ASK), at: NOW })
}

describe('a signed call', () => {
  it('is accepted when everything fits', async () => {
    const gate = createTestGate()
    expect((await callWith(gate, `Bearer ${goodToken()}`)).status).toBe(201)
  })

  it('is accepted under the other name of its algorithm', async () => {
    const gate = createTestGate()
    expect((await gate.call({ ...GOOD, forged: { header: { alg: 'Ed25519' } } })).status).toBe(201)
  })

  it('is accepted within the tolerance of clocks', async () => {
    const gate = createTestGate()
    expect((await gate.call({ ...GOOD, forged: { claims: { iat: IAT + 30, exp: IAT + 60 } } })).status).toBe(201)
    const late = { claims: { iat: IAT - 329, exp: IAT - 29 } }
    expect((await gate.call({ ...GOOD, forged: late })).status).toBe(200)
  })

  it('may name the parameters of its address in another order', async () => {
    const gate = createTestGate()
    const claims = { htu: `${PATH}?cursor=&day=2026-11-23` }
    const answer = await gate.call({ path: `${PATH}?day=2026-11-23&cursor=`, by: 'carol', forged: { claims } })
    expect(answer.status).toBe(400)
  })
})

describe('a stranger', () => {
  it.each([
    ['no header', undefined, 'missing'],
    ['nothing after the scheme', 'Bearer ', 'malformed'],
    ['another scheme', `Basic ${goodToken()}`, 'malformed'],
    ['two tokens in one header', `Bearer ${goodToken()}, Bearer ${goodToken()}`, 'malformed'],
    ['a blank at the end', `Bearer ${goodToken()} x`, 'malformed'],
    ['padding', `Bearer ${goodToken()}==`, 'malformed'],
    ['four segments', `Bearer ${goodToken()}.x`, 'malformed'],
    ['no signature', `Bearer ${goodToken().replace(/\.[^.]*$/, '.')}`, 'malformed'],
  ])('with %s is turned away', async (_, authorization, flaw) => {
    const gate = createTestGate()
    await expectStranger(gate, await callWith(gate, authorization), flaw)
  })

  it('cannot spell a token in another way', async () => {
    const gate = createTestGate()
    const token = goodToken()
    // The last character of an Ed25519 signature carries four bits that decoders ignore.
    const last = token.at(-1) ?? ''
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const respelled = token.slice(0, -1) + (alphabet[alphabet.indexOf(last) ^ 1] ?? '')
    await expectStranger(gate, await callWith(gate, `Bearer ${respelled}`), 'not_canonical')
  })

  it.each([
    ['no algorithm', { alg: 'none' }, 'algorithm'],
    ['a MAC', { alg: 'HS256' }, 'algorithm'],
    ['the algorithm of another kind of key', { alg: 'ES256' }, 'algorithm'],
    ['the type of an approval', { typ: 'startgate-approval+jwt' }, 'header'],
    ['a common type', { typ: 'JWT' }, 'header'],
    ['no type', { typ: undefined }, 'header'],
    ['a key that nobody has', { kid: 'A'.repeat(43) }, 'unknown_key'],
    ['a path for a key', { kid: '../../etc/passwd' }, 'header'],
    ['the key of somebody else', { kid: kidOf('bob') }, 'signature'],
    ['a key of its own', { jwk: publicJwk('alice') }, 'header'],
    ['an address of keys', { jku: 'https://attacker.example.com/jwks.json' }, 'header'],
    ['something critical', { crit: ['exp'] }, 'header'],
    ['an unencoded payload', { b64: false, crit: ['b64'] }, 'header'],
  ])('whose header names %s is turned away', async (_, header, flaw) => {
    const gate = createTestGate()
    await expectStranger(gate, await gate.call({ ...GOOD, forged: { header } }), flaw)
  })

  it.each([
    ['another issuer', { iss: 'bob' }, 'not_the_owner_of_the_key'],
    ['another deployment', { aud: '1234567890123456/cn-hangzhou/staging-starter' }, 'another_audience'],
    ['several audiences', { aud: ['1234567890123456/cn-hangzhou/startgate-starter'] }, 'claims'],
    ['a time that is over', { iat: IAT - 330, exp: IAT - 30 }, 'expired'],
    ['a time to come', { iat: IAT + 31, exp: IAT + 61 }, 'from_the_future'],
    ['a long life', { exp: IAT + 301 }, 'lives_too_long'],
    ['an end before its beginning', { exp: IAT - 1 }, 'lives_too_long'],
    ['no end', { exp: undefined }, 'claims'],
    ['a fraction of a second', { iat: IAT + 0.5 }, 'claims'],
    ['another method', { htm: 'GET' }, 'another_method'],
    ['the method in small letters', { htm: 'post' }, 'another_method'],
    ['another path', { htu: '/v1/start-requests/' }, 'another_address'],
    ['a query that was not sent', { htu: `${PATH}?day=2026-11-23` }, 'another_address'],
    ['a whole address', { htu: `https://startgate.example.com${PATH}` }, 'another_address'],
    ['another body', { digest: 'A'.repeat(43) }, 'another_body'],
    ['a claim that we do not know', { jti: 'x' }, 'claims'],
  ])('whose claims name %s is turned away', async (_, claims, flaw) => {
    const gate = createTestGate()
    await expectStranger(gate, await gate.call({ ...GOOD, forged: { claims } }), flaw)
  })

  it('cannot change the body of a call that it caught', async () => {
    const gate = createTestGate()
    const body = { ...ASK, instanceId: 'i-bp1payroll' }
    await expectStranger(gate, await callWith(gate, `Bearer ${goodToken()}`, { body }), 'another_body')
  })

  it('cannot add a blank to the body of a call that it caught', async () => {
    const gate = createTestGate()
    await expectStranger(
      gate,
      await callWith(gate, `Bearer ${goodToken()}`, { body: `${JSON.stringify(ASK)} ` }),
      'another_body',
    )
  })

  it('cannot send a call that it caught to another address', async () => {
    const gate = createTestGate()
    const path = `/v1/start-requests/req_${'0'.repeat(32)}/cancel`
    await expectStranger(gate, await callWith(gate, `Bearer ${goodToken()}`, { path }), 'another_address')
  })

  it('cannot see another day of a list with a call that it caught', async () => {
    const gate = createTestGate()
    const forged = { path: `${PATH}?day=2026-11-23` }
    await expectStranger(
      gate,
      await gate.call({ path: `${PATH}?day=2026-11-22`, by: 'carol', forged }),
      'another_address',
    )
  })

  it('cannot change one bit of any part', async () => {
    const token = goodToken()
    for (const index of [0, 1, 2]) {
      const gate = createTestGate()
      const parts = token.split('.').map((part) => Buffer.from(part, 'base64url'))
      const part = parts[index] ?? Buffer.alloc(1)
      part[20] = (part[20] ?? 0) ^ 1
      const flipped = parts.map((each) => each.toString('base64url')).join('.')
      const answer = await callWith(gate, `Bearer ${flipped}`)
      expect(answer.status).toBe(401)
      expect(gate.world.calls.list).toEqual([])
    }
  })

  it('is turned away with a key that is no longer valid', async () => {
    const gate = createTestGate()
    gate.world.clock.shift(Date.UTC(2026, 10, 24) - NOW)
    await expectStranger(gate, await gate.call({ ...GOOD, by: 'erin' }), 'key_not_valid_now')
  })

  it('is turned away at every route that needs a caller', async () => {
    for (const [method, path] of [
      ['GET', `${PATH}?day=2026-11-23`],
      ['POST', `${PATH}/req_${'0'.repeat(32)}/cancel`],
    ] as const) {
      const gate = createTestGate()
      await expectStranger(gate, await gate.app.request(path, { method }), 'missing')
    }
  })
})
