// The gate is killed at every cloud call of asking, approving, denying, cancelling and telling. People repeat what got no
// answer, with the same key or token; what nobody repeats is finished by the timers.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FaultRule } from '#infra/local/spine.ts'
import type { Answer, Summary } from '#support/api.ts'
import { deploy, type Deployment } from '#support/deployment.ts'
import {
  anInstance,
  askFor,
  callsFor,
  each,
  expectEnd,
  plan,
  playOut,
  startsOf,
  toldOf,
  type Played,
  type PlannedFault,
} from '#support/play.ts'

/** Where a rule cannot tell whose call it is, it is `alone`: nothing else is under way then. */
type Death = readonly [call: string, at: (played: Played) => Omit<FaultRule, 'fault'>, alone?: 'alone']

const ask: readonly Death[] = [
  ['looking at the instance', ({ instanceId }) => ({ operation: 'DescribeInstances', subject: instanceId })],
  ['the put into open', () => ({ operation: 'PutRow', subject: 'open (' })],
  ['the put of `requested`', () => ({ operation: 'PutRow', subject: 'asks (' })],
  ['the hint', () => ({ operation: 'InvokeFunction' })],
]
const approve: readonly Death[] = [
  ['reading asks', ({ id }) => ({ operation: 'GetRange', subject: `asks (${id}, ` })],
  ['raising open', ({ id }) => ({ operation: 'PutRow', subject: `, ${id})` })],
  ['the put of `approved`', ({ id }) => ({ operation: 'PutRow', subject: `asks (${id}, ` })],
  ['the hint', () => ({ operation: 'InvokeFunction', subject: 'starter' }), 'alone'],
]
const no: readonly Death[] = [
  ['reading asks', ({ id }) => ({ operation: 'GetRange', subject: `asks (${id}, ` })],
  ['the put of the no', ({ id }) => ({ operation: 'PutRow', subject: `asks (${id}, ` })],
  ['reading runs', ({ digest }) => ({ operation: 'GetRange', subject: `runs (${digest}, ` })],
  ['the put of `stopped`', ({ id }) => ({ operation: 'PutRow', subject: `asks (${id}, `, skip: 1 })],
  ['raising open', ({ id }) => ({ operation: 'PutRow', subject: `, ${id})` })],
  ['the hint', () => ({ operation: 'InvokeFunction', subject: 'gate' }), 'alone'],
]
/** Of the telling that follows a cancellation, which makes the first calls of each kind itself. */
const tell: readonly Death[] = [
  ['reading asks', ({ id }) => ({ operation: 'GetRange', subject: `asks (${id}, `, skip: 1 })],
  ['reading runs', ({ digest }) => ({ operation: 'GetRange', subject: `runs (${digest}, `, skip: 1 })],
  ['the put of `posted`', ({ id }) => ({ operation: 'PutRow', subject: `asks (${id}, `, skip: 2 })],
  ['the put into days', ({ id }) => ({ operation: 'PutRow', subject: `, ${id})`, skip: 1 })],
  ['removing it from open', ({ id }) => ({ operation: 'DeleteRow', subject: `, ${id})` })],
]

/** Before the call is carried out, and after it; of a read, which leaves nothing behind, only one of them. */
function casesOf(verb: string, deaths: readonly Death[]) {
  return deaths.flatMap(([call, at, alone], n) =>
    (/^(reading|looking)/.test(call) ? (['after'] as const) : (['before', 'after'] as const)).map((moment) => ({
      at,
      alone: alone !== undefined,
      moment,
      n,
      name: `${moment} ${call}`,
      instanceId: `i-bp1${verb}${moment}${n}`,
    })),
  )
}
type Case = ReturnType<typeof casesOf>[number]

const CASES = {
  ask: casesOf('ask', ask),
  approve: casesOf('approve', approve),
  deny: casesOf('deny', no),
  cancel: casesOf('cancel', no),
  tell: casesOf('tell', tell),
}

