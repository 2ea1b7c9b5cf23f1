import { afterEach, describe, expect, it, vi } from 'vitest'
import { createGateHandler } from '#adapters/fc/gate-handler.ts'
import type { HttpAnswer } from '#adapters/fc/http.ts'
import type { Invocation } from '#adapters/fc/invocation.ts'
import type { Gate } from '#adapters/fc/open.ts'
import { sealEvent, type Sealing } from '#core/chat-seal.ts'
import type { ChatEvent } from '#core/chat.ts'
import { answersTo, createChattyWorld, onlyRequest, says } from '#support/chatters.ts'
import { unexamined } from '#support/unexamined.ts'
import { wired } from '#support/wired.ts'
import { createWorld, type World } from '#support/world.ts'
import { CONTEXT, readEvent, SECRET_MARK, timer, toBytes, watchConsole } from './fixtures.ts'

afterEach(() => vi.restoreAllMocks())

function createTestHandler(world: World, fetch: Gate['fetch'] = () => Response.json({ fine: true })) {
  const invocations: Invocation[] = []
  const handler = createGateHandler((invocation) => {
    invocations.push(invocation)
    return { ...wired(world.gate), fetch }
  }, unexamined)
  return { handler, invocations }
}

async function failure(promise: Promise<unknown>): Promise<Error> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof Error)) throw new Error('nothing was thrown')
  return error
}

