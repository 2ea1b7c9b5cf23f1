// What a platform's calls must be to count, and what is read from them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sealEvent } from '#core/chat-seal.ts'
import { chatEventSchema, type ChatEvent } from '#core/chat.ts'
import { MINUTE } from '#core/durations.ts'
import type { Place, Shown, SignedCall } from '#infra/local/chat/peer.ts'
import type { ChatPlatform, Parsed } from '#ports/chat-platform.ts'
import { bendBody } from '#support/bent-bodies.ts'
import { aCard } from '#support/cards.ts'
import { AUDIENCE, REQUEST } from '#support/samples.ts'
import { take, WORDS, type ChatMaker, type UnderTest } from '#support/chat-platform.ts'

/** An id may follow, and nothing else that came. */
const ANY_FLAW = { flaw: expect.stringMatching(/^[a-z_]{1,60}( [A-Za-z0-9_.+=$-]{1,128})?$/) as unknown }

export function describeChatCalls(name: string, maker: ChatMaker, setup: () => Promise<UnderTest>): void {
  const { person, otherPerson } = maker
  const group: Place = { kind: 'group', id: maker.group }
  const alone: Place = { kind: 'person', id: person }
  const { past, future } = maker.window ?? { past: 5 * MINUTE, future: 5 * MINUTE }

  describe(`calls of ${name}`, () => {
    let under: UnderTest
    let card: Shown
    const said = (): SignedCall => under.peer.said(person, group, 'start worker-1 The nightly run')
    const tapped = (user = person): SignedCall => under.peer.tapped(user, card, REQUEST)
    const kinds = (): readonly (readonly [string, SignedCall])[] => {
      const handshake = under.peer.handshake()?.call
      return [['said', said()], ['tapped', tapped()], ...(handshake ? [['handshake', handshake] as const] : [])]
    }
    beforeAll(async () => {
      under = await setup()
      await under.platform.post(
        { platform: under.peer.platform, ...group },
        { kind: 'card', card: aCard({ facts: [] }) },
        'card',
      )
      card = under.peer.shown()[0] as Shown
    })
    afterAll(() => under.close())

    it('says which platform it is, and takes calls under its name', () => {
      expect(under.platform.platform).toBe(under.peer.platform)
      for (const [, call] of kinds()) expect(call.path).toBe(`/v1/chat/${under.peer.platform}`)
    })

    it.each([
      'start worker-1 The nightly run',
      '启动 worker-1 夜间任务',
      'help',
      `"quoted" 'single' \\ back & amp; <b> %2B+%20 100% a=b&c=d 🚀`,
    ])('hears what is said: %s', (text) => {
      for (const where of [group, alone])
        expect(take(under.platform, under.peer.said(person, where, text))).toEqual({
          kind: 'said',
          id: expect.any(String) as string,
          by: { platform: under.peer.platform, tenant: under.peer.tenant, user: person },
          at: under.clock.now(),
          where: { platform: under.peer.platform, ...where },
          text,
        })
    })

    it('hears the beginning of what is too long', () => {
      for (const text of ['y'.repeat(10_000), '🚀'.repeat(5000)]) {
        const heard = take(under.platform, under.peer.said(person, group, `start worker-1 ${text}`))

        expect(chatEventSchema.parse(heard)).toMatchObject({ text: expect.stringMatching(/^start worker-1 [y🚀]/u) })
      }
    })

    it('hears whole characters, wherever it is cut and whatever was sent', () => {
      const long = '🚀'.repeat(5000)
      for (const text of [`start worker-1 ${long}`, `start worker-10 ${long}`, 'start worker-1 \ud83d \ude80']) {
        const heard = take(under.platform, under.peer.said(person, group, text))

        expect(chatEventSchema.parse(heard)).toMatchObject({ text: expect.stringMatching(/^start worker-1/u) })
        expect(JSON.stringify(heard)).not.toMatch(/\\ud[89a-f]/)
        expect(
          sealEvent({ viewKey: { current: 'a view key' }, audience: AUDIENCE }, heard as ChatEvent),
        ).toHaveProperty('seal')
      }
    })

    it('hears who tapped which button of which card', () => {
      expect(take(under.platform, tapped(otherPerson))).toEqual({
        kind: 'tapped',
        id: expect.any(String) as string,
        by: { platform: under.peer.platform, tenant: under.peer.tenant, user: otherPerson },
        at: under.clock.now(),
        button: 'deny',
        request: REQUEST,
      })
    })

    it.each(['', 'req_', REQUEST.toUpperCase(), `${REQUEST}0`, '{"request":1}', '__proto__'])(
      'takes a tap that carries %j for nothing',
      (value) => {
        expect(take(under.platform, under.peer.tapped(person, card, value))).not.toHaveProperty('request')
      },
    )

    it('tells messages apart, and knows one that is sent again later', async () => {
      const idOf = (parsed: Parsed): unknown => ('id' in parsed ? parsed.id : parsed)
      const first = idOf(take(under.platform, under.peer.said(person, group, 'list', { id: 'm1' })))
      await under.clock.advance(1000)

      expect(idOf(take(under.platform, under.peer.said(person, group, 'list', { id: 'm1' })))).toBe(first)
      expect(idOf(take(under.platform, under.peer.said(person, group, 'list', { id: 'm2' })))).not.toBe(first)
    })

    it('tells the copy of a call, whatever else is sent with it', () => {
      const replayOf = ({ headers, body }: SignedCall, more: Readonly<Record<string, string>> = {}): unknown => {
        const verified = under.platform.verify(new Headers({ ...headers, ...more }), body)
        return 'replay' in verified ? verified.replay : verified
      }
      for (const [, call] of kinds()) {
        const replay = replayOf(call)

        expect(replay).toEqual(expect.any(String))
        expect(replayOf(call, { 'x-other': 'yes', 'user-agent': 'other' })).toBe(replay)
      }
      expect(new Set(kinds().map(([, call]) => replayOf(call))).size).toBe(kinds().length)
    })

    it('answers the handshake, where there is one', () => {
      const handshake = under.peer.handshake()
      if (handshake === undefined) return expect(kinds()).toHaveLength(2)
      const parsed = take(under.platform, handshake.call)
      if ('flaw' in parsed) throw new Error(parsed.flaw)

      expect(parsed.kind).toBe('handshake')
      expect(under.platform.answer(parsed, 'taken')).toEqual({ status: 200, body: handshake.answer })
    })

    it('says at once whether it is looked into', () => {
      for (const [kind, call] of kinds()) {
        const parsed = take(under.platform, call)
        if ('flaw' in parsed) throw new Error(parsed.flaw)
        const failed = under.platform.answer(parsed, 'failed')

        expect(under.platform.answer(parsed, 'taken').status).toBe(200)
        if (kind === 'handshake') continue
        const saysIt = JSON.stringify(failed.body ?? '').includes(WORDS.notTaken)
        expect(saysIt || failed.status >= 500, JSON.stringify(failed)).toBe(true)
      }
      expect(under.platform.answer({ kind: 'ignored' }, 'taken').status).toBe(200)
    })

    it('takes what the previous secret signed, and nothing of another secret, tenant or app', () => {
      for (const [kind, call] of kinds()) {
        expect(take(under.other({ setUp: 'rotated' }), call), kind).toHaveProperty('kind', kind)
        for (const setUp of ['other_secret', 'other_tenant', 'other_app'] as const) {
          // A handshake names no organisation on some platforms; whoever signed it has the secret.
          if (kind === 'handshake' && setUp !== 'other_secret') continue
          expect(take(under.other({ setUp }), call), `${kind}, ${setUp}`).toEqual(ANY_FLAW)
        }
      }
    })

    it('refuses somebody of another organisation', () => {
      expect(take(under.platform, under.peer.said(person, group, 'list', { tenant: 'T0THER' }))).toEqual(ANY_FLAW)
      expect(take(under.platform, under.peer.tapped(person, card, REQUEST, { tenant: 'T0THER' }))).toEqual(ANY_FLAW)
    })

    it('takes calls of about now only', () => {
      const at = (ms: number): readonly SignedCall[] => [
        under.peer.said(person, group, 'list', { at: under.clock.now() + ms }),
        under.peer.tapped(person, card, REQUEST, { at: under.clock.now() + ms }),
      ]
      const nearest = Math.min(past, 5 * MINUTE) - 1000
      for (const call of [...at(-nearest), ...at(1000 - Math.min(future, 5 * MINUTE)), ...at(0)])
        expect(take(under.platform, call)).toHaveProperty('kind')
      for (const ms of [-past - 1001, -1_000_000_000, future + 1001, 1_000_000_000])
        for (const call of at(ms)) expect(take(under.platform, call), `${ms} ms`).toEqual(ANY_FLAW)
    })

    it('refuses a header that is missing, empty, doubled, or that anything stands beside', () => {
      for (const [kind, call] of kinds())
        for (const [header, value] of authenticated(under, call)) {
          const doubled = new Headers({ ...call.headers })
          doubled.append(header, value)
          const missing = new Headers({ ...call.headers })
          missing.delete(header)
          const others = [
            '',
            '0',
            'x',
            `${value}x`,
            `x${value}`,
            `${value},`,
            `${value}=`,
            `${value} ${value}`,
            '9'.repeat(500),
          ]
          const changed = others.map((other) => new Headers({ ...call.headers, [header]: other }))
          for (const headers of [doubled, missing, ...changed])
            expect(take(under.platform, call, headers), `${kind}, ${header}: ${headers.get(header)}`).toEqual(ANY_FLAW)
        }
    })

    it('refuses a header with any bit flipped', () => {
      for (const [kind, call] of kinds())
        for (const [header, value] of authenticated(under, call))
          for (const flipped of flipText(value)) {
            const headers = new Headers({ ...call.headers, [header]: flipped })
            expect(take(under.platform, call, headers), `${kind}, ${header}: ${flipped}`).toEqual(ANY_FLAW)
          }
    })

    it('refuses a body with a bit flipped where the platform signs it, and is never thrown off', () => {
      for (const [kind, call] of kinds())
        for (const body of flipBytes(call.body)) {
          const parsed = take(under.platform, { ...call, body })
          if (under.peer.authenticates.body) expect(parsed, kind).toEqual(ANY_FLAW)
          else expectSound(parsed, under)
        }
    })

    it('refuses the body of one call under the headers of another, where the platform signs it', () => {
      if (!under.peer.authenticates.body) return expect(under.peer.authenticates.headers.length).toBeGreaterThan(0)
      for (const body of [tapped().body, Buffer.from(''), Buffer.from('{}'), Buffer.alloc(100_000, 0x20)])
        expect(take(under.platform, { ...said(), body })).toEqual(ANY_FLAW)
    })

    it('finds a flaw in what has no signature at all, whatever it is', () => {
      for (const body of bendBody(said().body)) expect(under.platform.verify(new Headers(), body)).toEqual(ANY_FLAW)
    })

    it('is never thrown off by what a verified call says', () => {
      for (const [, call] of kinds()) {
        const verified = under.platform.verify(new Headers({ ...call.headers }), call.body)
        if ('flaw' in verified) throw new Error(verified.flaw)
        const bent = bendBody(verified.bytes)

        expect(bent.length).toBeGreaterThan(50)
        for (const bytes of bent) expectSound(under.platform.parse(bytes), under, bytes)
      }
    })

    it('verifies and parses without any call', () => {
      const calls = under.front.requests.length
      for (const [, call] of kinds()) take(under.platform, call)

      expect(under.front.requests).toHaveLength(calls)
    })
  })
}