interface Ended {
  readonly request: Played
  readonly fault: PlannedFault
  /** What the repetition was answered. */
  readonly repeated?: Answer<Partial<Summary> & { readonly outcome?: string }>
}

let deployment: Deployment
const ended = new Map<string, Ended>()
const named = (cases: readonly Case[]) => cases.map((one) => [one.name, one] as const)
const found = (one: Case): Ended => ended.get(one.instanceId) ?? expect.fail(`${one.name} was not played`)

const NOBODY: Played = { id: 'req_00000000000000000000000000000000' as Played['id'], digest: '-', instanceId: '-' }

/** Does it with the gate's death planned, and gives the fault that befell it. */
async function die({ at, moment }: Case, request: Played, work: () => Promise<Answer<unknown>>): Promise<PlannedFault> {
  const fault = plan(deployment, { ...at(request), role: 'gate' }, { kind: 'crash', applied: moment === 'after' })
  expect((await work()).status).toBe(502)
  expect(fault.hits()).toBe(1)
  return fault
}

/** Those that need it one by one, the others a few at once. */
async function playAll(cases: readonly Case[], play: (one: Case) => Promise<void>): Promise<void> {
  for (const one of cases.filter(({ alone }) => alone)) {
    await play(one)
    await deployment.functions.idle()
  }
  await each(
    cases.filter(({ alone }) => !alone),
    play,
  )
  await deployment.functions.idle()
}

async function playAsk(one: Case): Promise<void> {
  const wish = { instanceId: one.instanceId }
  const fault = await die(one, { ...NOBODY, ...wish }, async () => deployment.ask(wish, 'alice', one.instanceId))
  const repeated = await deployment.ask(wish, 'alice', one.instanceId)
  const { id, digest } = repeated.body
  ended.set(one.instanceId, { request: { ...wish, id, digest }, fault, repeated })
}

async function playDecision(decision: 'approve' | 'deny', one: Case, request: Played): Promise<void> {
  const { sign, decide } = deployment
  const token = await sign('carol', decision, request.id, 'as agreed')
  const fault = await die(one, request, async () => decide(request.id, decision, token))
  ended.set(one.instanceId, { request, fault, repeated: await decide(request.id, decision, token) })
}

const cancel = async ({ id }: Played): Promise<Answer> =>
  deployment.call('POST', `/v1/start-requests/${id}/cancel`, { body: { reason: 'not needed' }, as: 'alice' })

beforeAll(async () => {
  const instances = Object.values(CASES)
    .flat()
    .map(({ instanceId }) => anInstance(instanceId))
  deployment = await deploy({ instances, timers: false })
  const { functions, approve: sayYes } = deployment
  const requests = new Map<string, Played>()
  const requestOf = ({ instanceId }: Case): Played => requests.get(instanceId) ?? expect.fail('was not asked for')
  for (const { instanceId } of [...CASES.approve, ...CASES.deny, ...CASES.cancel, ...CASES.tell])
    requests.set(instanceId, await askFor(deployment, instanceId))
  await functions.idle()
  await playAll(CASES.approve, async (one) => playDecision('approve', one, requestOf(one)))

  // What is denied or cancelled has been approved, and would start: the starter only has not heard of it.
  plan(deployment, { service: 'fc', subject: 'starter', times: null }, { kind: 'lost', applied: false })
  await each([...CASES.deny, ...CASES.cancel], async (one) => sayYes(requestOf(one).id))
  await playAll(CASES.deny, async (one) => playDecision('deny', one, requestOf(one)))
  await playAll(CASES.cancel, async (one) => {
    const request = requestOf(one)
    ended.set(one.instanceId, { request, fault: await die(one, request, async () => cancel(request)) })
  })
  await each(CASES.tell, async ({ at, moment, instanceId, ...one }) => {
    const request = requestOf({ at, moment, instanceId, ...one })
    const fault = plan(deployment, { ...at(request), role: 'gate' }, { kind: 'crash', applied: moment === 'after' })
    expect((await cancel(request)).status).toBe(200)
    await fault.hit()
    ended.set(instanceId, { request, fault })
  })
  for (const one of CASES.ask) {
    await playAsk(one)
    await functions.idle()
  }
  const asked = CASES.ask.map((one) => found(one).request)
  await playOut(deployment, [...requests.values()], () => asked.every(({ id }) => toldOf(deployment, id).length > 0))
}, 120_000)
afterAll(async () => deployment.close())

