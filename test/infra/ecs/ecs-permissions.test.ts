import { beforeAll, expect, test } from 'vitest'
import { parsePolicy } from '#infra/local/ram-policy.ts'
import { sdk, thrownBy } from '#support/ecs-sdk.ts'
import { type LocalEcs, startEcs } from '#support/local-ecs.ts'

let local: LocalEcs

beforeAll(async () => {
  local = await startEcs()
  local.ecs.instances.add({ id: 'i-tagged', region: 'cn-hangzhou', tags: { startgate: 'allowed' } })
  local.ecs.instances.add({ id: 'i-untagged', region: 'cn-hangzhou' })
  local.ecs.instances.add({ id: 'i-otherwise', region: 'cn-hangzhou', tags: { startgate: 'no' } })
})

function start(instanceId: string) {
  return new sdk.StartInstanceRequest({ instanceId })
}

test('the gate cannot start', async () => {
  const error = await thrownBy(local.gate.startInstance(start('i-tagged')))

  expect(error).toMatchObject({ code: 'Forbidden.RAM', statusCode: 403 })
  expect(error.accessDeniedDetail).toMatchObject({
    AuthAction: 'ecs:StartInstance',
    AuthPrincipalType: 'AssumedRoleUser',
    AuthPrincipalOwnerId: local.spine.accountId,
    NoPermissionType: 'ImplicitDeny',
  })
  expect(local.ecs.instances.starts()).toEqual([])
})

test.each(['i-untagged', 'i-otherwise'])('the starter cannot start %s', async (id) => {
  const error = await thrownBy(local.starter.startInstance(start(id)))

  expect(error).toMatchObject({ code: 'Forbidden.RAM', statusCode: 403 })
})

test.each(['gate', 'starter'] as const)('the %s cannot stop', async (role) => {
  const error = await thrownBy(local[role].stopInstance(new sdk.StopInstanceRequest({ instanceId: 'i-tagged' })))

  expect(error).toMatchObject({ code: 'Forbidden.RAM' })
})

test('a refused call does not use up a planned fault', async () => {
  const id = local.spine.faults.add({ operation: 'StartInstance', fault: { kind: 'lost', applied: false } })

  await thrownBy(local.gate.startInstance(start('i-tagged')))

  expect(local.spine.faults.list()).toEqual([expect.objectContaining({ id, seen: 0, hits: 0 })])
  local.spine.faults.clear(id)
})

test('an explicit denial is named', async () => {
  local.spine.ram.setPolicy(
    'denied',
    parsePolicy({
      Version: '1',
      Statement: [
        { Effect: 'Allow', Action: 'ecs:*', Resource: '*' },
        { Effect: 'Deny', Action: 'ecs:StartInstance', Resource: '*' },
      ],
    }),
  )
  const client = local.clientFor(local.spine.credentials.issue('denied', { ttlMs: 60_000 }))

  const error = await thrownBy(client.startInstance(start('i-tagged')))

  expect(error.accessDeniedDetail).toMatchObject({ NoPermissionType: 'ExplicitDeny' })
})

test('whoever may not describe sees an empty list and no error', async () => {
  const client = local.clientFor(local.spine.credentials.issue('nobody', { ttlMs: 60_000 }))

  const { body } = await client.describeInstances(new sdk.DescribeInstancesRequest({ regionId: 'cn-hangzhou' }))

  expect(body).toMatchObject({ totalCount: 0, instances: { instance: [] } })
})

test('whoever may describe one instance sees that one', async () => {
  local.spine.ram.setPolicy(
    'narrow',
    parsePolicy({
      Version: '1',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'ecs:DescribeInstances',
          Resource: `acs:ecs:cn-hangzhou:${local.spine.accountId}:instance/i-tagged`,
        },
      ],
    }),
  )
  const client = local.clientFor(local.spine.credentials.issue('narrow', { ttlMs: 60_000 }))

  const { body } = await client.describeInstances(new sdk.DescribeInstancesRequest({ regionId: 'cn-hangzhou' }))

  expect(body?.instances?.instance?.map(({ instanceId }) => instanceId)).toEqual(['i-tagged'])
})
