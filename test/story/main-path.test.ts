// Ask, record, approve, start, outcome, told: through the built artifact, the official SDKs and real sockets.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CALLER_SECRET, deploy, RECEIVER_SECRET, type Deployment } from '#support/deployment.ts'
import { isSignedV1a, verifyV1 } from '#support/receiver.ts'
import { AN_ASK, type Summary } from '#support/api.ts'
import { findBrokenLink } from '#core/row.ts'
import type { RequestId } from '#core/request-id.ts'

const instances = ['api', 'hook', 'timer', 'stop', 'two', 'dry', 'wipe', 'late'].map((name) => ({
  id: `i-bp1${name}0`,
  region: 'cn-hangzhou',
  name,
  tags: { team: name === 'wipe' ? 'scratch' : 'reporting', startgate: 'allowed' },
  startingMs: 300,
  ...(name === 'wipe' ? { localDisks: { amount: 1, capacityGb: 100 } } : {}),
}))

async function finalOf({ until, show }: Deployment, id: RequestId) {
  return until(`${id} is final`, async () => {
    const shown = await show(id)
    return shown.final ? shown : undefined
  })
}

function toldOf({ receiver }: Deployment, id: string, to: string): string[] {
  return receiver.told
    .filter(({ to: path, body }) => path === to && body.data['id'] === id)
    .map(({ body }) => String(body.data['state']))
}

