// Everything at once, a hundred times: a request approved twice, hinted twice and swept is started once.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RequestId } from '#core/request-id.ts'
import { deploy, type Deployment } from '#support/deployment.ts'

const ROUNDS = 100
const instances = ['race', 'deny'].flatMap((kind) =>
  Array.from({ length: kind === 'race' ? ROUNDS : 50 }, (_, n) => ({
    id: `i-bp1${kind}${String(n).padStart(3, '0')}`,
    region: 'cn-hangzhou',
    tags: { team: 'reporting', startgate: 'allowed' },
    startingMs: 0,
  })),
)

describe('on the local cloud', () => {
  let deployment: Deployment
  beforeAll(async () => {
    // Timers would only add to the races; the sweeps are fired here.
    deployment = await deploy({ instances, timers: false })
  })
  afterAll(async () => deployment.close())

  const hint = async (id: RequestId): Promise<void> => {
    await deployment.functions.invoke('starter', { hint: id })
  }

  test('approved twice at once, hinted twice and swept at once: started once', { timeout: 120_000 }, async () => {
    const { ask, sign, decide, functions, cloud, show, until } = deployment
    const mark = cloud.spine.operations.mark()
    for (const { id: instanceId } of instances.slice(0, ROUNDS)) {
      const { id } = (await ask({ instanceId })).body
      // Held for a moment before it is carried out, so that the starters that are at it meet at one number.
      const { digest } = await show(id)
      const held = { operation: 'PutRow', role: 'starter', subject: `${digest}, 1)`, times: null } as const
      cloud.spine.faults.add({ ...held, fault: { kind: 'delayed', ms: 50, before: true } })
      const tokens = await Promise.all([sign('bob', 'approve', id), sign('carol', 'approve', id)])
      const approvals = Promise.all(tokens.map(async (token) => decide(id, 'approve', token)))
      functions.fireTimer('starter', 'sweep')
      // One approval is enough: the other may find that it runs already.
      const statuses = (await approvals).map(({ status }) => status)
      expect(statuses).toContain(200)
      expect([200, 409]).toEqual(expect.arrayContaining(statuses))
      await Promise.all([hint(id), hint(id)])
      await functions.idle()
      await until(`${id} runs`, async () => {
        if ((await show(id)).state === 'running') return true
        // Whoever won may have been the first sweep, which does not stay to see it run.
        functions.fireTimer('starter', 'sweep')
        await functions.idle()
        return undefined
      })
      expect(cloud.ecs.instances.starts(instanceId)).toHaveLength(1)
    }
    const starterPuts = cloud.spine.operations
      .since(mark)
      .filter(({ service, operation, role }) => service === 'ots' && operation === 'PutRow' && role === 'starter')
    const met = starterPuts.filter(({ code, subject }) => code === 'OTSConditionCheckFail' && subject.endsWith(', 1)'))
    expect(new Set(met.map(({ subject }) => subject)).size).toBeGreaterThanOrEqual(ROUNDS / 2)
    const calls = cloud.spine.operations.since(mark).filter(({ operation }) => operation === 'StartInstance')
    expect(calls).toHaveLength(ROUNDS)
  })

  test('denied at the same instant: never "stopped" followed by a start', { timeout: 120_000 }, async () => {
    const { ask, approve, sign, decide, functions, cloud, show, until } = deployment
    const outcomes = { stopped: 0, too_late: 0 }
    for (const { id: instanceId } of instances.slice(ROUNDS)) {
      const { id } = (await ask({ instanceId })).body
      cloud.spine.faults.add({ service: 'fc', subject: 'starter', fault: { kind: 'lost', applied: false } })
      await approve(id)
      const denial = await sign('carol', 'deny', id, 'not today')
      const [denied] = await Promise.all([decide(id, 'deny', denial), hint(id)])
      await functions.idle()
      functions.fireTimer('starter', 'sweep')
      functions.fireTimer('gate', 'tell')
      const { state } = await until(`${id} is final`, async () => {
        const shown = await show(id)
        return shown.final ? shown : undefined
      })
      const started = cloud.ecs.instances.starts(instanceId).length
      if (denied.body.outcome === 'stopped') {
        outcomes.stopped += 1
        expect({ state, started }).toEqual({ state: 'denied', started: 0 })
      } else {
        outcomes.too_late += 1
        expect({ state, started }).toEqual(
          state === 'denied' ? { state, started: 0 } : { state: 'running', started: 1 },
        )
      }
    }
    // Both happen, or it was no race.
    expect(Math.min(outcomes.stopped, outcomes.too_late)).toBeGreaterThan(0)
  })
})
