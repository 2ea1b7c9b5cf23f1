// What a role may do with instances is found out without starting one.
import { beforeEach, describe, expect, it } from 'vitest'
import { createLookProbe, createStartProbe } from '#adapters/ecs/probe.ts'
import { DURATIONS, type Durations } from '#core/durations.ts'
import type { Fault } from '#infra/local/spine.ts'
import { issueFor, startLocalCloud } from '#support/local-cloud.ts'

const [TAGGED, UNTAGGED] = ['i-bp1tagged', 'i-bp1plain']
const cloud = await startLocalCloud({
  instances: [
    { id: TAGGED, region: 'cn-hangzhou', tags: { startgate: 'allowed' } },
    { id: UNTAGGED, region: 'cn-hangzhou' },
  ],
})
const { spine, ecs, endpoints } = cloud
const regionId = spine.region

function optionsOf(role: 'gate' | 'starter', given: Partial<Durations> = {}) {
  const credentials = issueFor(cloud, role)
  const endpoint = new URL(endpoints.ecs[regionId] ?? '').host
  return { endpoint, accountId: spine.accountId, credentials: () => credentials, durations: { ...DURATIONS, ...given } }
}

beforeEach(() => spine.faults.clear())

describe('a start', () => {
  const tryStart = (role: 'gate' | 'starter', instanceId: string, given: Partial<Durations> = {}) =>
    createStartProbe(optionsOf(role, given)).try({ regionId, instanceId })

  it('is tried by a dry run alone', async () => {
    expect(await tryStart('starter', TAGGED)).toEqual({ is: 'done' })
    expect(await tryStart('starter', UNTAGGED)).toEqual({ is: 'forbidden', code: 'Forbidden.RAM' })
    expect(await tryStart('gate', TAGGED)).toEqual({ is: 'forbidden', code: 'Forbidden.RAM' })
    expect(await tryStart('gate', 'i-bp1nothing')).toEqual({ is: 'other', code: 'InvalidInstanceId.NotFound' })
    expect([TAGGED, UNTAGGED].flatMap((id) => ecs.instances.starts(id))).toEqual([])
    const starts = spine.operations.since().filter(({ operation }) => operation === 'StartInstance')
    expect(starts).toHaveLength(4)
    expect(starts.filter(({ subject }) => !subject.endsWith('(dry run)'))).toEqual([])
  })

  it.each<[string, Fault, string]>([
    ['an error', { kind: 'error', status: 503, code: 'ServiceUnavailable' }, 'ServiceUnavailable'],
    ['a reset', { kind: 'lost', applied: false }, 'ECONNRESET'],
  ])('that is answered with %s says nothing about permissions', async (_, fault, code) => {
    spine.faults.add({ operation: 'StartInstance', fault })
    expect(await tryStart('starter', TAGGED)).toEqual({ is: 'other', code })
  })

  it('that is not answered in time says nothing either', async () => {
    spine.faults.add({ operation: 'StartInstance', fault: { kind: 'delayed', ms: 1000, before: true } })
    expect(await tryStart('starter', TAGGED, { startDeadline: 50 })).toEqual({ is: 'other', code: 'Deadline' })
  })
})

describe('a look', () => {
  const tryLook = () => createLookProbe(optionsOf('gate')).try(regionId, [TAGGED, 'i-bp1nothing'])

  it('says which instances are visible', async () => {
    expect(await tryLook()).toEqual({ tried: { is: 'done' }, visible: [TAGGED] })
  })

  it.each<[string, string, string]>([
    ['that is refused', 'Forbidden.RAM', 'forbidden'],
    ['that fails', 'ServiceUnavailable', 'other'],
  ])('%s is told apart from one that shows nothing', async (_, code, is) => {
    spine.faults.add({ operation: 'DescribeInstances', fault: { kind: 'error', status: 403, code } })
    expect(await tryLook()).toEqual({ tried: { is, code }, visible: [] })
  })
})
