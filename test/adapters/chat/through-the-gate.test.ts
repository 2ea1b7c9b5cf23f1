// The whole way on each platform: said, verified, handed on, done, and told in cards that people tap.
import { afterEach, describe, expect, it } from 'vitest'
import { createChat } from '#adapters/chat/chat.ts'
import { createDingtalk } from '#adapters/chat/dingtalk/dingtalk.ts'
import { createFeishu } from '#adapters/chat/feishu/feishu.ts'
import { createSeen } from '#adapters/chat/seen.ts'
import { createSlack } from '#adapters/chat/slack/slack.ts'
import { createGateHandler } from '#adapters/fc/gate-handler.ts'
import { sealEvent } from '#core/chat-seal.ts'
import { DURATIONS, MINUTE } from '#core/durations.ts'
import { CHAT_WORDS } from '#core/language/chat-tables.ts'
import type { Platform } from '#core/words.ts'
import { createDingtalkPeer } from '#infra/local/chat/dingtalk.ts'
import { createFeishuPeer } from '#infra/local/chat/feishu.ts'
import type { ChatPeer, Shown, SignedCall } from '#infra/local/chat/peer.ts'
import { createChatPeers } from '#infra/local/chat/peers.ts'
import { createSlackPeer } from '#infra/local/chat/slack.ts'
import { approve } from '#flow/decide.ts'
import { nameInstance } from '#flow/hearing.ts'
import { tell, tellDue } from '#flow/tell.ts'
import type { GateDeps } from '#flow/deps.ts'
import type { ChatPlatform } from '#ports/chat-platform.ts'
import type { Clock } from '#ports/world.ts'
import { teamDocument, teamPolicy } from '#support/team.ts'
import { createWorld, INSTANCE } from '#support/world.ts'
import { unexamined } from '#support/unexamined.ts'
import { createWholeApp } from '#support/whole-app.ts'
import { wired } from '#support/wired.ts'

const words = CHAT_WORDS.en
const SLACK = { team: 'T0STARTGATE', app: 'A0STARTGATE' }
const SLACK_SECRETS = { signing: 'b7d6e7f4c1f84a0d9a3c5a0e9d4b2f61', botToken: 'xoxb-1111111111-2222222222-AbCdEfGh' }
const FEISHU = { tenant: '2ed263bf32cf1651', app: 'cli_a1b2c3d4e5f60708' }
const FEISHU_SECRETS = { encryptKey: 'an-encrypt-key-of-feishu-1', appSecret: 'an-app-secret-of-feishu' }
const DINGTALK = {
  corp: 'ding8a8b8c8d',
  app: 'dingappkey1',
  robot: 'dingrobot1',
  template: '0a1b.schema',
  route: 'gate',
}
const DINGTALK_SECRETS = {
  appSecret: 'the secret of the app',
  aesKey: '4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij',
  cardSecret: 'the secret of the cards',
}

interface Site {
  readonly tenant: string
  readonly chats: object
  readonly group: string
  readonly users: { readonly alice: string; readonly bob: string; readonly carol: string }
  createPeer(clock: Clock): ChatPeer
  createPlatform(clock: Clock, endpoint: string): ChatPlatform
}

