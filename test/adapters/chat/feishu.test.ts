// How Feishu's cards are laid out, and how its API is called.
import { afterAll, describe, expect, it } from 'vitest'
import { toContent } from '#adapters/chat/feishu/card.ts'
import { createFeishu } from '#adapters/chat/feishu/feishu.ts'
import { MINUTE } from '#core/durations.ts'
import { createFeishuPeer } from '#infra/local/chat/feishu.ts'
import type { PeerAnswer, PeerCall } from '#infra/local/chat/peer.ts'
import { createChatPeers } from '#infra/local/chat/peers.ts'
import type { ChatMessage } from '#core/card.ts'
import { aCard } from '#support/cards.ts'
import { createVirtualClock } from '#support/memory/clock.ts'
import { REQUEST } from '#support/samples.ts'
import { APP, KEY, TENANT, WORDS } from './feishu-calls.ts'

describe('a card', () => {
  const say = (content: string) => ({ tag: 'plain_text', content })

  it('is laid out in texts that no markup means anything in', () => {
    const card = aCard({ facts: [{ label: 'Reason', value: 'a <at id=all></at>\nb' }], warnings: ['It is running.'] })
    const [review, deny] = card.buttons
    const column = (button: object) => ({ tag: 'column', width: 'auto', elements: [button] })

    expect(JSON.parse(toContent({ kind: 'card', card }))).toEqual({
      schema: '2.0',
      config: { update_multi: true, summary: { content: card.title } },
      header: { title: say(card.title), template: 'orange' },
      body: {
        elements: [
          { tag: 'div', text: say(card.headline) },
          { tag: 'div', text: { ...say('⚠ It is running.'), text_color: 'red' } },
          { tag: 'div', text: say('Reason: a <at id=all></at>\uFFFDb') },
          {
            tag: 'column_set',
            flex_mode: 'flow',
            columns: [
              column({
                tag: 'button',
                text: say('Review and approve'),
                type: 'primary',
                behaviors: [{ type: 'open_url', default_url: review?.kind === 'review' ? review.url : '' }],
              }),
              column({
                tag: 'button',
                text: say('Deny'),
                type: 'danger',
                confirm: { title: say('Deny'), text: say(deny?.kind === 'deny' ? deny.confirm : '') },
                behaviors: [{ type: 'callback', value: { startgate: 'deny', request: REQUEST } }],
              }),
            ],
          },
          { tag: 'div', text: { ...say(card.footer), text_size: 'notation', text_color: 'grey' } },
        ],
      },
    })
  })

  it('reads as its language is written', () => {
    const card = aCard({ language: 'zh', facts: [{ label: '原因', value: '夜间任务' }] })
    expect(toContent({ kind: 'card', card })).toContain('"原因：夜间任务"')
  })

  it('holds a text too, which can become a card then', () => {
    expect(JSON.parse(toContent({ kind: 'text', text: '<at user_id="all">\u202Ehey</at>\nsecond' }))).toEqual({
      schema: '2.0',
      config: { update_multi: true },
      body: { elements: [{ tag: 'div', text: say('<at user_id="all">\uFFFDhey</at>\nsecond') }] },
    })
  })
})