describe('an HTTP event', () => {
  it('is answered by the app', async () => {
    const seen: Request[] = []
    const { handler, invocations } = createTestHandler(createWorld(), (request) => {
      seen.push(request)
      return Response.json({ fine: true }, { status: 201 })
    })
    const answer = await handler(toBytes(readEvent('get')), CONTEXT)
    expect(answer).toEqual({
      statusCode: 201,
      headers: { 'content-type': 'application/json' },
      isBase64Encoded: false,
      body: '{"fine":true}',
    })
    expect(seen[0]?.headers.get('x-fc-request-id')).toBe(CONTEXT.requestId)
    expect(invocations).toEqual([
      {
        requestId: CONTEXT.requestId,
        credentials: CONTEXT.credentials,
        accountId: '1234567890123456',
        regionId: 'cn-hangzhou',
        functionName: 'startgate-gate',
      },
    ])
  })

  it('is answered with a problem when the app fails, and its fault stays inside', async () => {
    const world = createWorld()
    const { handler } = createTestHandler(world, () => Promise.reject(new Error('a secret of the inside')))
    const answer = (await handler(toBytes(readEvent('get')), CONTEXT)) as HttpAnswer
    expect(answer.statusCode).toBe(500)
    expect(answer.headers).toMatchObject({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' })
    expect(answer.body).not.toContain('secret')
    expect(world.log.lines[0]).toMatchObject({ event: 'call.failed', facts: { message: 'a secret of the inside' } })
  })

  it('is answered with a problem when the gate is not set up right', async () => {
    const lines = watchConsole()
    const handler = createGateHandler(() => {
      throw new TypeError('PUBLIC_URL is missing')
    }, unexamined)
    expect(await handler(toBytes(readEvent('get')), CONTEXT)).toMatchObject({ statusCode: 500 })
    expect(lines).toEqual([expect.stringContaining('PUBLIC_URL is missing')])
  })

  it('is answered with a problem when the context is not the platform’s, of which nothing is shown', async () => {
    const lines = watchConsole()
    const { handler } = createTestHandler(createWorld())
    const context = { ...CONTEXT, region: undefined }
    expect(await handler(toBytes(readEvent('get')), context)).toMatchObject({ statusCode: 500 })
    expect(lines.join()).toContain("the platform's context lacks region")
    expect(lines.join()).not.toContain(SECRET_MARK)
  })

  it('that no request can be made of is malformed', async () => {
    const { handler } = createTestHandler(createWorld())
    const event = { ...readEvent('get'), headers: { 'X-Name': 'a\nb' } }
    expect(await handler(toBytes(event), CONTEXT)).toMatchObject({ statusCode: 400 })
  })

  it('of an unknown form is answered, and nothing is done', async () => {
    const { handler, invocations } = createTestHandler(createWorld())
    expect(await handler(toBytes({ ...readEvent('get'), version: 'v9' }), CONTEXT)).toMatchObject({ statusCode: 500 })
    expect(invocations).toEqual([])
  })
})

describe('the timer `tell`', () => {
  it('tells what is due', async () => {
    const world = createWorld()
    const { proposal } = await world.ask()
    await world.clock.advance(60_000)
    const { handler } = createTestHandler(world)
    expect(await handler(toBytes(readEvent('timer')), CONTEXT)).toBe('done')
    expect(world.messenger.delivered).toHaveLength(2)
    expect(world.messenger.delivered[0]?.telling).toMatchObject({ view: { id: proposal.request.id } })
  })

  it('fails with the counts once everybody had a turn', async () => {
    const world = createWorld()
    await world.ask({}, { key: 'one' })
    await world.ask({}, { key: 'two' })
    await world.clock.advance(60_000)
    world.calls.plan({ service: 'runs', operation: 'GetRange', fault: { kind: 'unclear', applied: false } })
    const { handler } = createTestHandler(world)
    const error = await failure(handler(timer({ job: 'tell' }), CONTEXT))
    expect(error.message).toBe('tell: 1 failed, of 2 requests')
    expect(error.stack).toBe(`Error: ${error.message}`)
    expect(world.messenger.delivered).toHaveLength(2)
    const failed = world.log.lines.filter(({ event }) => event === 'work.failed')
    expect(failed).toMatchObject([{ facts: { what: 'tell', code: 'unclear' } }])
  })

  it('fails when it cannot see what is open', async () => {
    const world = createWorld()
    world.calls.plan({ service: 'open', fault: { kind: 'unclear', applied: false } })
    const error = await failure(createTestHandler(world).handler(timer({ job: 'tell' }), CONTEXT))
    expect(error.stack).toBe('Error: tell failed')
  })
})

describe('a timer that asks', () => {
  it('records a request of its schedule, the same for every repeat of one tick', async () => {
    const world = createWorld()
    const { handler } = createTestHandler(world)
    await handler(timer({ ask: 'nightly' }), CONTEXT)
    await handler(timer({ ask: 'nightly' }), CONTEXT)
    expect(world.asks.rows().map(({ type, actor }) => ({ type, actor }))).toEqual([
      { type: 'requested', actor: { principal: 'nightly' } },
    ])
  })

  it('does not fail when it is refused: its owner was told', async () => {
    const world = createWorld()
    world.instances.change('i-bp1reporting', { locks: ['security'] })
    expect(await createTestHandler(world).handler(timer({ ask: 'nightly' }), CONTEXT)).toBe('done')
    expect(world.messenger.delivered[0]).toMatchObject({
      receiver: 'alice-inbox',
      telling: { kind: 'schedule_refused' },
    })
  })

  it('fails for a schedule that the policy does not have', async () => {
    const world = createWorld()
    const error = await failure(createTestHandler(world).handler(timer({ ask: 'weekly' }), CONTEXT))
    expect(error.stack).toBe('Error: the ask of schedule weekly failed')
    expect(world.asks.rows()).toEqual([])
  })
})

describe('a hint', () => {
  it('tells at once', async () => {
    const world = createWorld()
    const { proposal } = await world.ask()
    await createTestHandler(world).handler(toBytes({ hint: proposal.request.id }), CONTEXT)
    expect(world.messenger.delivered).toHaveLength(2)
  })

  it('of a request that there is not does nothing', async () => {
    const hint = `req_${'0'.repeat(32)}`
    expect(await createTestHandler(createWorld()).handler(toBytes({ hint }), CONTEXT)).toBe('done')
  })

  it('fails plainly when the record does', async () => {
    const world = createWorld()
    const { proposal } = await world.ask()
    const { id } = proposal.request
    world.calls.plan({ service: 'asks', operation: 'GetRange', fault: { kind: 'unclear', applied: false } })
    const error = await failure(createTestHandler(world).handler(toBytes({ hint: id }), CONTEXT))
    expect(error.stack).toBe(`Error: telling of ${id} failed`)
  })
})

describe('what was said in a chat', () => {
  function seal(world: World, event: ChatEvent, by: Partial<Sealing> = {}): Buffer {
    return toBytes(sealEvent({ ...world.gate, ...by }, event))
  }

  it('is done', async () => {
    const world = createChattyWorld()
    const event = says('alice', 'start i-bp1reporting the monthly report', { at: world.clock.now() })
    expect(await createTestHandler(world).handler(seal(world, event), CONTEXT)).toBe('done')
    expect(onlyRequest(world).proposal.request.requester).toEqual({ principal: 'alice', via: 'slack' })
  })

  it('is done also when the view key was rotated on its way', async () => {
    const world = createChattyWorld()
    const { current } = world.gate.viewKey
    const later = { ...world.gate, viewKey: { current: 'the view key from now on 0123456789', previous: current } }
    const handler = createGateHandler(() => ({ ...wired(later), fetch: () => Response.json({}) }), unexamined)
    await handler(seal(world, says('bob', 'help', { at: world.clock.now() })), CONTEXT)
    expect(answersTo(world, 'bob')).toHaveLength(1)
  })

  it.each<[string, (world: World, event: ChatEvent) => Buffer, string]>([
    ['a forged seal', (_, event) => toBytes({ chat: event, seal: '0'.repeat(64) }), 'not_sealed'],
    [
      'the seal of another event',
      (world, event) => toBytes({ ...sealEvent(world.gate, event), chat: { ...event, id: 'another' } }),
      'not_sealed',
    ],
    [
      'the seal of another view key',
      (world, event) => seal(world, event, { viewKey: { current: 'the view key of another gate 01234' } }),
      'not_sealed',
    ],
    [
      'the seal of another deployment',
      (world, event) => seal(world, event, { audience: '1234567890123456/cn-hangzhou/staging-starter' }),
      'not_sealed',
    ],
    ['an old one', (world, event) => seal(world, { ...event, at: event.at - 7_200_001 }), 'too_old'],
  ])('is not done with %s', async (_, make, flaw) => {
    const world = createChattyWorld()
    const event = says('alice', 'start i-bp1reporting the monthly report', { at: world.clock.now() })
    const error = await failure(createTestHandler(world).handler(make(world, event), CONTEXT))
    expect(error.stack).toBe('Error: the gate did not hand this on, or too long ago; nothing was done')
    expect(world.log.lines).toEqual([{ level: 'error', event: 'chat.refused', facts: { flaw } }])
    expect(world.calls.list).toEqual([])
    expect(world.chat.messages).toEqual([])
  })

  it('fails plainly when the record does, so that it comes again', async () => {
    const world = createChattyWorld()
    world.calls.plan({ service: 'open', fault: { kind: 'unclear', applied: false } })
    const event = says('alice', 'start i-bp1reporting the monthly report', { at: world.clock.now() })
    const { handler } = createTestHandler(world)
    const error = await failure(handler(seal(world, event), CONTEXT))
    expect(error.stack).toBe('Error: what was said on slack failed')
    await handler(seal(world, event), CONTEXT)
    onlyRequest(world)
  })

  it('fails when its answer cannot be posted', async () => {
    const world = createChattyWorld()
    world.chat.refuse('slack')
    const event = says('bob', 'help', { at: world.clock.now() })
    const error = await failure(createTestHandler(world).handler(seal(world, event), CONTEXT))
    expect(error.message).toBe('what was said on slack failed')
  })
})

describe('an unknown event', () => {
  it.each([
    ['of another function', timer({ job: 'sweep' }), 'the gate has no job sweep'],
    ['of a chat, without a seal', toBytes({ chat: {} }), 'the gate does not know this event; nothing was done'],
    ['of no form', toBytes({ approve: 'everything' }), 'the gate does not know this event; nothing was done'],
  ])('%s fails and does nothing', async (_, bytes, message) => {
    const world = createWorld()
    const error = await failure(createTestHandler(world).handler(bytes, CONTEXT))
    expect(error.stack).toBe(`Error: ${message}`)
    expect(world.calls.list).toEqual([])
  })

  it('fails plainly when the gate is not set up right', async () => {
    const lines = watchConsole()
    const handler = createGateHandler(() => {
      throw new Error('two\nlines')
    }, unexamined)
    const error = await failure(handler(timer({ job: 'tell' }), CONTEXT))
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { event: 'wire.failed', call: CONTEXT.requestId, message: 'two\nlines' },
    ])
    expect(error.stack).toBe('Error: the function is not set up right; its log says why')
  })
})
