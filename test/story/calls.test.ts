// What each step costs in cloud calls, counted in the log of the local cloud: exactly, and however much was finished before.
import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChatPeer, Place, SignedCall } from '#infra/local/chat/peer.ts'
import type { ChatPeers } from '#infra/local/chat/peers.ts'
import { deploy, type Deployment } from '#support/deployment.ts'
import { anInstance, plan } from '#support/play.ts'
import { CHAT_SECRETS, createTeamPeers, GROUPS, onPlatform, userOf } from '#support/team-chats.ts'

const FINISHED = 100_000

const LOOK = 'ecs DescribeInstances'
const HINT_GATE = 'fc InvokeFunction startgate-gate,'
/** The same call, of something that was said. */
const HAND_ON = HINT_GATE
const HINT_STARTER = 'fc InvokeFunction startgate-starter,'

const TELLING = ['ots GetRange asks', 'ots GetRange runs', 'ots PutRow asks']
const LAST_TELLING = [...TELLING, 'ots PutRow days', 'ots DeleteRow open']
const STOPPING = [
  'ots GetRange asks',
  'ots PutRow asks',
  'ots GetRange runs',
  'ots PutRow asks',
  'ots PutRow open',
  HINT_GATE,
]

const ASKING = [LOOK, 'ots PutRow open', 'ots PutRow asks', HINT_GATE]

/** Call by call, in order. Messages to receivers and in chats are no cloud calls. */
const BUDGET = {
  ask: ASKING,
  tellPending: TELLING,
  repeat: [LOOK, 'ots PutRow open', 'ots GetRange asks', 'ots GetRange runs'],
  approve: ['ots GetRange asks', 'ots PutRow open', 'ots PutRow asks', HINT_STARTER],
  start: [
    'ots GetRange asks',
    'ots GetRange runs',
    LOOK,
    'ots PutRow runs',
    'ots GetRange asks',
    'ecs StartInstance',
    'ots PutRow runs',
    HINT_GATE,
  ],
  /** In the same invocation it only looks. */
  stay: [LOOK],
  tellStarting: TELLING,
  sweep: ['ots GetRange open'],
  laterLook: ['ots GetRange runs', LOOK, 'ots PutRow runs', HINT_GATE],
  tellRunning: LAST_TELLING,
  deny: STOPPING,
  tellDenied: LAST_TELLING,
  cancel: STOPPING,
  tellCancelled: LAST_TELLING,
  chatAsk: [HAND_ON, ...ASKING, ...TELLING],
  /** Whether this message has led to a request already, and the instance by what it is called. */
  chatAskByName: [HAND_ON, 'ots GetRange asks', LOOK, ...ASKING, ...TELLING],
  chatDeny: [HAND_ON, ...STOPPING, ...LAST_TELLING],
  idleMinute: { gate: ['ots GetRange open'], starter: ['ots GetRange open'] },
}

const GROUP: Place = { kind: 'group', id: GROUPS.slack }

let deployment: Deployment
let peers: ChatPeers

/** The calls of both functions while it is done and until all that follows from it has ended. */
async function record(work: () => unknown): Promise<{ readonly gate: string[]; readonly starter: string[] }> {
  const { operations } = deployment.cloud.spine
  const mark = operations.mark()
  await work()
  await deployment.functions.idle()
  const lines = operations.since(mark)
  const of = (wanted: string): string[] =>
    lines
      .filter(({ role }) => role === wanted)
      .map(({ service, operation, subject }) =>
        service === 'ecs' ? `${service} ${operation}` : `${service} ${operation} ${subject.split(' ')[0]}`,
      )
  return { gate: of('gate'), starter: of('starter') }
}

/** Everything that happens to five requests, one after the other. */
async function measure(instanceId: string): Promise<typeof BUDGET> {
  const { ask, call, functions, cloud, sign, decide, until } = deployment
  const key = randomUUID()
  const asked = await record(() => ask({ instanceId }, 'alice', key))
  const repeated = await record(() => ask({ instanceId }, 'alice', key))
  const { id } = (await ask({ instanceId }, 'alice', key)).body
  const token = await sign('bob', 'approve', id)
  const approved = await record(() => decide(id, 'approve', token))
  await until('it runs', () => (cloud.ecs.instances.find(instanceId)?.phase.status === 'Running' ? true : undefined))
  const later = await record(() => functions.fireTimer('starter', 'sweep'))

  const another = async () => {
    const next = (await ask({ instanceId: `${instanceId}stays` })).body.id
    await functions.idle()
    return next
  }
  const toDeny = await another()
  const denial = await sign('bob', 'deny', toDeny, 'not today')
  const denied = await record(() => decide(toDeny, 'deny', denial))
  const toCancel = await another()
  const cancelled = await record(() => call('POST', `/v1/start-requests/${toCancel}/cancel`, { body: {}, as: 'alice' }))
  const inChat = await measureChat(`${instanceId}chats`)
  const idle = await record(() => {
    functions.fireTimer('starter', 'sweep')
    functions.fireTimer('gate', 'tell')
  })
  return {
    ask: asked.gate.slice(0, 4),
    tellPending: asked.gate.slice(4),
    repeat: repeated.gate,
    approve: approved.gate.slice(0, 4),
    start: approved.starter.slice(0, 8),
    stay: [...new Set(approved.starter.slice(8))],
    tellStarting: approved.gate.slice(4),
    sweep: later.starter.slice(0, 1),
    laterLook: later.starter.slice(1),
    tellRunning: later.gate,
    deny: denied.gate.slice(0, 6),
    tellDenied: denied.gate.slice(6),
    cancel: cancelled.gate.slice(0, 6),
    tellCancelled: cancelled.gate.slice(6),
    ...inChat,
    idleMinute: idle,
  }
}

