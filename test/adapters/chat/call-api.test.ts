// Calls of a platform's API on real sockets. How each platform takes its failures stands in test/contract.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { callApi } from '#adapters/chat/call-api.ts'
import * as z from '#core/zod.ts'
import { startChatFront, type ChatFront } from '#support/chat-front.ts'
import { startKeeper } from '#support/keeper.ts'

const schema = z.object({ code: z.int() })

describe('a call of an API', () => {
  let front: ChatFront
  beforeEach(async () => {
    front = await startChatFront('http://127.0.0.1:9')
  })
  afterEach(() => front.close())
  const call = (timeout = 5000, url = `${front.endpoint}/x`) =>
    callApi({
      method: 'POST',
      url,
      headers: { authorization: 'Bearer secret' },
      body: { text: '启 "x"' },
      signal: AbortSignal.timeout(timeout),
      schema,
    })

  it('sends JSON, and gives what is answered in the form that was asked for', async () => {
    front.misbehave({ status: 200, body: '{"code":0,"more":true}' })

    expect(await call()).toEqual({ ok: true, answer: { code: 0 } })
    expect(front.requests[0]).toMatchObject({
      url: '/x',
      headers: { authorization: 'Bearer secret', 'content-type': 'application/json; charset=utf-8' },
      body: '{"text":"启 \\"x\\""}',
    })
  })

  it('keeps no socket, which may be dead after a freeze', async () => {
    const keeper = await startKeeper('{"code":0}')
    for (let n = 0; n < 2; n += 1) expect(await call(5000, keeper.endpoint)).toEqual({ ok: true, answer: { code: 0 } })

    expect(await keeper.ended()).toBe(2)
  })

  it('hands on a refusal that has the form, and nothing else of one', async () => {
    front.misbehave({ status: 401, body: '{"code":7}' })
    expect(await call()).toEqual({ ok: false, why: 'the platform answered 401', answer: { code: 7 } })
    front.misbehave({ status: 401, body: '{"error":"Bearer secret"}' })
    expect(await call()).toEqual({ ok: false, why: 'the platform answered 401' })
  })

  it.each(['', '{"code":"0"}', '{"code":0}x', `{"code":0,"x":"${'x'.repeat(64 * 1024)}"}`])(
    'takes nothing else for an answer',
    async (body) => {
      front.misbehave({ status: 200, body })

      expect(await call()).toEqual({ ok: false, why: 'the platform answered something else' })
    },
  )

  it('reads 64 KB', async () => {
    const body = `{"code":0,"x":"${'x'.repeat(64 * 1024 - 17)}"}`
    front.misbehave({ status: 200, body })

    expect(body).toHaveLength(64 * 1024)
    expect(await call()).toEqual({ ok: true, answer: { code: 0 } })
  })

  it('does not wait for the end of an answer that has none', async () => {
    front.misbehave('flood')

    expect(await call()).toEqual({ ok: false, why: 'the platform answered something else' })
  })

  it('follows nobody', async () => {
    front.misbehave({ status: 307, headers: { location: `${front.endpoint}/other` }, body: '{"code":0}' })

    expect(await call()).toMatchObject({ ok: false, why: 'the platform answered 307' })
    expect(front.requests).toHaveLength(1)
  })

  it.each(['hang', 'stall'] as const)('waits no longer than it may: %s', async (how) => {
    front.misbehave(how)

    expect(await call(200)).toEqual({ ok: false, why: 'no answer in time' })
  })

  it('says by its code alone why nobody could be reached', async () => {
    await front.close()

    expect(await call()).toEqual({ ok: false, why: 'the platform could not be reached (ECONNREFUSED)' })
    expect(await call(5000, 'http://[')).toMatchObject({ ok: false, why: expect.not.stringContaining('[') as string })
  })

  it('says so when the connection breaks', async () => {
    front.misbehave('reset')

    expect(await call()).toMatchObject({
      ok: false,
      why: expect.stringMatching(/^the platform could not be reached/) as string,
    })
  })
})
