import { beforeAll, expect, test } from 'vitest'
import { sdk, thrownBy } from '#support/ecs-sdk.ts'
import { type LocalEcs, startEcs } from '#support/local-ecs.ts'

let local: LocalEcs

beforeAll(async () => {
  local = await startEcs()
  const { instances } = local.ecs
  instances.add({
    id: 'i-full',
    region: 'cn-shanghai',
    zone: 'cn-shanghai-l',
    name: 'billing',
    type: 'ecs.i2.xlarge',
    imageId: 'img-1',
    chargeType: 'PrePaid',
    createdAt: Date.UTC(2025, 5, 1),
    startedAt: Date.UTC(2026, 0, 1, 8, 30, 59),
    expiresAt: Date.UTC(2030, 0, 1),
    stoppedMode: 'StopCharging',
    locks: [{ reason: 'financial', message: 'overdue' }],
    tags: { startgate: 'allowed', team: 'ops' },
    localDisks: { amount: 1, capacityGb: 894 },
  })
  for (let n = 10; n < 35; n += 1) instances.add({ id: `i-many${n}`, region: 'cn-hangzhou' })
})

async function describe(request: ConstructorParameters<typeof sdk.DescribeInstancesRequest>[0]) {
  const { body } = await local.gate.describeInstances(new sdk.DescribeInstancesRequest(request))
  if (body === undefined) throw new Error('no body')
  return body
}

test('an instance has the fields of the real API', async () => {
  const { instances } = await describe({ regionId: 'cn-shanghai', instanceIds: '["i-full"]' })

  expect(instances?.instance?.[0]).toMatchObject({
    instanceId: 'i-full',
    instanceName: 'billing',
    regionId: 'cn-shanghai',
    zoneId: 'cn-shanghai-l',
    instanceType: 'ecs.i2.xlarge',
    instanceTypeFamily: 'ecs.i2',
    imageId: 'img-1',
    instanceChargeType: 'PrePaid',
    status: 'Stopped',
    stoppedMode: 'StopCharging',
    creationTime: '2025-06-01T00:00Z',
    startTime: '2026-01-01T08:30Z',
    expiredTime: '2030-01-01T00:00Z',
    operationLocks: { lockReason: [{ lockReason: 'financial', lockMsg: 'overdue' }] },
    tags: {
      tag: [
        { tagKey: 'startgate', tagValue: 'allowed' },
        { tagKey: 'team', tagValue: 'ops' },
      ],
    },
    localStorageAmount: 1,
    localStorageCapacity: 894,
  })
})

test('instances of another region are not listed', async () => {
  const { totalCount } = await describe({ regionId: 'cn-hangzhou', instanceIds: '["i-full"]' })

  expect(totalCount).toBe(0)
})

test('ids are looked up in one call, and unknown ones are left out', async () => {
  const { instances } = await describe({
    regionId: 'cn-hangzhou',
    instanceIds: JSON.stringify(['i-many12', 'i-none', 'i-many10']),
  })

  expect(instances?.instance?.map(({ instanceId }) => instanceId)).toEqual(['i-many10', 'i-many12'])
})

test('names are looked up as they are written, with * for anything', async () => {
  const named = async (instanceName: string) => {
    const { instances } = await describe({ regionId: 'cn-shanghai', instanceName })
    return instances?.instance?.map(({ instanceId }) => instanceId)
  }

  expect(await named('billing')).toEqual(['i-full'])
  expect(await named('bill*')).toEqual(['i-full'])
  expect(await named('bill')).toEqual([])
  expect(await named('bill.ng')).toEqual([])
})

test('a page holds ten unless told otherwise', async () => {
  const first = await describe({ regionId: 'cn-hangzhou' })
  const large = await describe({ regionId: 'cn-hangzhou', pageSize: 100 })

  expect([first.totalCount, first.pageSize, first.instances?.instance?.length]).toEqual([25, 10, 10])
  expect([large.nextToken, large.instances?.instance?.length]).toEqual(['', 25])
})

test('tokens lead through all pages', async () => {
  const first = await describe({ regionId: 'cn-hangzhou', maxResults: 20 })
  const second = await describe({ regionId: 'cn-hangzhou', maxResults: 20, nextToken: first.nextToken ?? '' })

  expect(first.instances?.instance).toHaveLength(20)
  expect(second.instances?.instance?.map(({ instanceId }) => instanceId)).toEqual(
    [30, 31, 32, 33, 34].map((n) => `i-many${n}`),
  )
  expect(second.nextToken).toBe('')
})

test('page numbers lead through all pages', async () => {
  const third = await describe({ regionId: 'cn-hangzhou', pageNumber: 3 })

  expect([third.pageNumber, third.instances?.instance?.length]).toEqual([3, 5])
})

test('a status filters by what is described', async () => {
  local.ecs.instances.change('i-many20', { status: 'Running' })

  const { instances } = await describe({ regionId: 'cn-hangzhou', status: 'Running' })

  expect(instances?.instance?.map(({ instanceId }) => instanceId)).toEqual(['i-many20'])
})

test('a stale look shows the state before the start', async () => {
  local.ecs.instances.add({
    id: 'i-stale',
    region: 'cn-beijing',
    tags: { startgate: 'allowed' },
    describeLagMs: 60_000,
  })
  const beijing = await local.clientIn('cn-beijing')

  await beijing.startInstance(new sdk.StartInstanceRequest({ instanceId: 'i-stale' }))

  const { instances } = await describe({ regionId: 'cn-beijing' })
  expect(instances?.instance?.[0]?.status).toBe('Stopped')
  expect(local.ecs.instances.find('i-stale')?.phase.status).toBe('Starting')
})

test.each([
  ['no region', {}, 'MissingParameter'],
  ['ids that are not JSON', { regionId: 'cn-hangzhou', instanceIds: 'i-1' }, 'InvalidInstanceIds.Malformed'],
  [
    'more than 100 ids',
    { regionId: 'cn-hangzhou', instanceIds: JSON.stringify(Array.from({ length: 101 }, (_, n) => `i-${n}`)) },
    'InvalidInstanceIds.Malformed',
  ],
  ['a page that is too large', { regionId: 'cn-hangzhou', pageSize: 101 }, 'InvalidParameter'],
  ['a token of its own making', { regionId: 'cn-hangzhou', nextToken: 'zzz' }, 'InvalidParameter'],
  ['a filter that is not served', { regionId: 'cn-hangzhou', vpcId: 'vpc-1' }, 'InvalidParameter'],
])('%s is refused', async (_, request, code) => {
  const error = await thrownBy(local.gate.describeInstances(new sdk.DescribeInstancesRequest(request)))

  expect(error).toMatchObject({ code, statusCode: 400 })
})
