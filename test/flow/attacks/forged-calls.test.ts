// Callers, webhooks and approvals that are not by whom they say, or no longer what was signed.
import { describe, expect, test } from 'vitest'
import { parseSharedSecret } from '#adapters/webhook/keys.ts'
import { signV1 } from '#adapters/webhook/signature.ts'
import { AN_ASK, signCall } from '#support/api.ts'
import { createAttacked, ENVIRONMENT, expectOneStart, type Attacked } from '#support/attacked.ts'
import { KINDS, signWith } from '#support/signers.ts'

/** Each byte with one of its bits turned, a different one each time. */
function turnBits(bytes: Buffer): readonly Buffer[] {
  return [...bytes].map((byte, at) => {
    const turned = Buffer.from(bytes)
    turned.writeUInt8(byte ^ (1 << (at % 8)), at)
    return turned
  })
}

describe('attack: forged calls', () => {
  const PATH = '/v1/start-requests'
  const BODY = JSON.stringify(AN_ASK)
  const send = async (attacked: Attacked, token: string, body: string | Buffer = BODY): Promise<number> => {
    const headers = { authorization: `Bearer ${token}`, 'idempotency-key': 'k', 'content-type': 'application/json' }
    return (await attacked.app.request(PATH, { method: 'POST', headers, body })).status
  }

  test('with any bit of header, claims or signature turned, or of the body', async () => {
    const attacked = createAttacked()
    const token = await signCall('alice', 'POST', PATH, BODY, attacked.clock.now())
    const parts = token.split('.')
    for (const [index, part] of parts.entries()) {
      for (const turned of turnBits(Buffer.from(part, 'base64url')))
        expect(await send(attacked, parts.with(index, turned.toString('base64url')).join('.'))).toBe(401)
    }
    for (const turned of turnBits(Buffer.from(BODY))) expect(await send(attacked, token, turned)).toBe(401)
    expect(attacked.calls.list).toEqual([])
    expect(await send(attacked, token)).toBe(201)
  })

  test('caught on its way and sent once more: one request', async () => {
    const attacked = createAttacked()
    const token = await signCall('alice', 'POST', PATH, BODY, attacked.clock.now())
    const statuses = await Promise.all(Array.from({ length: 5 }, async () => send(attacked, token)))
    expect(statuses.toSorted((one, other) => one - other)).toEqual([200, 200, 200, 200, 201])
    expect(attacked.asks.rows()).toHaveLength(1)
    await attacked.clock.advance(90_000)
    expect(await send(attacked, token)).toBe(401)
  })
})

describe('attack: forged webhooks', () => {
  const BODY = JSON.stringify(AN_ASK)
  const SECRET = parseSharedSecret(ENVIRONMENT.CALLER_SECRET_DEPLOY_BOT)
  type Message = Readonly<Record<'id' | 'timestamp' | 'signature', string>>
  const message = (attacked: Attacked, seconds = 0, id = 'msg_1'): Message => {
    const timestamp = String(attacked.clock.now() / 1000 + seconds)
    return { id, timestamp, signature: signV1({ id, timestamp, body: Buffer.from(BODY) }, SECRET) }
  }
  const send = async (
    attacked: Attacked,
    { id, timestamp, signature }: Message,
    body: string | Buffer = BODY,
    caller = 'deploy-bot',
  ): Promise<number> => {
    const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature }
    return (await attacked.app.request(`/v1/webhooks/${caller}`, { method: 'POST', headers, body })).status
  }

  test('with any bit of body, id, time or signature turned, or none of them', async () => {
    const attacked = createAttacked()
    const sound = message(attacked)
    for (const turned of turnBits(Buffer.from(BODY))) expect(await send(attacked, sound, turned)).toBe(401)
    for (const name of ['id', 'timestamp', 'signature'] as const) {
      expect(await send(attacked, { ...sound, [name]: '' })).toBe(401)
      for (const turned of turnBits(Buffer.from(sound[name]))) {
        const text = turned.toString('latin1')
        // What no header can hold does not arrive.
        if (/^[\x21-\x7e]+$/.test(text)) expect(await send(attacked, { ...sound, [name]: text })).toBe(401)
      }
    }
    expect(attacked.calls.list).toEqual([])
    expect(await send(attacked, sound)).toBe(201)
  })

  test.each([
    ['five minutes old', -300, 201],
    ['a second older', -301, 401],
    ['five minutes ahead', 300, 201],
    ['a second further', 301, 401],
  ])('%s', async (_when, seconds, status) => {
    const attacked = createAttacked()
    expect(await send(attacked, message(attacked, seconds))).toBe(status)
  })

  test.each(['alice', 'nightly', 'erin', 'other-bot', '__proto__', 'deploy-bot%00', 'deploy-bot/..'])(
    'as %s',
    async (caller) => {
      const attacked = createAttacked()
      expect([401, 404]).toContain(await send(attacked, message(attacked), BODY, caller))
      expect(attacked.calls.list).toEqual([])
    },
  )

  test('the same id again and at once is one request, and under it no other can be asked', async () => {
    const attacked = createAttacked()
    const sound = message(attacked)
    const statuses = await Promise.all(Array.from({ length: 5 }, async () => send(attacked, sound)))
    expect(statuses.toSorted((one, other) => one - other)).toEqual([200, 200, 200, 200, 201])
    const body = JSON.stringify({ ...AN_ASK, reason: 'Something else' })
    const signature = signV1({ ...sound, body: Buffer.from(body) }, SECRET)
    expect(await send(attacked, { ...sound, signature }, body)).toBe(409)
    expect(attacked.asks.rows()).toHaveLength(1)
  })

  test('larger than 64 KB, it is not even verified', async () => {
    const attacked = createAttacked()
    const body = `${BODY}${' '.repeat(64 * 1024)}`
    const { id, timestamp } = message(attacked)
    const signature = signV1({ id, timestamp, body: Buffer.from(body) }, SECRET)
    expect(await send(attacked, { id, timestamp, signature }, body)).toBe(413)
    expect(attacked.calls.list).toEqual([])
  })
})

describe.each(KINDS)('attack: a forged approval by %s', (kind) => {
  test('with any bit turned is refused, and starts nothing', async () => {
    const attacked = createAttacked()
    const proposal = await attacked.asked()
    const { id } = proposal.request
    const evidence = signWith(kind, 'bob', { proposal, at: attacked.clock.now() })
    const before = attacked.record()
    for (const [name, text] of Object.entries(evidence).filter(([name]) => name !== 'kind')) {
      // A tenth of them here: every one is turned where the signature is verified.
      for (const turned of turnBits(Buffer.from(text)).filter((_, at) => at % 10 === 0)) {
        const forged = { ...evidence, [name]: turned.toString('utf8') }
        const path = `/v1/start-requests/${id}/decisions`
        expect([400, 403]).toContain((await attacked.post(path, { decision: 'approve', evidence: forged })).status)
      }
    }
    expect(attacked.record()).toBe(before)
    await expectOneStart(attacked, proposal, evidence)
  })
})
