// Every grant of the two roles is needed: without it something breaks that works with it. And nothing more is granted.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LOCAL_NAMES } from '#infra/local/create-spine.ts'
import { readRolePolicies, type Role } from '#infra/local/ram-policy.ts'
import { deploy, type Deployment } from '#support/deployment.ts'
import { createEcsClient, sdk as ecsSdk, thrownBy } from '#support/ecs-sdk.ts'
import { issueFor } from '#support/local-cloud.ts'
import { grantsOf, withoutAction } from '#support/ram.ts'
import { createProbes, tablesOf, type Probe } from '#support/role-probes.ts'
import { ignore, long, refusalOf } from '#support/tablestore-sdk.ts'

const policies = readRolePolicies(LOCAL_NAMES)
const INSTANCES = Array.from({ length: 100 }, (_, n) => `i-bp1role${String(n).padStart(3, '0')}`)

let cloud: Deployment
const free = [...INSTANCES]
const takeInstance = (): string => free.shift() ?? ''
const PROBES = createProbes(() => cloud, takeInstance)

beforeAll(async () => {
  const tags = { team: 'reporting', startgate: 'allowed' }
  const instances = INSTANCES.map((id) => ({ id, region: 'cn-hangzhou', tags, startingMs: 0 }))
  // Nothing here waits for time to pass: the functions are invoked by the tests.
  cloud = await deploy({ instances, timers: false, timeScale: 1 })
})
afterAll(async () => cloud.close())

function resourceOf({ role, action, on }: Pick<Probe, 'role' | 'action' | 'on'>): string {
  const found = grantsOf(policies[role]).filter((grant) => grant.action === action && grant.resource.endsWith(on))
  if (found.length !== 1) throw new Error(`${role}.json does not grant ${action} on ${on} exactly once`)
  return found[0]?.resource ?? ''
}

function toTitle({ role, action, on, what }: Probe): string {
  return `${action} on ${on} for the ${role}: ${what}`
}

test('there is a probe for every grant, and no other', () => {
  const granted = (['gate', 'starter'] as const).flatMap((role) =>
    grantsOf(policies[role]).map(({ action, resource }) => `${role} ${action} ${resource}`),
  )
  const probed = PROBES.map((probe) => `${probe.role} ${probe.action} ${resourceOf(probe)}`)
  expect(probed.toSorted()).toEqual(granted.toSorted())
})

describe('without', () => {
  test.each(PROBES.map((probe) => [toTitle(probe), probe] as const))('%s', async (_title, probe) => {
    const { role, action, given = async () => ({ id: 'req_', instanceId: '' }) as const, works } = probe
    const { ram, faults } = cloud.cloud.spine
    const [before, after] = [await given(), await given()]
    ram.setPolicy(role, withoutAction(policies[role], action, resourceOf(probe)))
    try {
      expect(await works(before)).toBe(false)
    } finally {
      ram.setPolicy(role, policies[role])
      faults.clear()
      await cloud.functions.idle()
    }
    expect(await works(after)).toBe(true)
    await cloud.functions.idle()
  })
})

describe('not granted', () => {
  const column = { attributeColumns: [{ type: 'attempted' }], condition: ignore() }
  const asksKey = [{ request: `req_${'0'.repeat(32)}` }, { seq: long(1) }]
  const runsKey = [{ digest: '0'.repeat(64) }, { n: long(1) }]
  const start = async (role: Role, instanceId: string) => {
    const { host } = new URL(cloud.cloud.endpoints.ecs['cn-hangzhou'] ?? '')
    const client = createEcsClient(host, issueFor(cloud.cloud, role))
    return client.startInstance(new ecsSdk.StartInstanceRequest({ instanceId }))
  }

  test('the gate can neither start an instance nor put a run', async () => {
    const instanceId = takeInstance()
    expect(await thrownBy(start('gate', instanceId))).toMatchObject({ code: 'Forbidden.RAM' })
    expect(cloud.cloud.ecs.instances.starts(instanceId)).toEqual([])
    const put = tablesOf(cloud, 'gate').putRow({ ...column, tableName: 'runs', primaryKey: runsKey })
    expect((await refusalOf(put)).code).toBe('OTSNoPermissionAccess')
    await start('starter', instanceId)
    expect(cloud.cloud.ecs.instances.starts(instanceId)).toHaveLength(1)
  })

  test('the starter can put neither an ask nor a pointer, and starts nothing that is not tagged for it', async () => {
    const puts = [
      { tableName: 'asks', primaryKey: asksKey },
      { tableName: 'open', primaryKey: [{ shard: '0' }, { request: `req_${'0'.repeat(32)}` }] },
    ].map(async (row) => refusalOf(tablesOf(cloud, 'starter').putRow({ ...column, ...row })))
    expect((await Promise.all(puts)).map(({ code }) => code)).toEqual([
      'OTSNoPermissionAccess',
      'OTSNoPermissionAccess',
    ])
    const instanceId = takeInstance()
    cloud.cloud.ecs.instances.change(instanceId, { tags: { team: 'reporting' } })
    expect(await thrownBy(start('starter', instanceId))).toMatchObject({ code: 'Forbidden.RAM' })
    await tablesOf(cloud, 'starter').putRow({ ...column, tableName: 'runs', primaryKey: runsKey })
  })

  test.each(['gate', 'starter'] as const)('no row of a book can be removed by the %s', async (role) => {
    for (const [tableName, primaryKey] of [
      ['asks', asksKey],
      ['runs', runsKey],
    ] as const) {
      const removed = tablesOf(cloud, role).deleteRow({ tableName, primaryKey, condition: ignore() })
      expect((await refusalOf(removed)).code).toBe('OTSNoPermissionAccess')
    }
  })
})
