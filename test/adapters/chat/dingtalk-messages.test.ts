// The template of DingTalk's cards, and what its API may answer.
import { afterAll, describe, expect, it } from 'vitest'
import { fillTemplate, TEMPLATE_VARIABLES } from '#adapters/chat/dingtalk/template.ts'
import { HOUR, MINUTE } from '#core/durations.ts'
import { createDingtalkPeer } from '#infra/local/chat/dingtalk.ts'
import { createChatPeers } from '#infra/local/chat/peers.ts'
import { aCard } from '#support/cards.ts'
import { startChatFront } from '#support/chat-front.ts'
import { aDingtalk, aDingtalkPeer, APP, GROUP, takeMessage } from '#support/dingtalk.ts'
import { NOW, REQUEST } from '#support/samples.ts'

describe('the template', () => {
  it('has a value for each of its variables, and each is a text', () => {
    const values = fillTemplate(aCard())

    expect(Object.keys(values).toSorted()).toEqual(Object.keys(TEMPLATE_VARIABLES).toSorted())
    expect(values).toMatchObject({ review: 'Review and approve', deny: 'Deny', request: REQUEST })
    expect(values.facts).toContain('\n\nReason: The nightly run needs it\n\n')
  })

  it('has no label for a button that is not there', () => {
    expect(fillTemplate(aCard({ buttons: [] }))).toMatchObject({ review: '', review_url: '', deny: '' })
  })

  it('has a colon of its language between a label and its value', () => {
    expect(fillTemplate(aCard({ language: 'zh', facts: [{ label: '理由', value: '月报' }] })).facts).toBe('理由：月报')
  })

  it('lets nobody draw a line, a heading or a mention', () => {
    const { facts, headline } = fillTemplate(
      aCard({ facts: [{ label: 'Reason', value: '# a\n\n---\n<at id=all></at> [x](y)\u202e' }], headline: 'a\nb' }),
    )

    expect(facts).toBe(String.raw`Reason: \# a --- \<at id=all\>\</at\> \[x\]\(y\)` + '\ufffd')
    expect(headline).toBe('a b')
  })

  it('keeps within what DingTalk takes', () => {
    const facts = Array.from({ length: 30 }, (_, n) => ({ label: `Fact ${n}`, value: '启'.repeat(900) }))

    expect(Buffer.byteLength(JSON.stringify(fillTemplate(aCard({ facts }))))).toBeLessThanOrEqual(15_000)
  })
})