// Each way alone: hints without the timers, timers without the hints.
describe.each([
  ['by hints alone', false],
  ['with every hint lost', true],
])('%s', (_name, lost) => {
  let deployment: Deployment

  beforeAll(async () => {
    deployment = await deploy({
      instances,
      timers: lost,
      policy: (document) => ({
        ...document,
        // The timer of s.yaml names this schedule.
        schedules: { example: { owner: 'alice', ask: { instanceId: 'i-bp1timer0', reason: 'Every workday' } } },
        rules: document.rules.map((rule) => ({
          ...rule,
          requesters: [...(rule['requesters'] as string[]).filter((name) => name !== 'nightly'), 'example'],
        })),
      }),
    })
    if (lost)
      deployment.cloud.spine.faults.add({
        service: 'fc',
        operation: 'InvokeFunction',
        times: null,
        fault: { kind: 'lost', applied: false },
      })
  })
  afterAll(async () => deployment.close())

  test.concurrent('asked over HTTPS, approved, started once, and told', async () => {
    const { ask, approve, show, receiver, cloud, until } = deployment
    const asked = await ask({ instanceId: 'i-bp1api0' })
    expect(asked.status).toBe(201)
    expect(asked.headers.get('location')).toBe(`/v1/start-requests/${asked.body.id}`)
    expect(asked.body).toMatchObject({ state: 'pending', review: `${deployment.origin}/r/${asked.body.id}` })
    expect((await show(asked.body.id)).view.facts).toContainEqual({
      key: 'instance',
      label: 'Instance',
      value: 'i-bp1api0',
    })
    expect((await approve(asked.body.id)).body.state).toBe('ready')

    const { state, view } = await finalOf(deployment, asked.body.id)
    expect(state).toBe('running')
    expect(view.timeline.map(({ who }) => who)).toEqual(expect.arrayContaining(['alice', 'bob', 'the starter']))
    expect(cloud.ecs.instances.starts('i-bp1api0')).toMatchObject([{ role: 'starter', initLocalDisk: false }])
    expect(cloud.ecs.instances.find('i-bp1api0')?.phase.status).toBe('Running')

    await until('the room has heard of it', () =>
      toldOf(deployment, asked.body.id, 'ops-room').includes('running') ? true : undefined,
    )
    const last = receiver.told.findLast(({ to, body }) => to === 'ops-room' && body.data['id'] === asked.body.id)
    if (last === undefined) throw new Error('nothing was told')
    verifyV1(last, RECEIVER_SECRET)
    const { keys } = (await deployment.call<{ keys: { x: string }[] }>('GET', '/.well-known/jwks.json')).body
    expect(isSignedV1a(last, keys[0] ?? { x: '' })).toBe(true)

    const { asks, runs } = await deployment.receipt(asked.body.id)
    expect(findBrokenLink(asks)).toBeUndefined()
    expect(findBrokenLink(runs)).toBeUndefined()
  })

  test.concurrent('asked by a signed webhook: two people must approve for a machine alone', async () => {
    const { askByWebhook, approve, show, cloud } = deployment
    const ask = { ...AN_ASK, instanceId: 'i-bp1hook0' }
    const asked = await askByWebhook(ask, CALLER_SECRET, 'msg_1')
    expect(asked.status).toBe(201)
    expect((await askByWebhook(ask, CALLER_SECRET, 'msg_1')).status).toBe(200)
    await approve(asked.body.id, 'bob')
    expect((await show(asked.body.id)).state).toBe('pending')
    await approve(asked.body.id, 'carol')
    expect((await finalOf(deployment, asked.body.id)).state).toBe('running')
    expect(cloud.ecs.instances.starts('i-bp1hook0')).toHaveLength(1)
  })

  test.concurrent('asked by a timer, on behalf of the owner of its schedule', async () => {
    const { functions, until, call, approve, show } = deployment
    functions.fireTimer('gate', 'ask-example')
    const day = new Date().toISOString().slice(0, 10)
    const id = await until('the timer has asked', async () => {
      const { body } = await call<{ items: (Summary & { instanceId: string })[] }>(
        'GET',
        `/v1/start-requests?day=${day}`,
        { as: 'carol' },
      )
      return body.items.find(({ instanceId }) => instanceId === 'i-bp1timer0')?.id
    })
    expect((await show(id)).proposal.request.requester).toEqual({
      principal: 'example',
      via: 'timer',
      onBehalfOf: 'alice',
    })
    await approve(id)
    expect((await finalOf(deployment, id)).state).toBe('running')
  })

  test.concurrent('denied: nothing starts, and the answer is "stopped"', async () => {
    const { ask, deny, approve, cloud } = deployment
    const { id } = (await ask({ instanceId: 'i-bp1stop0' })).body
    const denied = await deny(id)
    expect(denied.body).toMatchObject({ state: 'denied', outcome: 'stopped' })
    expect((await approve(id, 'carol')).status).toBe(409)
    expect(cloud.ecs.instances.starts('i-bp1stop0')).toEqual([])
  })

  test.concurrent('cancelled by who asked', async () => {
    const { ask, call } = deployment
    const { id } = (await ask({ instanceId: 'i-bp1late0' })).body
    const path = `/v1/start-requests/${id}/cancel`
    expect((await call('POST', path, { body: {}, as: 'bob' })).status).toBe(403)
    expect((await call('POST', path, { body: { reason: 'found another' }, as: 'alice' })).body).toMatchObject({
      state: 'cancelled',
      outcome: 'stopped',
    })
  })

  test.concurrent('a dry run goes all the way and starts nothing', async () => {
    const { ask, approve, cloud } = deployment
    const { id } = (await ask({ instanceId: 'i-bp1dry0', dryRun: true })).body
    await approve(id)
    expect((await finalOf(deployment, id)).state).toBe('dry_run_passed')
    expect(cloud.ecs.instances.starts('i-bp1dry0')).toEqual([])
  })

  test.concurrent('local disks are wiped only with two approvals', async () => {
    const { ask, approve, cloud } = deployment
    const { id } = (await ask({ instanceId: 'i-bp1wipe0', initLocalDisk: true })).body
    await approve(id, 'bob')
    expect((await approve(id, 'carol')).body.state).toBe('ready')
    expect((await finalOf(deployment, id)).state).toBe('running')
    expect(cloud.ecs.instances.starts('i-bp1wipe0')).toMatchObject([{ initLocalDisk: true }])
  })

  test('nobody is left in the open once all is told', async () => {
    const { until, cloud } = deployment
    await until('everything is told', () => (cloud.tablestore.rows('open').length === 0 ? true : undefined))
  })
})
