// Asking by a signed webhook. The attacks on the signature itself are in test/adapters/webhook.
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { summarySchema } from '#adapters/web/answers.ts'
import { signV1a } from '#adapters/webhook/signature.ts'
import { ASK, botKey, createTestGate, expectProblem, SECRETS, type TestGate } from './gate.ts'

const NOW = Date.UTC(2026, 10, 23, 9)

interface Sent {
  readonly id?: string
  readonly at?: number
  readonly body?: string
  readonly caller?: string
  readonly secret?: string
  readonly type?: string
}

function send(gate: TestGate, sent: Sent = {}): Promise<Response> {
  const { id = 'msg_1', at = NOW, body = JSON.stringify(ASK), caller = 'deploy-bot', secret = SECRETS.current } = sent
  const signature = new Webhook(secret).sign(id, new Date(at), body)
  return post(gate, caller, { id, at, body, signature, ...(sent.type === undefined ? {} : { type: sent.type }) })
}

interface Posted {
  readonly id: string
  readonly at: number
  readonly body: string
  readonly signature: string
  readonly type?: string
}

async function post(gate: TestGate, caller: string, { id, at, body, signature, type }: Posted): Promise<Response> {
  return gate.app.request(`/v1/webhooks/${caller}`, {
    method: 'POST',
    headers: {
      'webhook-id': id,
      'webhook-timestamp': String(at / 1000),
      'webhook-signature': signature,
      'content-type': type ?? 'application/json',
    },
    body,
  })
}

describe('POST /v1/webhooks/{caller}', () => {
  it('records a request of the machine', async () => {
    const gate = createTestGate()
    const answer = await send(gate)
    expect(answer.status).toBe(201)
    const { id } = summarySchema.parse(await answer.json())
    const { requester } = (await gate.world.load(id)).proposal.request
    expect(requester).toEqual({ principal: 'deploy-bot', via: 'webhook' })
  })

  it('answers a message that comes again with the same request', async () => {
    const gate = createTestGate()
    const { id } = summarySchema.parse(await (await send(gate)).json())
    const again = await send(gate, { at: NOW + 60_000 })
    expect(again.status).toBe(200)
    expect(await again.json()).toMatchObject({ id })
  })

  it('accepts the secret from before, and any content type', async () => {
    expect((await send(createTestGate(), { secret: SECRETS.previous, type: 'text/plain' })).status).toBe(201)
  })

  it('accepts a machine that signs with its own key', async () => {
    const body = JSON.stringify(ASK)
    const message = { id: 'msg_1', timestamp: String(NOW / 1000), body: Buffer.from(body) }
    const signature = signV1a(message, botKey.privateKey)
    expect((await post(createTestGate(), 'cron-bot', { id: 'msg_1', at: NOW, body, signature })).status).toBe(201)
  })

  it('refuses a body that is no ask', async () => {
    const gate = createTestGate()
    await expectProblem(await send(gate, { body: '{"text":"start it"}' }), 400, 'malformed')
    expect(gate.world.calls.list).toEqual([])
  })

  it('refuses an id that is too long for a key', async () => {
    await expectProblem(await send(createTestGate(), { id: 'm'.repeat(129) }), 400, 'malformed')
  })

  it.each([
    ['a machine that the policy does not have', { caller: 'evil-bot' }, 'unknown_caller'],
    ['a machine that sends no webhooks', { caller: 'quiet-bot' }, 'unknown_caller'],
    ['a person', { caller: 'alice' }, 'unknown_caller'],
    ['a name that every object has', { caller: 'constructor' }, 'unknown_caller'],
    ['another machine than the one that signed', { caller: 'cron-bot' }, 'signature'],
    ['another secret', { secret: `whsec_${Buffer.alloc(32).toString('base64')}` }, 'signature'],
    ['a time that is over', { at: NOW - 301_000 }, 'too_old'],
    ['a time to come', { at: NOW + 301_000 }, 'from_the_future'],
  ])('turns %s away as it turns everybody away', async (_, sent, flaw) => {
    const gate = createTestGate()
    const answer = await send(gate, sent)
    const stranger = await createTestGate().app.request('/v1/start-requests', { method: 'POST' })
    expect(answer.status).toBe(401)
    expect(await answer.text()).toBe(await stranger.text())
    expect(gate.world.calls.list).toEqual([])
    expect(gate.world.log.lines[0]?.facts['flaw']).toBe(flaw)
  })
})
