// The whole way on each platform: said, verified, handed on, done, and told in cards that people tap.
import { afterEach, describe, expect, it } from 'vitest'
import { createChat } from '#adapters/chat/chat.ts'
import { createSeen } from '#adapters/chat/seen.ts'
import { createGateHandler } from '#adapters/fc/gate-handler.ts'
import { sealEvent } from '#core/chat-seal.ts'
import { DURATIONS, HOUR, MINUTE } from '#core/durations.ts'
import { CHAT_WORDS } from '#core/language/chat-tables.ts'
import type { Platform } from '#core/words.ts'
import type { ChatPeer, Place, Shown, SignedCall, SignOptions } from '#infra/local/chat/peer.ts'
import { createChatPeers } from '#infra/local/chat/peers.ts'
import { approve } from '#flow/decide.ts'
import { nameInstance } from '#flow/hearing.ts'
import { tell, tellDue } from '#flow/tell.ts'
import type { GateDeps } from '#flow/deps.ts'
import { readPolicySecrets } from '#lib/config-secrets.ts'
import { connectChats } from '#lib/wire-chats.ts'
import { teamDocument, teamPolicy } from '#support/team.ts'
import { CHAT_SECRETS, createTeamPeer, GROUPS, onPlatform, userOf } from '#support/team-chats.ts'
import { createWorld, INSTANCE } from '#support/world.ts'
import { unexamined } from '#support/unexamined.ts'
import { createWholeApp } from '#support/whole-app.ts'
import { wired } from '#support/wired.ts'

const words = CHAT_WORDS.en

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function createTown(name: Platform) {
  const policy = teamPolicy(onPlatform(teamDocument(), name))
  const world = createWorld({ policy })
  const { clock } = world
  const peer = createTeamPeer(name, clock)
  const peers = await createChatPeers([peer])
  closing.push(() => peers.close())
  const secrets = readPolicySecrets(CHAT_SECRETS, policy, []).chats
  const platforms = connectChats(policy, secrets, { clock, durations: DURATIONS, endpoint: peers.endpoint })
  const gate: GateDeps = { ...world.gate, chat: createChat(platforms, world.gate) }
  const queue: object[] = []
  const { app } = createWholeApp({
    deps: gate,
    publicUrl: gate.publicUrl,
    verifyWebhook: () => ({ flaw: 'unknown_caller' }),
    publicJwk: () => ({ kty: 'OKP', crv: 'Ed25519', x: '', kid: '', use: 'sig', alg: 'EdDSA' }),
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
  const send = async ({ path, headers, body }: SignedCall): Promise<Response> =>
    app.request(path, { method: 'POST', headers: { ...headers }, body: new Uint8Array(body) })
  const call = async (signed: SignedCall): Promise<number> => {
    const answer = await send(signed)
    await settle()
    return answer.status
  }
  const shownIn = (id: string): readonly Shown[] => peer.shown().filter(({ where }) => where.id === id)
  return { world, gate, peer, queue, send, call, settle, shownIn }
}

function flipLast(text: string): string {
  return text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) ^ 1)
}

/** What somebody makes of a call that is not the platform, by what they change; the clock stands at `now`. */
function forge(peer: ChatPeer, make: (options?: SignOptions) => SignedCall, now: number) {
  const call = make()
  const { body } = peer.authenticates
  const names = peer.authenticates.headers.map((name) => name.toLowerCase())
  const flipped = Uint8Array.from(call.body)
  flipped[20] = (flipped[20] ?? 0) ^ 1
  const signed = Object.entries(call.headers).filter(([name]) => names.includes(name.toLowerCase()))
  return [
    ...signed.map(
      ([name, value]) => [name, { ...call, headers: { ...call.headers, [name]: flipLast(value) } }] as const,
    ),
    ...(body ? [['a bit of the body', { ...call, body: flipped }] as const] : []),
    ['no headers', { ...call, headers: {} }],
    ['too large', { ...call, body: Buffer.concat([call.body, Buffer.alloc(64 * 1024, ' ')]) }],
    ['stale', make({ at: now - 2 * HOUR })],
    ['from the future', make({ at: now + 6 * MINUTE })],
    ['of another organisation', make({ tenant: 'T0THER' })],
  ] as const satisfies readonly (readonly [string, SignedCall])[]
}

function tapOf({ buttons }: Shown): string | undefined {
  return buttons.flatMap((button) => (button.kind === 'tap' ? [button.value] : []))[0]
}

