import { describe, expect, it } from 'vitest'
import { decidedSchema, detailSchema, listSchema } from '#adapters/web/answers.ts'
import { createTestGate, expectProblem, type TestGate } from './gate.ts'

const CHINESE = { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' }
const HAN = /\p{Script=Han}/u

function show({ app }: TestGate, id: string, headers: Readonly<Record<string, string>> = CHINESE) {
  return app.request(`/v1/start-requests/${id}`, { headers })
}

function expectLanguage(answer: Response, tag: string): void {
  expect(answer.headers.get('content-language')).toBe(tag)
  expect(answer.headers.get('vary')).toBe('accept-language')
}

describe('the language of an answer', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['nothing', {}],
    ['English first', { 'accept-language': 'en-GB,en;q=0.9,zh;q=0.8' }],
    ['neither', { 'accept-language': 'de,*;q=0' }],
    ['what a program that does not care sends', { 'accept-language': '*' }],
  ])('is English for whoever asks for %s', async (_, headers) => {
    const gate = createTestGate()
    const { id } = await gate.ask()
    const answer = await show(gate, id, headers)
    expectLanguage(answer, 'en')
    const { view } = detailSchema.parse(await answer.json())
    expect(view).toMatchObject({ language: 'en', headline: expect.stringMatching(/^Waiting for /) as string })
  })

  it('is Chinese for whoever asks for it, but for the line that is signed', async () => {
    const gate = createTestGate()
    const { id } = await gate.ask()
    const english = detailSchema.parse(await (await show(gate, id, {})).json())
    const answer = await show(gate, id)
    expectLanguage(answer, 'zh-CN')
    const { view, says, proposal, digest } = detailSchema.parse(await answer.json())
    expect(view.language).toBe('zh')
    expect(view.headline).toMatch(HAN)
    expect(view.facts.every(({ label }) => HAN.test(label))).toBe(true)
    expect({ says, proposal, digest }).toEqual({
      says: english.says,
      proposal: english.proposal,
      digest: english.digest,
    })
    expect(view.says).toBe(english.says)
  })

  it('is that of the headlines of a list', async () => {
    const gate = createTestGate()
    await gate.ask()
    const path = '/v1/start-requests?day=2026-11-23'
    const answer = await gate.call({ path, by: 'carol', headers: CHINESE })
    expectLanguage(answer, 'zh-CN')
    expect(listSchema.parse(await answer.json()).items[0]?.headline).toMatch(HAN)
  })

  it.each(['approve', 'deny'] as const)('is said with a decision: %s', async (decision) => {
    const gate = createTestGate()
    const { id } = await gate.ask()
    const { proposal } = await gate.world.load(id)
    const evidence = await gate.world.sign('bob', decision, proposal, decision === 'deny' ? 'Not today' : undefined)
    const answer = await gate.app.request(`/v1/start-requests/${id}/decisions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...CHINESE },
      body: JSON.stringify({ decision, evidence }),
    })
    expect(answer.status).toBe(200)
    expectLanguage(answer, 'zh-CN')
    expect(decidedSchema.parse(await answer.json()).id).toBe(id)
  })

  it('is said with a cancellation', async () => {
    const gate = createTestGate()
    const { id } = await gate.ask()
    const path = `/v1/start-requests/${id}/cancel`
    const answer = await gate.call({ method: 'POST', path, body: {}, headers: CHINESE })
    expect(answer.status).toBe(200)
    expectLanguage(answer, 'zh-CN')
  })
})

describe('a problem in Chinese', () => {
  it.each<[string, number, string, RequestInit]>([
    ['/v1/start-requests/req_0', 404, 'no_such_request', {}],
    ['/nowhere', 404, 'not_found', {}],
    ['/healthz', 405, 'method_not_allowed', { method: 'DELETE' }],
    ['/v1/start-requests', 401, 'unauthenticated', { method: 'POST', body: '{}' }],
    ['/v1/start-requests', 413, 'too_large', { method: 'POST', body: 'x'.repeat(65 * 1024) }],
  ])('%s: %i %s', async (path, status, reason, init) => {
    const { app } = createTestGate()
    const answer = await app.request(path, { ...init, headers: CHINESE })
    expectLanguage(answer, 'zh-CN')
    expect((await expectProblem(answer, status, reason)).detail).toMatch(HAN)
  })

  it.each<[string, Error, number]>([
    ['unavailable', Object.assign(new Error('no answer'), { code: 'record_unclear' }), 503],
    ['fault', new Error('a bug'), 500],
  ])('a fault is one too: %s', async (kind, error, status) => {
    const { app, world } = createTestGate()
    world.gate.open.all = () => Promise.reject(error)
    const answer = await app.request('/healthz', { headers: CHINESE })
    expectLanguage(answer, 'zh-CN')
    const { detail } = await expectProblem(answer, status, kind)
    expect(detail).toMatch(HAN)
    expect(detail).not.toContain(error.message)
  })
})
