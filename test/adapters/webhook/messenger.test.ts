// Deliveries to a real server on loopback, which verifies them as a receiver would.
import { webcrypto } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, it } from 'vitest'
import { parseSigningKey } from '#adapters/webhook/keys.ts'
import { createMessenger } from '#adapters/webhook/messenger.ts'
import { toProblem } from '#core/problem.ts'
import type { Telling } from '#core/telling.ts'
import { createView } from '#core/view.ts'
import { foldStanding } from '#core/standing.ts'
import { DURATIONS } from '#core/durations.ts'
import { startKeeper } from '#support/keeper.ts'
import { aProposal, NOW, someAsks, someRuns } from '#support/samples.ts'

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
const PREVIOUS = `whsec_${Buffer.alloc(32, 2).toString('base64')}`
const KEY = parseSigningKey(`whsk_${Buffer.alloc(32, 3).toString('base64')}`)

interface Received {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

const closers: (() => void)[] = []
afterEach(() => closers.splice(0).forEach((close) => close()))

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A receiver that takes everything and answers with this status. */
async function receive(status = 200, headers: Readonly<Record<string, string>> = {}) {
  const received: Received[] = []
  const url = await serve((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({ method: request.method, url: request.url, headers: request.headers, body: Buffer.concat(chunks) })
      response.writeHead(status, headers).end('thank you')
    })
  })
  return { url, received }
}

function messengerTo(url: string, change: { readonly secret?: boolean; readonly deliverTimeout?: number } = {}) {
  return createMessenger({
    policy: { receivers: { 'ops-room': { url } } },
    publicUrl: 'https://startgate.example.com',
    signingKey: () => KEY,
    secrets: () => (change.secret === false ? undefined : { current: SECRET, previous: PREVIOUS }),
    clock: { now: () => Date.now() },
    durations: { deliverTimeout: change.deliverTimeout ?? 5000 },
  })
}

function aTelling(): Extract<Telling, { kind: 'state' }> {
  const proposal = aProposal()
  const [asks, runs] = [someAsks(proposal), someRuns(proposal, [])]
  const view = createView(asks, runs, foldStanding(asks, runs, NOW, DURATIONS))
  return { kind: 'state', id: `${view.id}.1.0.pending`, at: NOW, number: 1, view }
}

function only(received: readonly Received[]): Received {
  expect(received).toHaveLength(1)
  return received[0] as Received
}