describe.each(['slack', 'feishu', 'dingtalk'] as const)('on %s', (name) => {
  const group: Place = { kind: 'group', id: GROUPS[name] }
  const user = (person: string): string => userOf(name, person)
  const places = [group.id, ...['alice', 'bob', 'carol'].map(user)]

  async function asked() {
    const town = await createTown(name)
    const { peer, call, world } = town
    const said = peer.said(user('alice'), group, `start ${INSTANCE} the monthly report`)
    expect(await call(said)).toBe(200)
    const id = world.asks.rows()[0]?.stream as `req_${string}`
    return { ...town, id }
  }

  it('who asks in a group brings a card there, to themselves and to whoever may say yes', async () => {
    const { world, shownIn, id } = await asked()
    expect((await world.load(id)).proposal.request.requester).toEqual({ principal: 'alice', via: name })
    for (const place of places) {
      const [card, ...more] = shownIn(place)
      expect(card?.text).toContain('the monthly report')
      expect(more).toEqual([])
    }
    expect(shownIn(user('bob')).map(tapOf)).toEqual([id])
    expect(shownIn(user('alice')).map(tapOf)).toEqual([undefined])
  })

  it('a tap stops it, and nobody can tap any more', async () => {
    const { peer, call, world, shownIn, id } = await asked()
    const [card] = shownIn(user('bob'))
    if (card === undefined) throw new Error('bob has no card')
    expect(await call(peer.tapped(user('bob'), card, id))).toBe(200)
    const { proposal, standing } = await world.load(id)
    expect(standing.state).toBe('denied')
    expect(peer.shown().map(tapOf)).toEqual(peer.shown().map(() => undefined))
    expect(shownIn(user('bob')).at(-1)?.text).toContain(words.stopped(nameInstance(proposal), id))
    expect(shownIn(group.id)).toMatchObject([{ edits: 1 }])
  })

  it('the card follows a start to its end', async () => {
    const { world, gate, settle, shownIn, id } = await asked()
    const { proposal } = await world.load(id)
    await approve(gate, id, await world.sign('bob', 'approve', proposal))
    await settle()
    await world.clock.advance(60_000)
    await world.sweep()
    await settle()
    const [card, ...more] = shownIn(group.id)
    expect(card?.text).toContain(words.card.titles.running)
    expect(more).toEqual([])
  })

  it('what happens while the platform is down for an hour is on the cards when it is back', async () => {
    const { peer, call, world, gate, settle, shownIn } = await createTown(name)
    peer.setDown(true)
    await call(peer.said(user('alice'), group, `start ${INSTANCE} the monthly report`))
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
    for (const place of places) {
      const cards = shownIn(place)
      expect(cards).toHaveLength(1)
      expect(cards[0]?.text).toContain(words.card.titles.running)
    }
    expect(await gate.open.all()).toEqual([])
  })

  it('whoever is not the platform gets one vague answer, and causes no call', async () => {
    const { peer, send, world, queue, id, shownIn } = await asked()
    const [card] = shownIn(user('bob'))
    if (card === undefined) throw new Error('bob has no card')
    const said = (options?: SignOptions): SignedCall =>
      peer.said(user('alice'), group, `start ${INSTANCE} another report`, options)
    const tapped = (options?: SignOptions): SignedCall => peer.tapped(user('bob'), card, id, options)
    const once = said()
    expect((await send(once)).status).toBe(200)
    queue.length = 0
    const now = world.clock.now()
    const all = [['a copy', once] as const, ...forge(peer, said, now), ...forge(peer, tapped, now)]
    const [calls, asks] = [world.calls.list.length, peer.calls()]
    const answers = await Promise.all(
      all.map(async ([what, each]) => {
        const answer = await send(each)
        return [what, answer.status, await answer.text()] as const
      }),
    )
    const [, , vague] = answers[0] ?? []
    expect(vague).toContain('urn:startgate:unauthenticated')
    expect(answers).toEqual(answers.map(([what]) => [what, 401, vague]))
    expect(queue).toEqual([])
    expect([world.calls.list.length, peer.calls()]).toEqual([calls, asks])
  })

  it('who is not known is told alone, and nothing is done', async () => {
    const { peer, call, world, shownIn } = await createTown(name)
    const stranger = user('mallory')
    await call(peer.said(stranger, group, `start ${INSTANCE} the monthly report`))
    expect(world.calls.list).toEqual([])
    expect(shownIn(stranger).map(({ text }) => text)).toEqual([
      expect.stringContaining(`${name}:${peer.tenant}/${stranger}`) as string,
    ])
    expect(shownIn(group.id)).toEqual([])
  })
})