describe('the API', () => {
  const closers: (() => Promise<void>)[] = []
  afterAll(async () => {
    for (const close of closers) await close()
  })
  const setup = async () => {
    const peer = aDingtalkPeer()
    const { endpoint, close } = await createChatPeers([peer])
    closers.push(close)
    return { peer, endpoint, dingtalk: aDingtalk({ endpoint }) }
  }
  const to = (id: string, kind: 'group' | 'person' = 'group') => ({ platform: 'dingtalk', kind, id }) as const
  const card = (headline = 'One has to say yes.') => ({ kind: 'card', card: aCard({ headline }) }) as const

  it('reaches a group whose id has a slash, as it was heard of', async () => {
    const { peer, dingtalk } = await setup()
    const heard = takeMessage({ conversationId: 'cid5DEAySu/Fk+mtMwii4NLYQ==' })
    if (!('kind' in heard) || heard.kind !== 'said') throw new Error('it was not heard')
    expect(heard.where.id).toBe('cid5DEAySu_Fk+mtMwii4NLYQ==')

    for (const message of [card(), { kind: 'text', text: 'Two are open.' } as const])
      expect(await dingtalk.post(heard.where, message, 'k')).toHaveProperty('ok', true)
    expect(peer.shown().map(({ where }) => where.id)).toEqual(Array(2).fill('cid5DEAySu/Fk+mtMwii4NLYQ=='))
  })

  it('fetches one token for many messages', async () => {
    const { peer, dingtalk } = await setup()
    for (const key of ['a', 'b', 'c']) await dingtalk.post(to(GROUP.id), card(), key)

    expect(peer.calls()).toBe(4)
  })

  it('fetches one token for all messages that need one at once', async () => {
    const { peer, dingtalk } = await setup()
    const postAll = async (keys: string): Promise<number> => {
      const before = peer.calls()
      const posted = await Promise.all(Array.from(keys, (key) => dingtalk.post(to(GROUP.id), card(), key)))
      expect(posted.every(({ ok }) => ok)).toBe(true)
      return peer.calls() - before
    }

    expect(await postAll('abcdefghij')).toBe(11)
    peer.revokeTokens()
    expect(await postAll('klmnopqrst')).toBe(21)
  })

  it('fetches again after it could not', async () => {
    const { peer, dingtalk } = await setup()
    peer.setDown(true)
    expect(await dingtalk.post(to(GROUP.id), card(), 'k')).toHaveProperty('ok', false)
    peer.setDown(false)

    expect(await dingtalk.post(to(GROUP.id), card(), 'k')).toHaveProperty('ok', true)
  })

  it('fetches the next token before the last one ends', async () => {
    const { peer, endpoint } = await setup()
    let now = NOW
    const dingtalk = aDingtalk({ endpoint, clock: { now: () => now } })
    const callsFor = async (key: string): Promise<number> => {
      const before = peer.calls()
      await dingtalk.post(to(GROUP.id), card(), key)
      return peer.calls() - before
    }

    expect(await callsFor('a')).toBe(2)
    now = NOW + 2 * HOUR - 5 * MINUTE - 1
    expect(await callsFor('b')).toBe(1)
    now = NOW + 2 * HOUR - 5 * MINUTE
    expect(await callsFor('c')).toBe(2)
  })

  it('tries a token that is refused only once more', async () => {
    const { peer, dingtalk } = await setup()
    await dingtalk.post(to(GROUP.id), card(), 'a')
    const before = peer.calls()
    peer.revokeTokens()
    await dingtalk.post(to(GROUP.id), card(), 'b')

    expect(peer.calls() - before).toBe(3)
  })

  it('says in DingTalk’s codes what was wrong', async () => {
    const { endpoint } = await setup()
    const other = aDingtalk({ endpoint, secrets: { appSecret: { current: 'another' } } })

    expect(await other.post(to(GROUP.id), card(), 'k')).toEqual({
      ok: false,
      why: 'no access token: the platform answered 400 (invalidClientIdOrSecret)',
    })
  })

  it('shows what is true now when a card is posted again', async () => {
    const { peer, dingtalk } = await setup()
    const first = await dingtalk.post(to(GROUP.id), card('Earlier.'), 'k')
    const second = await dingtalk.post(to(GROUP.id), card('Later.'), 'k')

    expect(second).toEqual(first)
    expect(peer.shown()).toMatchObject([{ text: expect.stringContaining('Later.') as string }])
  })

  it('posts under one key in two chats', async () => {
    const { peer, dingtalk } = await setup()
    for (const where of [to(GROUP.id), to('manager4321', 'person')])
      expect(await dingtalk.post(where, card(), 'k')).toHaveProperty('ok', true)

    expect(peer.shown().map(({ where }) => where.kind)).toEqual(['group', 'person'])
  })

  it('has not posted a card that was made and is not delivered, until it is', async () => {
    const groups: string[] = []
    const peer = createDingtalkPeer({ ...APP, groups, now: () => NOW })
    const { endpoint, close } = await createChatPeers([peer])
    closers.push(close)
    const dingtalk = aDingtalk({ endpoint })
    const failed = { ok: false, why: 'DingTalk made the card and did not deliver it' }
    for (let n = 0; n < 2; n += 1) expect(await dingtalk.post(to(GROUP.id), card(), 'k')).toEqual(failed)
    expect(peer.shown()).toEqual([])

    groups.push(GROUP.id)
    for (let n = 0; n < 2; n += 1)
      expect(await dingtalk.post(to(GROUP.id), card('Alice said yes.'), 'k')).toHaveProperty('ok', true)
    expect(peer.shown()).toMatchObject([{ where: GROUP, text: expect.stringContaining('Alice said yes.') as string }])
  })

  it('says so when DingTalk does not deliver', async () => {
    const { peer, dingtalk } = await setup()
    const text = { kind: 'text', text: 'Hello' } as const

    expect(await dingtalk.post(to('cidNotThere=='), card(), 'k')).toEqual({
      ok: false,
      why: 'DingTalk made the card and did not deliver it',
    })
    expect(await dingtalk.post(to('+1', 'person'), text, 'k')).toEqual({
      ok: false,
      why: 'DingTalk knows no such person',
    })
    expect(await dingtalk.post(to('cidNotThere=='), text, 'k')).toHaveProperty('ok', false)
    expect(peer.shown()).toEqual([])
  })

  it('says so when DingTalk holds a text back', async () => {
    const { endpoint } = await setup()
    const front = await startChatFront(endpoint)
    closers.push(front.close)
    const dingtalk = aDingtalk({ endpoint: front.endpoint })
    const say = () => dingtalk.post(to('manager4321', 'person'), { kind: 'text', text: 'Hello' }, 'k')
    expect(await say()).toHaveProperty('ok', true)
    front.misbehave({ status: 200, body: '{"processQueryKey":"q","flowControlledStaffIdList":["manager4321"]}' })

    expect(await say()).toEqual({ ok: false, why: 'DingTalk limits messages to this person' })
  })

  it('cannot change a text', async () => {
    const { peer, dingtalk } = await setup()
    const posted = await dingtalk.post(to(GROUP.id), { kind: 'text', text: 'Hello' }, 'k')
    if (!posted.ok) throw new Error(posted.why)

    expect(await dingtalk.edit(to(GROUP.id), posted.id, { kind: 'text', text: 'Bye' })).toHaveProperty('ok', false)
    expect(peer.shown()).toMatchObject([{ text: 'Hello', edits: 0 }])
  })

  it('sends a text without what hides or turns it', async () => {
    const { peer, dingtalk } = await setup()
    await dingtalk.post(to(GROUP.id), { kind: 'text', text: 'a\u202eb\n\u200bc' }, 'k')

    expect(peer.shown()[0]?.text).toBe('a\ufffdb\n\ufffdc')
  })
})
