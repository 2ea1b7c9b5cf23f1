// The door for chat platforms, with a platform that only signs what it sends. How the real ones sign is in
// test/adapters/chat.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createSeen } from '#adapters/chat/seen.ts'
import { chatEventSchema, type ChatEvent } from '#core/chat.ts'
import { parseJson } from '#core/json.ts'
import type { ChatPlatform, Parsed } from '#ports/chat-platform.ts'
import { gatePolicy, PAGE, PUBLIC_URL, signingKey } from './gate.ts'
import { createWorld } from '#support/world.ts'
import { createWholeApp } from '#support/whole-app.ts'

const SECRET = 'what the platform and the gate share'
const NOW = Date.UTC(2026, 10, 23, 9)
const BY = { platform: 'slack', tenant: 'T1', user: 'U1' } as const
const SAID: ChatEvent = {
  kind: 'said',
  id: 'm1',
  by: BY,
  at: NOW,
  where: { platform: 'slack', kind: 'group', id: 'C1' },
  text: 'start i-bp1reporting the monthly report',
}

function sign(body: string): string {
  return createHmac('sha256', SECRET).update(body).digest('base64')
}

/** Signs the body; what is signed is the event itself. */
function createPlatform(): ChatPlatform {
  const notHere = async () => ({ ok: false, why: 'nobody posts here' }) as const
  return {
    platform: 'slack',
    post: notHere,
    edit: notHere,
    verify(headers, body) {
      const given = Buffer.from(headers.get('x-signature') ?? '', 'base64')
      const right = createHmac('sha256', SECRET).update(body).digest()
      if (given.length !== right.length || !timingSafeEqual(given, right)) return { flaw: 'signature' }
      return { bytes: body, replay: right.toString('hex') }
    },
    parse(bytes): Parsed {
      const value = parseJson(Buffer.from(bytes).toString()) as { kind?: unknown } | undefined
      if (value?.kind === 'handshake') return { kind: 'handshake', challenge: 'are you there?' }
      if (value?.kind === 'ignored') return { kind: 'ignored' }
      const event = chatEventSchema.safeParse(value)
      return event.success ? event.data : { flaw: 'another_tenant' }
    },
    answer: (to, receipt) =>
      to.kind === 'handshake'
        ? { status: 200, body: { challenge: to.challenge } }
        : { status: 200, body: to.kind === 'ignored' ? undefined : { receipt } },
  }
}

function createTestDoor(queueWorks = true) {
  const world = createWorld({ policy: gatePolicy() })
  const handedOn: ChatEvent[] = []
  const queue = { works: queueWorks, throws: false }
  const { app } = createWholeApp({
    deps: world.gate,
    publicUrl: PUBLIC_URL,
    verifyWebhook: () => ({ flaw: 'unknown_caller' }),
    publicJwk: () => signingKey.publicJwk,
    openapi: () => ({}),
    policySchema: () => ({}),
    page: () => PAGE,
    chat: {
      platforms: new Map([['slack', async () => createPlatform()]]),
      seen: createSeen(world.clock),
      handOn: {
        async send(event) {
          if (queue.throws) throw new TypeError('a bug')
          if (queue.works) handedOn.push(event)
          return queue.works
        },
      },
    },
  })
  const call = (path: string, body: string, signature = sign(body)) =>
    Promise.resolve(app.request(path, { method: 'POST', headers: { 'x-signature': signature }, body }))
  const send = (value: unknown) => call('/v1/chat/slack', JSON.stringify(value))
  return { world, app, handedOn, queue, call, send }
}

