// The local Feishu refuses what the real one refuses, and shows what people would see there.
import { describe, expect, it } from 'vitest'
import { createFeishuPeer } from '#infra/local/chat/feishu.ts'
import type { PeerAnswer } from '#infra/local/chat/peer.ts'
import { createVirtualClock } from '#support/memory/clock.ts'

const HOUR = 60 * 60 * 1000
const NOWHERE: PeerAnswer = { status: 404, body: {} }

function setup() {
  const clock = createVirtualClock()
  const app = { tenant: 'tenant', app: 'cli_1', appSecret: 'secret', encryptKey: 'key' }
  const peer = createFeishuPeer({ ...app, groups: ['oc_ops'], now: clock.now })
  const call = (method: string, path: string, body: unknown, headers = {}): PeerAnswer =>
    peer.serve({ method, path: `/open-apis${path}`, headers, body: JSON.stringify(body) }) ?? NOWHERE
  const getToken = (app_secret = 'secret') =>
    call('POST', '/auth/v3/tenant_access_token/internal', { app_id: 'cli_1', app_secret })
  const authorize = (): object => {
    const { tenant_access_token: token } = getToken().body as { tenant_access_token: string }
    return { authorization: `Bearer ${token}` }
  }
  const headers = authorize()
  const send = (body: object, query = 'receive_id_type=chat_id', sent = headers) =>
    call(
      'POST',
      `/im/v1/messages?${query}`,
      { receive_id: 'oc_ops', msg_type: 'text', content: text('hello'), ...body },
      sent,
    )
  const patch = (id: string, content: string, sent = headers) =>
    call('PATCH', `/im/v1/messages/${id}`, { content }, sent)
  return { clock, peer, call, getToken, authorize, send, patch }
}

const text = (content: string): string => JSON.stringify({ text: content })
const card = (elements: readonly object[], more: object = {}): string =>
  JSON.stringify({ schema: '2.0', config: { update_multi: true }, body: { elements }, ...more })
const div = (content: string, tag = 'plain_text'): object => ({ tag: 'div', text: { tag, content } })

const idOf = (answer: PeerAnswer): string => (answer.body as { data: { message_id: string } }).data.message_id
const refusal = (code: number): object => ({ status: 400, body: { code, msg: expect.any(String) as string } })

describe('the local Feishu', () => {
  it('gives tokens to the app alone, for two hours', async () => {
    const { clock, getToken, authorize, send } = setup()
    expect(getToken('another')).toEqual(refusal(10014))
    const headers = authorize()
    await clock.advance(2 * HOUR - 1)
    expect(send({}, undefined, headers)).toHaveProperty('status', 200)
    await clock.advance(1)
    expect(send({}, undefined, headers)).toEqual(refusal(99991663))
    expect(send({}, undefined, {})).toEqual(refusal(99991663))
  })

  it('puts one message under one uuid within an hour', async () => {
    const { clock, authorize, send } = setup()
    const first = idOf(send({ uuid: 'u1' }))
    expect(idOf(send({ uuid: 'u1' }))).toBe(first)
    await clock.advance(HOUR)
    expect(idOf(send({ uuid: 'u1' }, undefined, authorize()))).not.toBe(first)
  })

  it.each([
    ['to a group that the robot is not in', { receive_id: 'oc_other' }, undefined, 230002],
    ['to a person named as a group', { receive_id: 'ou_bob' }, undefined, 230001],
    ['to nobody of a kind', {}, 'receive_id_type=name', 230001],
    ['under a uuid that is too long', { uuid: 'x'.repeat(51) }, undefined, 230001],
    ['that is too long', { content: text('x'.repeat(30 * 1024)) }, undefined, 230025],
    [
      'with a member that cards do not have',
      { msg_type: 'interactive', content: card([], { note: 1 }) },
      undefined,
      230099,
    ],
    [
      'with a card that cannot be shared',
      { msg_type: 'interactive', content: card([], { config: {} }) },
      undefined,
      230099,
    ],
  ])('refuses a message %s', (_, body, query, code) => {
    const { peer, send } = setup()
    expect(send(body, query)).toEqual(refusal(code))
    expect(peer.shown()).toEqual([])
  })

  it('shows whom a text calls, and a plain text as it is', () => {
    const { peer, send } = setup()
    const calling = '<at user_id="all">everybody</at> hello'
    send({ content: text(calling) })
    send({ msg_type: 'interactive', content: card([div(calling), div(calling, 'lark_md')]) })

    expect(peer.shown().map((shown) => shown.text)).toEqual(['[@all] hello', `${calling}\n[@all] hello`])
  })

  it('changes a card for 14 days, and never a text', async () => {
    const { clock, peer, authorize, send, patch } = setup()
    const id = idOf(send({ msg_type: 'interactive', content: card([div('before')]) }))
    expect(patch(id, card([div('after')]))).toHaveProperty('status', 200)
    expect(peer.shown()).toMatchObject([{ id, text: 'after', edits: 1 }])
    expect(patch(id, text('after'))).toEqual(refusal(230099))
    expect(patch(idOf(send({})), card([]))).toEqual(refusal(230001))
    expect(patch('om_none', card([]))).toEqual(refusal(230001))
    await clock.advance(14 * 24 * HOUR)
    expect(patch(id, card([div('just')]), authorize())).toHaveProperty('status', 200)
    await clock.advance(1)
    expect(patch(id, card([div('too late')]), authorize())).toEqual(refusal(230031))
  })

  it('answers nothing while it is down, and knows no other path', () => {
    const { peer, call, authorize } = setup()
    expect(call('GET', '/im/v1/chats', {}, authorize())).toBe(NOWHERE)
    peer.setDown(true)
    expect(call('GET', '/im/v1/chats', {})).toEqual({ status: 503, body: undefined })
  })
})