/** Asked for by id and by name, and each time denied by a tap on its card. */
async function measureChat(instanceId: string): Promise<Pick<typeof BUDGET, 'chatAsk' | 'chatAskByName' | 'chatDeny'>> {
  const slack = peers.peer('slack')
  const ask = async (what: string) =>
    record(() => send(slack.said(userOf('slack', 'alice'), GROUP, `start ${what} The monthly report is due`)))
  const deny = async () => record(() => send(tapDeny(slack)))
  const byId = await ask(instanceId)
  const denied = await deny()
  const byName = await ask(`${instanceId}-name`)
  await deny()
  return { chatAsk: byId.gate, chatAskByName: byName.gate, chatDeny: denied.gate }
}

async function send({ path, headers, body }: SignedCall): Promise<void> {
  const { status } = await fetch(`${deployment.url}${path}`, { method: 'POST', headers: { ...headers }, body })
  expect(status).toBe(200)
}

/** The last card of the group. */
function tapDeny(slack: ChatPeer): SignedCall {
  const card = slack.shown().findLast(({ where }) => where.kind === 'group')
  const button = card?.buttons.find(({ kind }) => kind === 'tap')
  if (card === undefined || button?.kind !== 'tap') throw new Error('the group has no card that can be tapped')
  return slack.tapped(userOf('slack', 'bob'), card, button.value)
}

/** As many rows as they have left in the tables: three in each book, and one by day. Nobody reads what is in them. */
function seedFinished(count: number): number {
  const { tablestore, spine } = deployment.cloud
  // In the order of the tables, which takes them faster.
  const ids = Array.from({ length: count }, () => randomBytes(32).toString('hex')).toSorted()
  const rowsOf = (stream: string) => [1, 2, 3].map((n) => [stream, n])
  const asks = tablestore.seed(
    'asks',
    ids.flatMap((id) => rowsOf(`req_${id.slice(0, 32)}`)),
    { type: 'posted' },
  )
  const runs = tablestore.seed('runs', ids.flatMap(rowsOf), { type: 'running' })
  const days = ids.map((id, n) => {
    const at = spine.now() - (count - n) * 60_000
    return [new Date(at).toISOString().slice(0, 10), at, `req_${id.slice(0, 32)}`]
  })
  return Math.min(asks / 3, runs / 3, tablestore.seed('days', days, { v: 1 }))
}

beforeAll(async () => {
  const waiting = Array.from({ length: 7 }, (_, n) => anInstance(`i-bp1waits${n}`))
  // Takes longer than the starter stays with it.
  const slow = ['i-bp1one', 'i-bp1two'].map((id) => anInstance(id, { startingMs: 3500 }))
  const never = ['i-bp1onestays', 'i-bp1twostays', 'i-bp1onechats', 'i-bp1twochats'].map((id) =>
    anInstance(id, { name: `${id}-name` }),
  )
  peers = await createTeamPeers()
  deployment = await deploy({
    instances: [...slow, ...never, ...waiting],
    timers: false,
    policy: (document) => onPlatform(document, 'slack'),
    secrets: { ...CHAT_SECRETS, CHAT_ENDPOINT: peers.endpoint },
  })
}, 60_000)
afterAll(async () => {
  await deployment.close()
  await peers.close()
})

describe('cloud calls', () => {
  test('a new instance of the starter notes once what it runs', async () => {
    const sweep = (): void => deployment.functions.fireTimer('starter', 'sweep')
    expect((await record(sweep)).starter).toEqual(['ots PutRow runs', 'ots GetRange open'])
    expect((await record(sweep)).starter).toEqual(['ots GetRange open'])
  })

  test('each step makes exactly those of its budget', async () => {
    expect(await measure('i-bp1one')).toEqual(BUDGET)
  })

  test(`and the same after ${FINISHED} finished requests`, { timeout: 60_000 }, async () => {
    expect(seedFinished(FINISHED)).toBeGreaterThanOrEqual(FINISHED)
    expect(await measure('i-bp1two')).toEqual(BUDGET)
  })

  test('a check of health reads five of the requests that wait at most, and keeps what it found', async () => {
    plan(deployment, { service: 'fc', subject: 'starter', times: null }, { kind: 'lost', applied: false })
    for (const n of Array.from({ length: 7 }).keys()) {
      const { id } = (await deployment.ask({ instanceId: `i-bp1waits${n}` })).body
      expect((await deployment.approve(id)).status).toBe(200)
    }
    await deployment.functions.idle()
    const { gate } = await record(async () => {
      expect(await deployment.call('GET', '/healthz')).toMatchObject({ status: 200, body: { open: 7 } })
    })
    expect(gate.toSorted()).toEqual([
      ...Array<string>(5).fill('ots GetRange asks'),
      'ots GetRange open',
      ...Array<string>(6).fill('ots GetRange runs'),
    ])
    expect((await record(() => deployment.call('GET', '/healthz'))).gate).toEqual([])
  })
})