describe('POST /v1/chat/{platform}', () => {
  it('hands on what was said, and answers without any other cloud call', async () => {
    const { world, handedOn, send } = createTestDoor()
    const answer = await send(SAID)
    expect([answer.status, await answer.json()]).toEqual([200, { receipt: 'taken' }])
    expect(handedOn).toEqual([SAID])
    expect(world.calls.list).toEqual([])
    expect(world.chat.messages).toEqual([])
  })

  it('says at once when it could not be handed on, and takes it when it is said again', async () => {
    const { handedOn, queue, send } = createTestDoor(false)
    expect(await (await send(SAID)).json()).toEqual({ receipt: 'failed' })
    queue.works = true
    expect(await (await send(SAID)).json()).toEqual({ receipt: 'taken' })
    expect(handedOn).toEqual([SAID])
  })

  it('takes a call again that came to nothing by a bug', async () => {
    const { handedOn, queue, send } = createTestDoor()
    queue.throws = true
    expect((await send(SAID)).status).toBe(500)
    queue.throws = false
    expect(await (await send(SAID)).json()).toEqual({ receipt: 'taken' })
    expect(handedOn).toEqual([SAID])
  })

  it('answers a handshake, as often as it is asked, and hands nothing on', async () => {
    const { handedOn, send } = createTestDoor()
    for (let n = 0; n < 2; n += 1) {
      const answer = await send({ kind: 'handshake' })
      expect([answer.status, await answer.json()]).toEqual([200, { challenge: 'are you there?' }])
    }
    expect(handedOn).toEqual([])
  })

  it('answers what means nothing to it, with an empty body', async () => {
    const { handedOn, send } = createTestDoor()
    const answer = await send({ kind: 'ignored' })
    expect([answer.status, await answer.text()]).toEqual([200, ''])
    expect(handedOn).toEqual([])
  })

  it.each<[string, (door: ReturnType<typeof createTestDoor>) => Promise<Response>, string]>([
    [
      'a false signature',
      ({ call }) => call('/v1/chat/slack', JSON.stringify(SAID), sign('something else')),
      'signature',
    ],
    ['no signature', ({ call }) => call('/v1/chat/slack', JSON.stringify(SAID), ''), 'signature'],
    ['an event of somebody else', ({ send }) => send({ ...SAID, by: { ...BY, tenant: '!' } }), 'another_tenant'],
    ['what is no JSON', ({ call }) => call('/v1/chat/slack', 'start i-1'), 'another_tenant'],
    ['a body that is too large', ({ call }) => call('/v1/chat/slack', ' '.repeat(64 * 1024 + 1)), 'too_large'],
  ])('turns %s away as it turns everybody away', async (_, attempt, flaw) => {
    const door = createTestDoor()
    const answer = await attempt(door)
    const stranger = await createTestDoor().app.request('/v1/start-requests', { method: 'POST' })
    expect(answer.status).toBe(401)
    expect(await answer.text()).toBe(await stranger.text())
    expect(door.handedOn).toEqual([])
    expect(door.world.calls.list).toEqual([])
    expect(door.world.log.lines).toMatchObject([{ event: 'call.unauthenticated', facts: { flaw } }])
  })

  it('turns a copy of a call that it took away, and not the next call', async () => {
    const { world, handedOn, send } = createTestDoor()
    await send(SAID)
    expect((await send(SAID)).status).toBe(401)
    expect(world.log.lines).toMatchObject([{ facts: { flaw: 'replayed' } }])
    expect((await send({ ...SAID, id: 'm2' })).status).toBe(200)
    expect(handedOn.map(({ id }) => id)).toEqual(['m1', 'm2'])
  })

  it('takes one of two copies that come at once', async () => {
    const { handedOn, send } = createTestDoor()
    const answers = await Promise.all([send(SAID), send(SAID)])
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 401])
    expect(handedOn).toHaveLength(1)
  })

  it.each(['irc', 'feishu', 'slack/', 'constructor', '../slack'])('has nothing at %s', async (name) => {
    const { call, app } = createTestDoor()
    const answer = await call(`/v1/chat/${name}`, JSON.stringify(SAID))
    const unknown = await app.request('/v1/nothing', { method: 'POST' })
    expect(answer.status).toBe(404)
    expect(await answer.text()).toBe(await unknown.text())
  })

  it('takes no other method', async () => {
    const { app } = createTestDoor()
    const answer = await app.request('/v1/chat/slack')
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST'])
  })
})
