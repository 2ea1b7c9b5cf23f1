// What happens when a platform's API does not do what it is asked for: it is said, in words that give nothing away.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChatMessage } from '#core/card.ts'
import type { Address } from '#core/chat.ts'
import type { Posted } from '#ports/chat.ts'
import type { ChatPlatform } from '#ports/chat-platform.ts'
import { ECHO_MARK, type Misbehaviour } from '#support/chat-front.ts'
import { aCard } from '#support/cards.ts'
import type { ChatMaker, UnderTest } from '#support/chat-platform.ts'

const CARD: ChatMessage = { kind: 'card', card: aCard() }
const SHORT = 300

const MISBEHAVIOURS: readonly (readonly [string, Misbehaviour])[] = [
  ['never answers', 'hang'],
  ['stops in the middle of its answer', 'stall'],
  ['never stops answering', 'flood'],
  ['breaks the connection', 'reset'],
  ['refuses, and repeats all that it was told', 'echo'],
  ['is asked too often', { status: 429, headers: { 'retry-after': '30' }, body: '{"ok":false,"error":"ratelimited"}' }],
  ['has a fault', { status: 500, body: 'Internal Server Error' }],
  ['answers 503 and nothing', { status: 503, body: '' }],
  ['answers nothing', { status: 200, body: '' }],
  ['answers with a page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' }],
  ['answers with an empty object', { status: 200, body: '{}' }],
  ['answers null', { status: 200, body: 'null' }],
  ['answers with a list', { status: 200, body: '[]' }],
  ['says neither yes nor no', { status: 200, body: '{"ok":"yes","code":"0"}' }],
  ['says yes and no more', { status: 200, body: '{"ok":true,"code":0,"errcode":0,"success":true}' }],
  ['answers far too much', { status: 200, body: `{"ok":true,"code":0,"x":"${'x'.repeat(1_000_000)}"}` }],
  ['answers too deep', { status: 200, body: `${'['.repeat(30_000)}${']'.repeat(30_000)}` }],
  [
    'answers with what is no UTF-8',
    { status: 200, headers: { 'content-type': 'application/json; charset=x' }, body: '\ufffd' },
  ],
  ['names a prototype', { status: 200, body: '{"__proto__":{"ok":true,"code":0},"ok":false}' }],
]

export function describeChatFailures(name: string, maker: ChatMaker, setup: () => Promise<UnderTest>): void {
  describe(`an API of ${name} that fails`, () => {
    let under: UnderTest
    let group: Address
    beforeEach(async () => {
      under = await setup()
      group = { platform: under.peer.platform, kind: 'group', id: maker.group }
    })
    afterEach(() => under.close())
    const post = (to = group, key = 'k1', platform = under.platform): Promise<Posted> => platform.post(to, CARD, key)
    const expectFailed = (posted: Posted): void => {
      if (posted.ok) throw new Error(`it was taken for done: ${posted.id}`)
      expect(posted.why).toMatch(/^[\x20-\x7e]{5,120}$/)
      const told = under.front.requests.flatMap(({ headers }) => Object.entries(headers))
      const tokens = told.filter(([header]) => /auth|token/i.test(header)).flatMap(([, value]) => value.split(' '))
      for (const secret of [
        ...maker.secrets,
        ...tokens.filter((token) => token.length > 7),
        ECHO_MARK,
        under.front.endpoint,
      ])
        expect(posted.why).not.toContain(secret)
    }

    it('says so while it is down, and works again afterwards', async () => {
      const posted = await post()
      if (!posted.ok) throw new Error(posted.why)
      under.peer.setDown(true)
      expectFailed(await post(group, 'k2'))
      expectFailed(await under.platform.edit(group, posted.id, CARD))
      under.peer.setDown(false)

      expect(await post(group, 'k2')).toHaveProperty('ok', true)
      expect(await under.platform.edit(group, posted.id, CARD)).toHaveProperty('ok', true)
    })

    it.each(MISBEHAVIOURS)('says so when it %s', async (_, how) => {
      const brief = (): ChatPlatform => under.other({ deliverTimeout: SHORT })
      const [never, before] = [brief(), brief()]
      const warm = await post(group, 'k0')
      if (!warm.ok) throw new Error(warm.why)
      const first = await before.post(group, CARD, 'k1')
      under.front.misbehave(how)
      const began = performance.now()
      expectFailed(await post(group, 'k2', never))
      if (first.ok) expectFailed(await post(group, 'k3', before))
      expectFailed(await before.edit(group, warm.id, CARD))

      // Three at SHORT each; the rest is for a machine that is busy.
      expect(performance.now() - began).toBeLessThan(3 * SHORT + 4000)
      expect(under.front.requests.length).toBeLessThan(20)
    })

    it.each([301, 302, 307, 308])('follows no redirect: %i', async (status) => {
      under.front.misbehave({ status, headers: { location: `${under.front.endpoint}/elsewhere` }, body: '' })
      expectFailed(await post())

      expect(under.front.requests.map(({ url }) => url)).not.toContain('/elsewhere')
      expect(under.front.requests.length).toBeLessThan(4)
    })

    it('says so when nobody is there', async () => {
      await under.front.close()

      expectFailed(await post())
    })

    it('says so for a chat that the robot is not in', async () => {
      expectFailed(await post({ ...group, id: maker.elsewhere }))
      expect(under.peer.shown()).toEqual([])
    })

    it.each(['', ' ', 'nobody', ':', '../../x', 'a/b?c=d', `${'9'.repeat(300)}`, '__proto__', 'C0:1.000000'])(
      'says so for a message that there is none of: %j',
      async (id) => {
        await post()

        expectFailed(await under.platform.edit(group, id, CARD))
        expect(under.peer.shown().map(({ edits }) => edits)).toEqual([0])
        for (const { url } of under.front.requests) expect(url).toMatch(/^\/[A-Za-z]+\/[A-Za-z0-9_./?=&%-]+$/)
        for (const { url } of under.front.requests) expect(url).not.toContain('..')
      },
    )

    it('gets a new token when the one it has does not count any more', async () => {
      const posted = await post()
      if (under.revokeTokens === undefined || !posted.ok) return expect(posted.ok).toBe(true)
      under.revokeTokens()
      expect(await post(group, 'k2')).toHaveProperty('ok', true)
      under.revokeTokens()
      expect(await under.platform.edit(group, posted.id, CARD)).toEqual({ ok: true, id: posted.id })
      await under.clock.advance(25 * 60 * 60 * 1000)
      expect(await post(group, 'k3')).toHaveProperty('ok', true)

      expect(under.peer.shown()).toHaveLength(3)
    })

    it('tells its token to nobody but the API, and no secret in an address', async () => {
      await post()

      for (const { url } of under.front.requests) for (const secret of maker.secrets) expect(url).not.toContain(secret)
    })

    it('carries many messages at once', async () => {
      const posted = await Promise.all(Array.from({ length: 10 }, (_, n) => post(group, `k${n}`)))

      expect(posted.filter(({ ok }) => ok)).toHaveLength(10)
      expect(under.peer.shown()).toHaveLength(10)
    })
  })
}