const SITES: Readonly<Record<Platform, Site>> = {
  slack: {
    tenant: SLACK.team,
    chats: { slack: SLACK },
    group: 'C0OPS',
    users: { alice: 'U0ALICE', bob: 'U0BOB', carol: 'U0CAROL' },
    createPeer: (clock) => createSlackPeer({ clock, ...SLACK, secrets: SLACK_SECRETS, groups: ['C0OPS'] }),
    createPlatform: (clock, endpoint) =>
      createSlack({
        chat: SLACK,
        secrets: { signing: { current: SLACK_SECRETS.signing }, botToken: SLACK_SECRETS.botToken },
        words,
        clock,
        durations: DURATIONS,
        endpoint,
      }),
  },
  feishu: {
    tenant: FEISHU.tenant,
    chats: { feishu: FEISHU },
    group: 'oc_ops',
    users: { alice: 'ou_alice', bob: 'ou_bob', carol: 'ou_carol' },
    createPeer: (clock) => createFeishuPeer({ ...FEISHU, ...FEISHU_SECRETS, groups: ['oc_ops'], now: clock.now }),
    createPlatform: (clock, endpoint) =>
      createFeishu({
        chat: { ...FEISHU, site: 'feishu' },
        secrets: { encryptKey: { current: FEISHU_SECRETS.encryptKey }, appSecret: FEISHU_SECRETS.appSecret },
        words,
        clock,
        durations: DURATIONS,
        endpoint,
      }),
  },
  dingtalk: {
    tenant: DINGTALK.corp,
    chats: { dingtalk: DINGTALK },
    group: 'cid5DEAySuFk+mtMwii4NLYQ==',
    users: { alice: 'alice1', bob: 'bob1', carol: 'carol1' },
    createPeer: (clock) =>
      createDingtalkPeer({ ...DINGTALK, ...DINGTALK_SECRETS, groups: ['cid5DEAySuFk+mtMwii4NLYQ=='], now: clock.now }),
    createPlatform: (clock, endpoint) =>
      createDingtalk({
        chat: { ...DINGTALK, language: 'en' },
        secrets: {
          appSecret: { current: DINGTALK_SECRETS.appSecret },
          aesKey: { current: DINGTALK_SECRETS.aesKey },
          cardSecret: { current: DINGTALK_SECRETS.cardSecret },
        },
        words,
        clock,
        durations: DURATIONS,
        endpoint,
      }),
  },
}

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function createTown(name: Platform) {
  const site = SITES[name]
  const document = teamDocument()
  const people = Object.entries(document['people'] as Record<string, object>).map(([person, entry]) => {
    const user = (site.users as Readonly<Record<string, string>>)[person]
    return [person, user === undefined ? entry : { ...entry, chat: [`${name}:${site.tenant}/${user}`] }]
  })
  const policy = teamPolicy({ ...document, people: Object.fromEntries(people) as object, chats: site.chats })
  const world = createWorld({ policy })
  const { clock } = world
  const peer = site.createPeer(clock)
  const peers = await createChatPeers([peer])
  closing.push(() => peers.close())
  const platform = site.createPlatform(clock, peers.endpoint)
  const platforms = new Map([[name, async () => platform]])
  const gate: GateDeps = { ...world.gate, chat: createChat(platforms, world.gate) }
  const queue: object[] = []
  const { app } = createWholeApp({
    deps: gate,
    publicUrl: gate.publicUrl,
    verifyWebhook: () => ({ flaw: 'unknown_caller' }),
    publicJwk: { kty: 'OKP', crv: 'Ed25519', x: '', kid: '', use: 'sig', alg: 'EdDSA' },
    openapi: () => ({}),
    policySchema: () => ({}),
    page: () => ({ script: '', style: '' }),
    chat: {
      platforms,
      seen: createSeen(clock),
      handOn: { send: async (event) => queue.push(sealEvent(gate, event)) > 0 },
    },
  })
  const handler = createGateHandler(() => ({ ...wired(gate), fetch: () => Response.json({}) }), unexamined)
  const context = {
    requestId: 'r1',
    credentials: { accessKeyId: 'STS.a', accessKeySecret: 'b', securityToken: 'c' },
    function: { name: 'startgate-gate' },
    region: 'cn-hangzhou',
    accountId: gate.accountId,
  }
  /** The queue, and every hint that follows. */
  const settle = async (): Promise<void> => {
    for (let event = queue.shift(); event !== undefined; event = queue.shift())
      await handler(Buffer.from(JSON.stringify(event)), context)
    for (let hint = world.hints.sent.shift(); hint !== undefined; hint = world.hints.sent.shift())
      await (hint.to === 'gate' ? tell(gate, hint.request, 'hint') : world.start(hint.request))
  }
  const call = async ({ path, headers, body }: SignedCall): Promise<number> => {
    const answer = await app.request(path, { method: 'POST', headers: { ...headers }, body: new Uint8Array(body) })
    await settle()
    return answer.status
  }
  const shownIn = (id: string): readonly Shown[] => peer.shown().filter(({ where }) => where.id === id)
  return { site, world, gate, peer, call, settle, shownIn }
}

function tapOf({ buttons }: Shown): string | undefined {
  return buttons.flatMap((button) => (button.kind === 'tap' ? [button.value] : []))[0]
}