describe('the gate is killed while it records an ask', () => {
  test.each(named(CASES.ask))('%s: the repetition finds or makes the one request', async (_name, one) => {
    const { request, repeated } = found(one)
    const wasThere = one.name === 'after the put of `requested`' || one.name.endsWith('the hint')
    expect(repeated?.status).toBe(wasThere ? 200 : 201)
    const { cloud, show } = deployment
    expect((await show(request.id)).state).toBe('pending')
    const streams = cloud.tablestore
      .rows('asks')
      .filter(({ attributes }) => String(attributes['body']).includes(one.instanceId))
    expect(new Set(streams.map(({ primaryKey }) => primaryKey['request']))).toEqual(new Set([request.id]))
    const entries = cloud.tablestore.rows('open').filter(({ primaryKey }) => primaryKey['request'] === request.id)
    expect(entries).toHaveLength(1)
    expect(toldOf(deployment, request.id)).toContain('pending')
  })
})

describe('the gate is killed while it records an approval', () => {
  test.each(named(CASES.approve))(
    '%s: repeated with the same token it is recorded once, and started once',
    async (_name, one) => {
      const { request, repeated } = found(one)
      expect(repeated?.status).toBe(200)
      await expectEnd(deployment, request, 'running')
      const { asks } = await deployment.receipt(request.id)
      expect(asks.filter(({ type }) => type === 'approved')).toHaveLength(1)
      expect([callsFor(deployment, one.instanceId), startsOf(deployment, one.instanceId)]).toEqual([1, 1])
    },
  )
})

describe('the gate is killed while it records a denial of what was approved', () => {
  test.each(named(CASES.deny))(
    '%s: repeated with the same token it is stopped, and nothing is started',
    async (_name, one) => {
      const { request, repeated } = found(one)
      if (repeated?.status === 200) expect(repeated.body).toMatchObject({ outcome: 'stopped', state: 'denied' })
      // By then everybody may have been told.
      else expect(repeated).toMatchObject({ status: 409, body: { type: 'urn:startgate:already_final' } })
      await expectEnd(deployment, request, 'denied')
      const { asks } = await deployment.receipt(request.id)
      expect(asks.filter(({ type }) => type === 'denied')).toHaveLength(1)
      expect([callsFor(deployment, one.instanceId), startsOf(deployment, one.instanceId)]).toEqual([0, 0])
    },
  )
})

describe('the gate is killed while it records a cancellation that nobody repeats', () => {
  test.each(named(CASES.cancel))('%s: the timers finish what was recorded', async (_name, one) => {
    const { request } = found(one)
    const recorded = one.n > 1 || (one.n === 1 && one.moment === 'after')
    await expectEnd(deployment, request, recorded ? 'cancelled' : 'running')
    expect(startsOf(deployment, one.instanceId)).toBe(recorded ? 0 : 1)
  })
})

describe('the gate is killed while it tells how a request ended', () => {
  test.each(named(CASES.tell))('%s: everybody is told in the end, and it is listed once', async (_name, one) => {
    const { request, fault } = found(one)
    expect(fault.hits()).toBe(1)
    await expectEnd(deployment, request, 'cancelled')
    const { tablestore } = deployment.cloud
    expect(tablestore.rows('days').filter(({ primaryKey }) => primaryKey['request'] === request.id)).toHaveLength(1)
    // A message that is sent again keeps its id, so that it is not taken for news.
    const ends = deployment.receiver.told.filter(
      ({ to, body }) => to === 'ops-room' && body.data['id'] === request.id && body.data['state'] === 'cancelled',
    )
    expect(new Set(ends.map(({ id }) => id)).size).toBe(1)
  })
})
