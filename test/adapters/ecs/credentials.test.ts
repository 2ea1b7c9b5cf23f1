// Credentials are taken anew for every call, and a call that they were refused for is not repeated with them.
import { expect, it } from 'vitest'
import { createInstanceLooks } from '#adapters/ecs/looks.ts'
import { createInstanceStarts } from '#adapters/ecs/starts.ts'
import { DURATIONS } from '#core/durations.ts'
import { issueFor, startLocalCloud } from '#support/local-cloud.ts'

const cloud = await startLocalCloud()
const { spine, ecs, endpoints } = cloud
const { accountId, region: regionId } = spine
const fresh = issueFor(cloud, 'starter')
const STALE = [
  ['that have expired', spine.credentials.issue('starter', { ttlMs: -1 }), 'InvalidSecurityToken.Expired'],
  [
    'with the token of others',
    { ...fresh, securityToken: issueFor(cloud, 'starter').securityToken ?? '' },
    'InvalidSecurityToken.MismatchWithAccessKey',
  ],
  ['that nobody knows', { ...fresh, accessKeyId: 'STS.unknown' }, 'InvalidAccessKeyId.NotFound'],
] as const

/** Is handed stale ones first, and fresh ones from then on. */
function createStaleFirst(stale: typeof fresh) {
  let asked = 0
  const credentials = () => {
    asked += 1
    return asked === 1 ? stale : fresh
  }
  const options = {
    endpoint: new URL(endpoints.ecs[regionId] ?? '').host,
    accountId,
    credentials,
    durations: DURATIONS,
  }
  return { starts: createInstanceStarts(options), looks: createInstanceLooks(options), asked: () => asked }
}

it.each(STALE)('a start with credentials %s is refused once; the next call takes new ones', async (_, stale, code) => {
  const instanceId = `i-bp1stale${STALE.findIndex((each) => each[1] === stale)}`
  ecs.instances.add({ id: instanceId, region: regionId, tags: { startgate: 'allowed' } })
  const { starts, asked } = createStaleFirst(stale)
  const call = { accountId, regionId, instanceId, initLocalDisk: false, dryRun: false, request: 'req_5' }

  expect(await starts.start(call)).toMatchObject({ kind: 'answered', answer: { code } })
  expect([asked(), ecs.instances.starts(instanceId)]).toEqual([1, []])
  expect(await starts.start(call)).toMatchObject({ kind: 'accepted' })
  expect([asked(), ecs.instances.starts(instanceId)]).toMatchObject([2, [{ role: 'starter' }]])
})

it.each(STALE)('a look with credentials %s is a fault; the next call takes new ones', async (_, stale) => {
  const { looks, asked } = createStaleFirst(stale)

  await expect(looks.look(regionId, ['i-bp1unknown'])).rejects.toMatchObject({ why: { kind: 'answered' } })
  expect((await looks.look(regionId, ['i-bp1unknown'])).size).toBe(0)
  expect(asked()).toBe(2)
})