describe.each(['slack', 'feishu', 'dingtalk'] as const)('on %s', (name) => {
  async function asked() {
    const town = await createTown(name)
    const { site, peer, call, world } = town
    const said = peer.said(site.users.alice, { kind: 'group', id: site.group }, `start ${INSTANCE} the monthly report`)
    expect(await call(said)).toBe(200)
    const id = world.asks.rows()[0]?.stream as `req_${string}`
    return { ...town, id }
  }

  it('who asks in a group brings a card there, to themselves and to whoever may say yes', async () => {
    const { site, world, shownIn, id } = await asked()
    expect((await world.load(id)).proposal.request.requester).toEqual({ principal: 'alice', via: name })
    for (const place of [site.group, ...Object.values(site.users)]) {
      const [card, ...more] = shownIn(place)
      expect(card?.text).toContain('the monthly report')
      expect(more).toEqual([])
    }
    expect(shownIn(site.users.bob).map(tapOf)).toEqual([id])
    expect(shownIn(site.users.alice).map(tapOf)).toEqual([undefined])
  })

  it('a tap stops it, and nobody can tap any more', async () => {
    const { site, peer, call, world, shownIn, id } = await asked()
    const [card] = shownIn(site.users.bob)
    if (card === undefined) throw new Error('bob has no card')
    expect(await call(peer.tapped(site.users.bob, card, id))).toBe(200)
    const { proposal, standing } = await world.load(id)
    expect(standing.state).toBe('denied')
    expect(peer.shown().map(tapOf)).toEqual(peer.shown().map(() => undefined))
    expect(shownIn(site.users.bob).at(-1)?.text).toContain(words.stopped(nameInstance(proposal), id))
    expect(shownIn(site.group)).toMatchObject([{ edits: 1 }])
  })

  it('the card follows a start to its end', async () => {
    const { site, world, gate, settle, shownIn, id } = await asked()
    const { proposal } = await world.load(id)
    await approve(gate, id, await world.sign('bob', 'approve', proposal))
    await settle()
    await world.clock.advance(60_000)
    await world.sweep()
    await settle()
    const [card, ...more] = shownIn(site.group)
    expect(card?.text).toContain(words.card.titles.running)
    expect(more).toEqual([])
  })

  it('what happens while the platform is down for an hour is on the cards when it is back', async () => {
    const { site, peer, call, world, gate, settle, shownIn } = await createTown(name)
    peer.setDown(true)
    await call(peer.said(site.users.alice, { kind: 'group', id: site.group }, `start ${INSTANCE} the monthly report`))
    const id = world.asks.rows()[0]?.stream as `req_${string}`
    const { proposal } = await world.load(id)
    const pass = async (minutes: number): Promise<void> => {
      for (let minute = 0; minute < minutes; minute += 1) {
        await world.clock.advance(MINUTE)
        await world.sweep()
        await tellDue(gate)
        await settle()
      }
    }
    await pass(10)
    await approve(gate, id, await world.sign('bob', 'approve', proposal))
    await pass(50)
    expect((await world.load(id)).standing.state).toBe('running')
    expect(peer.shown()).toEqual([])
    // Nobody else waited for it.
    expect(world.messenger.delivered.map(({ telling }) => telling.kind === 'state' && telling.view.state)).toContain(
      'running',
    )

    peer.setDown(false)
    await pass(125)
    for (const place of [site.group, ...Object.values(site.users)]) {
      const cards = shownIn(place)
      expect(cards).toHaveLength(1)
      expect(cards[0]?.text).toContain(words.card.titles.running)
    }
    expect(await gate.open.all()).toEqual([])
  })

  it('who is not known is told alone, and nothing is done', async () => {
    const { site, peer, call, world, shownIn } = await createTown(name)
    const stranger = { slack: 'U0MALLORY', feishu: 'ou_mallory', dingtalk: 'mallory1' }[name]
    await call(peer.said(stranger, { kind: 'group', id: site.group }, `start ${INSTANCE} the monthly report`))
    expect(world.calls.list).toEqual([])
    expect(shownIn(stranger).map(({ text }) => text)).toEqual([
      expect.stringContaining(`${name}:${site.tenant}/${stranger}`) as string,
    ])
    expect(shownIn(site.group)).toEqual([])
  })
})
