// What people see of the messages that are put into a chat.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Card, ChatMessage } from '#core/card.ts'
import type { Address } from '#core/chat.ts'
import type { Shown } from '#infra/local/chat/peer.ts'
import { aCard, SMUGGLED } from '#support/cards.ts'
import { REQUEST } from '#support/samples.ts'
import { take, type ChatMaker, type UnderTest } from '#support/chat-platform.ts'

export function describeChatMessages(name: string, maker: ChatMaker, setup: () => Promise<UnderTest>): void {
  describe(`messages of ${name}`, () => {
    let under: UnderTest
    let group: Address
    let alone: Address
    beforeEach(async () => {
      under = await setup()
      group = { platform: under.peer.platform, kind: 'group', id: maker.group }
      alone = { platform: under.peer.platform, kind: 'person', id: maker.person }
    })
    afterEach(() => under.close())
    const post = async (message: ChatMessage, to = group, key = 'k1'): Promise<string> => {
      const posted = await under.platform.post(to, message, key)
      if (!posted.ok) throw new Error(posted.why)
      return posted.id
    }
    const edit = async (id: string, message: ChatMessage, to = group): Promise<void> => {
      expect(await under.platform.edit(to, id, message)).toEqual({ ok: true, id })
    }
    const only = (): Shown => {
      expect(under.peer.shown()).toHaveLength(1)
      return under.peer.shown()[0] as Shown
    }

    it.each(['group', 'person'] as const)('shows all of a card in the chat of a %s', async (kind) => {
      const to = kind === 'group' ? group : alone
      await post({ kind: 'card', card: aCard() }, to)

      expect(only()).toMatchObject({ where: { kind: to.kind, id: to.id }, edits: 0 })
      expectWhole(only(), aCard())
    })

    it.each(['waiting', 'under_way', 'good', 'bad', 'over'] as const)('shows a card that is %s', async (tone) => {
      for (const language of ['en', 'zh'] as const) {
        const card = aCard({ tone, language, title: '等待批准', headline: '需要 Bob 或 Carol 同意。' })
        await post({ kind: 'card', card }, group, `${tone}-${language}`)

        expectWhole(under.peer.shown().at(-1) as Shown, card)
      }
    })

    it('offers a look at the page, and a refusal that arrives with the id of the request alone', async () => {
      await post({ kind: 'card', card: aCard() })

      expect(only().buttons).toHaveLength(2)
      expect(tapOf(only())).toContain(REQUEST)
      expect(tapOf(only()).length).toBeLessThan(REQUEST.length + 60)
      expect(take(under.platform, under.peer.tapped(maker.person, only(), tapOf(only())))).toMatchObject({
        kind: 'tapped',
        request: REQUEST,
      })
    })

    it('shows a card that is bare', async () => {
      const card = aCard({ facts: [], warnings: [], buttons: [] })
      await post({ kind: 'card', card })

      expectWhole(only(), card)
    })

    it('shows a card in which something is empty', async () => {
      const facts = [
        { label: 'Empty', value: '' },
        { label: 'Blank', value: ' ' },
      ]
      await post({ kind: 'card', card: aCard({ headline: '', warnings: [''], facts }) })

      for (const text of ['Empty', 'Blank', aCard().title, aCard().footer]) expect(only().text).toContain(text)
      expect(only().buttons).toHaveLength(2)
    })

    it('shows a text, line by line', async () => {
      const text = `${'Two requests are open:'}\n\n1. ${REQUEST}\n   请看 https://startgate.example.com/r/${REQUEST}?a=1&b=2`
      for (const to of [group, alone]) {
        await post({ kind: 'text', text }, to, to.kind)

        for (const line of text.split('\n')) expect(under.peer.shown().at(-1)?.text).toContain(line)
        expect(under.peer.shown().at(-1)?.buttons).toEqual([])
      }
    })

    it('says that a card which somebody deleted is gone, and nothing else that it cannot change', async () => {
      const card = aCard({ facts: [] })
      const [id, other] = [await post({ kind: 'card', card }), await post({ kind: 'card', card }, group, 'k2')]
      under.peer.remove(id)

      expect(under.peer.shown().map((each) => each.id)).toEqual([other])
      expect(await under.platform.edit(group, id, { kind: 'card', card })).toMatchObject({ ok: false, gone: true })
      await edit(other, { kind: 'card', card })
      under.peer.setDown(true)
      expect(await under.platform.edit(group, other, { kind: 'card', card })).not.toHaveProperty('gone')
    })

    it.each(SMUGGLED)('shows what somebody wrote as it was written: %s', async (written) => {
      const facts = [
        { label: 'Reason', value: written },
        { label: 'Name', value: `worker ${written} 1` },
      ]
      await post({
        kind: 'card',
        card: aCard({ title: written, headline: written, facts, warnings: [written], footer: written }),
      })
      await post({ kind: 'text', text: `Said: ${written}` }, group, 'k2')
      const [card, text] = under.peer.shown()

      expect(card?.text.split(written).length, card?.text).toBeGreaterThan(6)
      expect(card?.buttons.map(({ kind }) => kind)).toEqual(['link', 'tap'])
      expect(text?.text).toContain(`Said: ${written}`)
      expect(text?.buttons).toEqual([])
    })

    it('shows a mark for what turns or hides text, wherever it is written', async () => {
      const hidden = ['\u202e', '\u2066', '\u200b', '\u3164', '\u0085', '\ue000']
      const written = `db-1${hidden.join('-')}gnitset`
      const marked = `db-1${hidden.map(() => '\ufffd').join('-')}gnitset`
      const facts = [{ label: written, value: written }]
      const card = aCard({ title: written, headline: written, facts, warnings: [written], footer: written })
      await post({ kind: 'card', card })
      await post({ kind: 'text', text: `Said: ${written}\nby ${written}` }, group, 'k2')

      for (const { text, count } of under.peer.shown().map(({ text }, n) => ({ text, count: n === 0 ? 6 : 2 }))) {
        expect(text.split(marked)).toHaveLength(count + 1)
        for (const each of hidden) expect(text).not.toContain(each)
      }
      for (const each of hidden) expect(under.front.requests.map(({ body }) => body).join('')).not.toContain(each)
    })

    it.each(['x', '启', '🚀', '<', '&', '"', '\\', '*', '@', '\n'])(
      'cuts each value by itself when all are far too long: %j',
      async (character) => {
        const long = character.repeat(20_000)
        const facts = Array.from({ length: 20 }, (_, n) => ({ label: `Fact ${n}:`, value: `v${n}v${long}` }))
        const warnings = Array.from({ length: 8 }, (_, n) => `w${n}w${long}`)
        const card = aCard({ title: `title${long}`, headline: `headline${long}`, facts, warnings })
        await post({ kind: 'card', card })

        for (const { label } of facts) expect(only().text).toContain(label)
        for (const [n] of facts.entries()) expect(only().text).toContain(`v${n}v`)
        for (const [n] of warnings.entries()) expect(only().text).toContain(`w${n}w`)
        for (const text of ['title', 'headline', card.footer]) expect(only().text).toContain(text)
        expect(only().buttons.map(({ kind }) => kind)).toEqual(['link', 'tap'])
        // Some platforms send the whole message back with a tap, and the gate reads only so much.
        const tap = under.peer.tapped(maker.person, only(), tapOf(only()))
        expect(tap.body.length).toBeLessThan(64 * 1024)
        expect(take(under.platform, tap)).toMatchObject({ kind: 'tapped', request: REQUEST })
        await edit(await post({ kind: 'card', card: aCard() }, group, 'k2'), { kind: 'card', card })
      },
    )

    it('leaves whole what people write', async () => {
      const facts = Array.from({ length: 10 }, (_, n) => ({
        label: `Fact ${n}`,
        value: `${n} ${'word '.repeat(20)}end`,
      }))
      const card = aCard({ facts: [{ label: 'Reason', value: '夜'.repeat(500) }, ...facts] })
      await post({ kind: 'card', card })

      expectWhole(only(), card)
    })

    it.each(['<启>\n', '"', '\\\n', '🚀 ', '&'])('shows the beginning of a text that is too long: %j', async (part) => {
      await post({ kind: 'text', text: `first line\n${part.repeat(50_000)}` })

      expect(only().text).toContain('first line')
    })

    it.each(['group', 'person'] as const)('changes a message in its place, in the chat of a %s', async (kind) => {
      const to = kind === 'group' ? group : alone
      const id = await post({ kind: 'card', card: aCard() }, to)
      const before = only().id
      const over = aCard({ tone: 'over', title: 'Denied', headline: 'Bob denied it.', buttons: [], warnings: [] })
      await edit(id, { kind: 'card', card: over }, to)

      expectWhole(only(), over)
      expect(only()).toMatchObject({ id: before, where: { kind: to.kind, id: to.id }, edits: 1 })
      expect(only().text).not.toContain(aCard().headline)
      await edit(id, { kind: 'card', card: over }, to)
      expectWhole(only(), over)
    })

    it.each(SMUGGLED.slice(0, 8))(
      'changes a message to what somebody wrote, as it was written: %s',
      async (written) => {
        const id = await post({ kind: 'card', card: aCard() })
        await edit(id, { kind: 'card', card: aCard({ headline: written }) })

        expect(only().text).toContain(written)
      },
    )

    it('changes only the message that is named', async () => {
      const [first, second] = [
        await post({ kind: 'card', card: aCard() }),
        await post({ kind: 'card', card: aCard() }, group, 'k2'),
      ]
      expect(first).not.toBe(second)
      await edit(second, { kind: 'card', card: aCard({ headline: 'Changed.' }) })

      expect(under.peer.shown().map(({ edits }) => edits)).toEqual([0, 1])
    })

    it('gives ids that the record can keep', async () => {
      for (const to of [group, alone])
        expect(await post({ kind: 'card', card: aCard() }, to, to.kind)).toMatch(/^[\x21-\x7e]{1,256}$/)
    })

    it('posts once under one key where the platform can tell, and never a third', async () => {
      const card: ChatMessage = { kind: 'card', card: aCard() }
      const ids = [await post(card, group, 'x'.repeat(64)), await post(card, group, 'x'.repeat(64))]

      expect(under.peer.shown()).toHaveLength(maker.tellsKeys ? 1 : 2)
      expect(new Set(ids).size).toBe(maker.tellsKeys ? 1 : 2)
      await post(card, group, 'y'.repeat(64))
      expect(under.peer.shown()).toHaveLength(maker.tellsKeys ? 2 : 3)
    })
  })
}

/** What a tap of its button sends back. */
function tapOf({ buttons }: Shown): string {
  const tap = buttons.find((button) => button.kind === 'tap')
  if (tap === undefined) throw new Error('there is nothing to tap')
  return tap.value
}

function expectWhole(shown: Shown, card: Card): void {
  const texts = [card.title, card.headline, card.footer, ...card.warnings]
  for (const text of [...texts, ...card.facts.flatMap(({ label, value }) => [label, value])])
    expect(shown.text).toContain(text)
  expect(shown.buttons).toEqual(
    card.buttons.map((button) =>
      button.kind === 'review'
        ? { kind: 'link', label: button.label, url: button.url }
        : { kind: 'tap', label: button.label, value: expect.stringContaining(card.request) as string },
    ),
  )
}