describe('the API', async () => {
  const clock = createVirtualClock()
  const app = { tenant: TENANT, app: APP, appSecret: 'app-secret', encryptKey: KEY }
  const peer = createFeishuPeer({ ...app, groups: ['oc_ops', 'oc_night'], now: clock.now })
  let answerMessages: PeerAnswer | undefined
  const serve = (call: PeerCall) => {
    const answer = peer.serve(call)
    return call.path.includes('/messages') ? (answerMessages ?? answer) : answer
  }
  const peers = await createChatPeers([{ ...peer, serve }])
  afterAll(() => peers.close())
  const create = (appSecret = app.appSecret) =>
    createFeishu({
      chat: { tenant: TENANT, app: APP, site: 'lark' },
      secrets: { encryptKey: { current: KEY }, appSecret },
      words: WORDS,
      clock,
      durations: { deliverTimeout: 5000 },
      endpoint: peers.endpoint,
    })
  const feishu = create()
  const ops = { platform: 'feishu', kind: 'group', id: 'oc_ops' } as const
  const text: ChatMessage = { kind: 'text', text: 'Hello.' }
  const callsOf = async (posting: () => Promise<unknown>): Promise<number> => {
    const before = peer.calls()
    expect(await posting()).toHaveProperty('ok', true)
    return peer.calls() - before
  }

  it('is asked for a token when there is none, shortly before it ends, and once more when it is refused', async () => {
    expect(await callsOf(() => feishu.post(ops, text, 't1'))).toBe(2)
    await clock.advance(114 * MINUTE)
    expect(await callsOf(() => feishu.post(ops, text, 't2'))).toBe(1)
    await clock.advance(MINUTE)
    expect(await callsOf(() => feishu.post(ops, text, 't3'))).toBe(2)
    peer.revokeTokens()
    expect(await callsOf(() => feishu.post(ops, text, 't4'))).toBe(3)
    expect(await callsOf(() => feishu.post(ops, text, 't5'))).toBe(1)
  })

  it('is asked for one token by all who need one at once', async () => {
    const fresh = create()
    const postAll = () => Promise.all(Array.from({ length: 20 }, (_, n) => fresh.post(ops, text, `p${n}`)))
    const callsOfAll = async (): Promise<number> => {
      const before = peer.calls()
      expect((await postAll()).filter(({ ok }) => ok)).toHaveLength(20)
      return peer.calls() - before
    }
    expect(await callsOfAll()).toBe(21)
    peer.revokeTokens()
    expect(await callsOfAll()).toBe(41)
  })

  it('says no by a code, which is all that is told of it', async () => {
    const why = (code: number) => ({ ok: false, why: `the platform refused with code ${code}` })
    expect(await create('another').post(ops, text, 'w1')).toEqual(why(10014))
    expect(await feishu.post({ ...ops, id: 'oc_elsewhere' }, text, 'w2')).toEqual(why(230002))
    expect(await feishu.post({ ...ops, kind: 'person' }, text, 'w3')).toEqual(why(230001))
    expect(await feishu.edit(ops, 'om_none', text)).toEqual(why(230001))
  })

  it('is not asked for tokens without end', async () => {
    answerMessages = { status: 400, body: { code: 99991663, msg: 'Invalid access token', data: null } }
    const before = peer.calls()
    const refused = { ok: false, why: 'the platform refused with code 99991663' }
    expect(await create().post(ops, text, 'e1')).toEqual(refused)
    expect(peer.calls() - before).toBe(4)
    expect(await feishu.post(ops, text, 'e2')).toEqual(refused)
    expect(peer.calls() - before).toBe(7)
    answerMessages = undefined
  })

  it.each(['../x', 'om_1?y', '', 'x'.repeat(129), null])('is not believed when it names a message %j', async (id) => {
    answerMessages = { status: 200, body: { code: 0, msg: 'success', data: { message_id: id } } }
    expect(await feishu.post(ops, text, 'n1')).toMatchObject({ ok: false })
    answerMessages = undefined
  })

  it('takes the longest text, whatever it is made of', async () => {
    for (const character of ['"', '\\', '\n', '夜', '🚀', '\u0007'])
      expect(await feishu.post(ops, { kind: 'text', text: character.repeat(20_000) }, character)).toHaveProperty(
        'ok',
        true,
      )
  })

  it('puts one message under one key to one chat, and one to each chat', async () => {
    const post = async (id: string, key: string) => {
      const posted = await feishu.post({ ...ops, id }, text, key)
      if (!posted.ok) throw new Error(posted.why)
      return posted.id
    }
    const first = await post('oc_ops', 'one')

    expect(await post('oc_ops', 'one')).toBe(first)
    expect(new Set([first, await post('oc_night', 'one'), await post('oc_ops', 'two')]).size).toBe(3)
  })

  it('lets a text become a card', async () => {
    const posted = await feishu.post(ops, text, 'c1')
    if (!posted.ok) throw new Error(posted.why)
    expect(await feishu.edit(ops, posted.id, { kind: 'card', card: aCard() })).toEqual({ ok: true, id: posted.id })
    expect(peer.shown().find(({ id }) => id === posted.id)).toMatchObject({
      edits: 1,
      text: expect.stringMatching('Reason'),
    })
  })
})
