// Whoever finds an address: scanners, bots, other sites.
import { describe, expect, test } from 'vitest'
import { createAttacked, expectOneStart, type Attacked } from '#support/attacked.ts'
import { KINDS, signWith } from '#support/signers.ts'

const READS = new Set(['GetRange', 'GetRow', 'DescribeInstances'])

/** Every address that there is, for this request. */
function addressesOf({ app, routes }: Attacked, id: string): readonly string[] {
  const all = [...app.routes, ...routes.routes].map(({ path }) => path)
  const paths = new Set(all.filter((path) => !path.includes('*')))
  const real = [...paths].map((path) => path.replace(':id', id).replace(':caller', 'deploy-bot'))
  expect(real.length).toBeGreaterThan(8)
  return real
}

/** Nothing was written, nobody was hinted, and nobody would be started. */
async function expectNothingHappened(attacked: Attacked, before: string): Promise<void> {
  expect(attacked.record()).toBe(before)
  expect(attacked.hints.sent).toEqual([])
  expect(attacked.calls.list.filter(({ operation }) => !READS.has(operation))).toEqual([])
}

describe.each(KINDS)('attack: link scanners, with a link that holds an approval by %s', (kind) => {
  test('GET, HEAD and OPTIONS on every address, hundreds of times: nothing changes, and nothing is used up', async () => {
    const attacked = createAttacked()
    const proposal = await attacked.asked()
    const { id } = proposal.request
    const evidence = signWith(kind, 'bob', { proposal, at: attacked.clock.now() })
    const query = new URLSearchParams({ decision: 'approve', evidence: JSON.stringify(evidence), _method: 'POST' })
    const before = attacked.record()
    attacked.calls.forget()
    let count = 0
    for (const path of addressesOf(attacked, id)) {
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        for (const search of ['', `?${query.toString()}`, '?lang=zh', `?token=${id}`]) {
          const headers = { 'x-http-method-override': 'POST', 'user-agent': 'Slackbot-LinkExpanding 1.0' }
          const all = Array.from({ length: 5 }, async () => attacked.app.request(path + search, { method, headers }))
          for (const { status } of await Promise.all(all)) expect(status).toBeLessThan(500)
          count += all.length
        }
      }
    }
    expect(count).toBeGreaterThan(500)
    await expectNothingHappened(attacked, before)
    await expectOneStart(attacked, proposal, evidence)
  })
})

describe('attack: bots click on buttons', () => {
  const FORM = 'decision=approve'
  test.each([
    ['nothing', '', {}],
    ['a form', FORM, { 'content-type': 'application/x-www-form-urlencoded' }],
    ['an empty object', {}, {}],
    ['a yes', { decision: 'approve' }, {}],
    ['a yes without evidence', { decision: 'approve', evidence: null }, {}],
    ['a yes by name', { decision: 'approve', approver: 'bob', evidence: { kind: 'jws', token: 'bob' } }, {}],
    ['a no by name', { decision: 'deny', reason: 'no', approver: 'bob' }, {}],
    ['an empty signature', { decision: 'approve', evidence: { kind: 'ssh', statement: 'yes', signature: '' } }, {}],
    ['a reason to cancel', { reason: 'no' }, { authorization: 'Bearer bob' }],
  ] as const)('%s, posted to every address: nothing changes', async (_what, body, headers) => {
    const attacked = createAttacked()
    const proposal = await attacked.asked()
    const before = attacked.record()
    attacked.calls.forget()
    for (const path of addressesOf(attacked, proposal.request.id)) {
      const { status } = await attacked.post(path, body, headers)
      expect([400, 401, 403, 405]).toContain(status)
    }
    await expectNothingHappened(attacked, before)
  })
})

describe('attack: CSRF', () => {
  test.each([
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'text/plain; application/json',
    'application/jsonx',
    'x-application/json',
    '',
  ])('another site sends a sound approval as "%s", as browsers do without asking: it is not taken', async (type) => {
    for (const kind of KINDS) {
      const attacked = createAttacked()
      const proposal = await attacked.asked()
      const evidence = signWith(kind, 'bob', { proposal, at: attacked.clock.now() })
      const before = attacked.record()
      attacked.calls.forget()
      const path = `/v1/start-requests/${proposal.request.id}/decisions`
      const headers = { 'content-type': type, origin: 'https://evil.example.com' }
      expect((await attacked.post(path, { decision: 'approve', evidence }, headers)).status).toBe(400)
      await expectNothingHappened(attacked, before)
    }
  })

  test('no address lets another site read or send anything, nor keeps anything in a browser', async () => {
    const attacked = createAttacked()
    const { request } = await attacked.asked()
    for (const path of addressesOf(attacked, request.id)) {
      for (const method of ['GET', 'OPTIONS', 'POST']) {
        const headers = { origin: 'https://evil.example.com', 'access-control-request-method': 'POST' }
        const answer = await attacked.app.request(path, { method, headers })
        const names = [...answer.headers].map(([name]) => name)
        expect(names.filter((name) => name.startsWith('access-control-') || name === 'set-cookie')).toEqual([])
      }
    }
  })
})

describe('attack: clickjacking', () => {
  test('no answer may be framed, kept, sniffed, or told to another site', async () => {
    const attacked = createAttacked()
    const { request } = await attacked.asked()
    for (const path of [...addressesOf(attacked, request.id), '/r/nothing', '/nowhere']) {
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'DELETE']) {
        const { headers } = await attacked.app.request(path, { method })
        expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'.*frame-ancestors 'none'/)
        expect(headers.get('cache-control')).toBe('no-store')
        expect(headers.get('referrer-policy')).toBe('no-referrer')
        expect(headers.get('x-content-type-options')).toBe('nosniff')
      }
    }
  })
})