describe('a delivery', () => {
  it('posts the news as JSON, under the id of the telling', async () => {
    const { url, received } = await receive()
    const telling = aTelling()
    expect(await messengerTo(`${url}/hook?room=7`).deliver('ops-room', telling)).toEqual({ ok: true })
    const { method, url: path, headers, body } = only(received)
    expect({ method, path }).toEqual({ method: 'POST', path: '/hook?room=7' })
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'startgate',
      'webhook-id': telling.id,
      'webhook-timestamp': expect.stringMatching(/^\d{10}$/) as string,
    })
    const { id, state, final, headline, says, digest, heads } = telling.view
    expect(JSON.parse(body.toString('utf8'))).toEqual({
      type: 'start-request.state',
      timestamp: '2026-11-23T09:00:00.000Z',
      data: expect.objectContaining({
        number: 1,
        id,
        state,
        final,
        headline,
        says,
        digest,
        heads,
        instanceId: 'i-bp67acfmxazb4p3ujhx1',
        review: `https://startgate.example.com/r/${id}`,
      }) as unknown,
    })
  })

  it('verifies with the shared secret, the one before it, and the reference implementation', async () => {
    const { url, received } = await receive()
    await messengerTo(url).deliver('ops-room', aTelling())
    const { headers, body } = only(received)
    for (const secret of [SECRET, PREVIOUS]) {
      expect(() => new Webhook(secret).verify(body, headers as Record<string, string>)).not.toThrow()
    }
  })

  it('verifies with the public key of the gate by other means than our own', async () => {
    const { url, received } = await receive()
    await messengerTo(url, { secret: false }).deliver('ops-room', aTelling())
    const { headers, body } = only(received)
    const [version, base64 = ''] = String(headers['webhook-signature']).split(',')
    expect(version).toBe('v1a')
    const { kty, crv, x } = KEY.publicJwk
    const key = await webcrypto.subtle.importKey('jwk', { kty, crv, x }, { name: 'Ed25519' }, false, ['verify'])
    const signed = Buffer.concat([
      Buffer.from(`${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.`),
      body,
    ])
    const signature = Buffer.from(base64, 'base64')
    expect(await webcrypto.subtle.verify('Ed25519', key, signature, signed)).toBe(true)
    signed[0] = (signed[0] ?? 0) ^ 1
    expect(await webcrypto.subtle.verify('Ed25519', key, signature, signed)).toBe(false)
  })

  it('keeps no socket, which may be dead after a freeze', async () => {
    const keeper = await startKeeper('')
    const messenger = messengerTo(keeper.endpoint)
    for (let n = 0; n < 2; n += 1) expect(await messenger.deliver('ops-room', aTelling())).toEqual({ ok: true })

    expect(await keeper.ended()).toBe(2)
  })

  it('tells the owner of a schedule that its ask was refused', async () => {
    const { url, received } = await receive(204)
    const problem = toProblem({ reason: 'locked', instanceId: 'i-bp1reporting', lock: 'security' })
    const refused = { kind: 'schedule_refused', id: 'nightly@2026-11-23T07:30:00Z', at: NOW } as const
    const telling = { ...refused, schedule: 'nightly', owner: 'alice', problem }
    expect(await messengerTo(url).deliver('ops-room', telling)).toEqual({ ok: true })
    expect(JSON.parse(only(received).body.toString('utf8'))).toEqual({
      type: 'schedule.refused',
      timestamp: '2026-11-23T09:00:00.000Z',
      data: { schedule: 'nightly', owner: 'alice', problem },
    })
  })
})

describe('a failed delivery', () => {
  it.each([400, 410, 500])('is an answer of %i', async (status) => {
    const { url } = await receive(status)
    const outcome = await messengerTo(url).deliver('ops-room', aTelling())
    expect(outcome).toEqual({ ok: false, why: `the receiver answered ${status}` })
  })

  it('is a redirect, which nobody put into the policy', async () => {
    const elsewhere = await receive()
    const { url } = await receive(307, { location: elsewhere.url })
    const outcome = await messengerTo(url).deliver('ops-room', aTelling())
    expect(outcome).toEqual({ ok: false, why: 'the receiver answered 307' })
    expect(elsewhere.received).toEqual([])
  })

  it('is no answer before the deadline', async () => {
    const url = await serve(() => {})
    const outcome = await messengerTo(url, { deliverTimeout: 50.5 }).deliver('ops-room', aTelling())
    expect(outcome).toEqual({ ok: false, why: 'no answer in time' })
  })

  it('is a connection that breaks, and the address stays out of what is said', async () => {
    const url = await serve((request) => request.socket.destroy())
    const outcome = await messengerTo(`${url}/hook?token=secret`).deliver('ops-room', aTelling())
    expect(outcome).toMatchObject({
      ok: false,
      why: expect.stringMatching(/^the receiver could not be reached/) as string,
    })
    expect(JSON.stringify(outcome)).not.toContain('secret')
  })

  it('is an address with a password, which is not shown', async () => {
    const { url } = await receive()
    const outcome = await messengerTo(url.replace('//', '//me:secret@')).deliver('ops-room', aTelling())
    expect(outcome).toEqual({ ok: false, why: 'the receiver could not be reached' })
  })

  it.each(['http://ops.example.com/hook', 'http://127.0.0.1.example.com/hook', 'http://10.0.0.1/hook'])(
    'is the address %s, where others could read along',
    async (url) => {
      const outcome = await messengerTo(url).deliver('ops-room', aTelling())
      expect(outcome).toEqual({ ok: false, why: 'its address is not https' })
    },
  )

  it('is a receiver that the policy does not have', async () => {
    const outcome = await messengerTo('https://ops.example.com').deliver('constructor', aTelling())
    expect(outcome).toEqual({ ok: false, why: 'the policy has no such receiver' })
  })
})