function authenticated({ peer }: UnderTest, call: SignedCall): readonly (readonly [string, string])[] {
  const names = peer.authenticates.headers.map((name) => name.toLowerCase())
  const found = Object.entries(call.headers).filter(([name]) => names.includes(name.toLowerCase()))
  expect(found.length).toBeGreaterThan(0)
  return found
}

/** A flaw, nothing, or an event that is right in form and of the right organisation. */
function expectSound(parsed: ReturnType<ChatPlatform['parse']>, { peer }: UnderTest, bytes?: Uint8Array): void {
  const from = Buffer.from(bytes ?? [])
    .toString()
    .slice(0, 500)
  if ('flaw' in parsed) return expect(parsed, from).toEqual(ANY_FLAW)
  if (parsed.kind === 'ignored') return
  if (parsed.kind === 'handshake') return expect(parsed.challenge, from).toEqual(expect.any(String))
  expect(chatEventSchema.safeParse(parsed).error, from).toBeUndefined()
  expect(parsed.by, from).toMatchObject({ platform: peer.platform, tenant: peer.tenant })
}

/** One bit at a time; what is no header, or the same one, is left out. */
function flipText(text: string): readonly string[] {
  return Array.from(text).flatMap((character, at) =>
    [0, 1, 2, 3, 4, 5, 6].flatMap((bit) => {
      const flipped = String.fromCharCode(character.charCodeAt(0) ^ (1 << bit))
      const changed = `${text.slice(0, at)}${flipped}${text.slice(at + 1)}`
      return /^[\x20-\x7e]+$/.test(changed) ? [changed] : []
    }),
  )
}

/** At 97 places, spread over all of it. */
function flipBytes(bytes: Uint8Array): readonly Uint8Array[] {
  return Array.from({ length: 97 }, (_, n) => {
    const flipped = Uint8Array.from(bytes)
    const at = Math.floor((n * bytes.length) / 97)
    flipped[at] = (flipped[at] ?? 0) ^ (1 << (n % 8))
    return flipped
  })
}
