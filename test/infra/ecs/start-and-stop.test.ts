import { beforeAll, expect, test } from 'vitest'
import { COMMON_ERRORS } from '#infra/local/ecs/common-errors.ts'
import { START_INSTANCE_ERRORS } from '#infra/local/ecs/errors.ts'
import type { InstanceInput } from '#infra/local/ecs/instance-definition.ts'
import { sdk, thrownBy } from '#support/ecs-sdk.ts'
import { type LocalEcs, startEcs } from '#support/local-ecs.ts'

const MINUTE = 60_000

let local: LocalEcs
let lastId = 0

beforeAll(async () => {
  local = await startEcs()
})

/** Each test has an instance of its own; the starter may start it. */
function add(definition: Partial<InstanceInput> = {}): string {
  lastId += 1
  const id = `i-start${lastId}`
  local.ecs.instances.add({ id, region: 'cn-hangzhou', tags: { startgate: 'allowed' }, ...definition })
  return id
}

function request(instanceId: string, more: { dryRun?: boolean; initLocalDisk?: boolean } = {}) {
  return new sdk.StartInstanceRequest({ instanceId, ...more })
}

test('a stopped instance is starting at once', async () => {
  const id = add()

  const { body, statusCode } = await local.starter.startInstance(request(id))

  expect(statusCode).toBe(200)
  expect(body).toEqual({ requestId: expect.stringMatching(/^[0-9A-F-]{36}$/) })
  expect(local.ecs.instances.find(id)?.phase.status).toBe('Starting')
  expect(local.ecs.instances.starts(id)).toEqual([
    expect.objectContaining({ instanceId: id, role: 'starter', requestId: body?.requestId, initLocalDisk: false }),
  ])
})

test('of two starts at the same time one has an effect', async () => {
  const id = add()

  const settled = await Promise.allSettled([
    local.starter.startInstance(request(id)),
    local.starter.startInstance(request(id)),
  ])

  expect(settled.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(local.ecs.instances.starts(id)).toHaveLength(1)
})

test.each(['Pending', 'Starting', 'Running', 'Stopping'] as const)(
  'an instance that is %s is refused',
  async (status) => {
    const id = add({ status })

    const error = await thrownBy(local.starter.startInstance(request(id)))

    expect(error).toMatchObject({ name: 'ClientError', code: 'IncorrectInstanceStatus', statusCode: 403 })
    expect(local.ecs.instances.starts(id)).toEqual([])
  },
)

test('an instance locked for security is refused, and another lock is only shown', async () => {
  const locked = add({ locks: [{ reason: 'security' }] })
  const unpaid = add({ locks: [{ reason: 'financial' }] })

  expect(await thrownBy(local.starter.startInstance(request(locked)))).toMatchObject({
    code: 'InstanceLockedForSecurity',
    statusCode: 403,
  })
  await local.starter.startInstance(request(unpaid))
  expect(local.ecs.instances.starts(unpaid)).toHaveLength(1)
})

test.each([
  ['PrePaid', 'The prePaid instance has been expired.'],
  ['PostPaid', 'The postPaid instance has been expired.Please ensure your account have enough balance.'],
] as const)('an expired %s instance is refused', async (chargeType, message) => {
  const id = add({ chargeType, expiresAt: local.spine.now() - 1 })

  const error = await thrownBy(local.starter.startInstance(request(id)))

  expect(error).toMatchObject({ code: 'InstanceExpired', statusCode: 403, data: { Message: message } })
})

test('to the endpoint of another region the instance does not exist', async () => {
  const id = add()
  const elsewhere = await local.clientIn('cn-shanghai')

  const error = await thrownBy(elsewhere.startInstance(request(id)))

  expect(error).toMatchObject({ code: 'InvalidInstanceId.NotFound', statusCode: 404 })
  expect(local.ecs.instances.find(id)?.phase.status).toBe('Stopped')
})

test('an error has the documented body', async () => {
  const error = await thrownBy(local.starter.startInstance(request('i-nowhere')))

  expect(error.data).toEqual({
    RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
    HostId: local.endpoint,
    Code: 'InvalidInstanceId.NotFound',
    Message: 'The specified InstanceId does not exist.',
    Recommend: expect.stringMatching(/^https:\/\/api\.aliyun\.com\/troubleshoot\?q=InvalidInstanceId\.NotFound&/),
  })
})

test('a dry run checks the permission, not the state, and starts nothing', async () => {
  const running = add({ status: 'Running' })
  const foreign = add({ tags: {} })

  expect(await thrownBy(local.starter.startInstance(request(running, { dryRun: true })))).toMatchObject({
    code: 'DryRunOperation',
    statusCode: 400,
  })
  expect(await thrownBy(local.starter.startInstance(request(foreign, { dryRun: true })))).toMatchObject({
    code: 'Forbidden.RAM',
  })
  expect(local.ecs.instances.starts(running)).toEqual([])
})

test('what InitLocalDisk wipes is recorded', async () => {
  const withDisks = add({ type: 'ecs.i2.xlarge', localDisks: { amount: 2, capacityGb: 894 } })
  const without = add()

  await local.starter.startInstance(request(withDisks, { initLocalDisk: true }))
  await local.starter.startInstance(request(without, { initLocalDisk: true }))

  expect(local.ecs.instances.starts(withDisks)).toMatchObject([{ initLocalDisk: true, localDisksWiped: true }])
  expect(local.ecs.instances.starts(without)).toMatchObject([{ initLocalDisk: true, localDisksWiped: false }])
})

test('a parameter that is neither true nor false is refused', async () => {
  const error = await thrownBy(
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a caller without types would send
    local.starter.startInstance(request(add(), { dryRun: 'yes' as unknown as boolean })),
  )

  expect(error).toMatchObject({ code: 'InvalidParameter', statusCode: 400 })
})

test('no instance id is refused', async () => {
  const error = await thrownBy(local.starter.startInstance(new sdk.StartInstanceRequest({})))

  expect(error).toMatchObject({ code: 'MissingParameter', statusCode: 400 })
})

test.each(
  [...START_INSTANCE_ERRORS, ...COMMON_ERRORS].map((error) => [`${error.status} ${error.code}`, error] as const),
)('the next start answers %s when told to', async (_, error) => {
  const id = add({ startErrors: [error] })

  const thrown = await thrownBy(local.starter.startInstance(request(id)))

  expect(thrown).toMatchObject({
    code: error.code,
    statusCode: error.status,
    data: { Code: error.code, Message: error.message },
  })
  expect(local.ecs.instances.starts(id)).toEqual([])
  await local.starter.startInstance(request(id))
  expect(local.ecs.instances.starts(id)).toHaveLength(1)
})

test('an error may come as often as wanted, and after the start took effect', async () => {
  const internal = { code: 'InternalError', status: 500, message: 'unknown' }
  const twice = add({ startErrors: [{ ...internal, times: 2 }] })
  const always = add({ startErrors: [{ ...internal, times: null }] })
  const applied = add({ startErrors: [{ ...internal, applied: true }] })
  const attempt = async (id: string) => (await thrownBy(local.starter.startInstance(request(id)))).code

  expect([await attempt(twice), await attempt(twice)]).toEqual(['InternalError', 'InternalError'])
  await local.starter.startInstance(request(twice))
  expect([await attempt(always), await attempt(always), await attempt(always)]).not.toContain(undefined)
  expect(await attempt(applied)).toBe('InternalError')
  expect(await attempt(applied)).toBe('IncorrectInstanceStatus')
  expect(local.ecs.instances.starts(applied)).toHaveLength(1)
})

test('throttling carries the time to wait', async () => {
  const throttled = { code: 'Throttling.User', status: 400, message: 'slow down', retryAfterMs: 1500 }
  const id = add({ startErrors: [throttled] })

  const error = await thrownBy(local.starter.startInstance(request(id)))

  expect(error).toMatchObject({ name: 'ThrottlingError', retryAfter: 1500 })
})

test('credentials expire in the middle of things', async () => {
  const credentials = local.spine.credentials.issue('starter', { ttlMs: MINUTE })
  const client = local.clientFor(credentials)
  local.spine.credentials.expire(credentials.accessKeyId)

  const error = await thrownBy(client.startInstance(request(add())))

  expect(error).toMatchObject({ code: 'InvalidSecurityToken.Expired', statusCode: 400 })
})

function stop(instanceId: string, stoppedMode?: string) {
  const mode = stoppedMode === undefined ? {} : { stoppedMode }
  return local.operator.stopInstance(new sdk.StopInstanceRequest({ instanceId, ...mode }))
}

test('a running instance is stopping at once, and stops in the mode asked for', async () => {
  local.ecs.instances.add({ id: 'i-run', region: 'cn-hangzhou', status: 'Running', stoppingMs: 20_000 })

  await stop('i-run', 'StopCharging')

  expect(local.ecs.instances.find('i-run')?.phase.status).toBe('Stopping')
  local.spine.clock.setOffset(20_000)
  expect(local.ecs.instances.find('i-run')?.phase).toMatchObject({ status: 'Stopped', stoppedMode: 'StopCharging' })
  local.spine.clock.setOffset(0)
})

test('a stopped instance is refused', async () => {
  local.ecs.instances.add({ id: 'i-stop', region: 'cn-hangzhou' })

  expect(await thrownBy(stop('i-stop'))).toMatchObject({ code: 'IncorrectInstanceStatus', statusCode: 403 })
})

test('an unknown instance and an unknown mode are refused', async () => {
  expect(await thrownBy(stop('i-none'))).toMatchObject({ code: 'InvalidInstanceId.NotFound', statusCode: 404 })
  expect(await thrownBy(stop('i-stop', 'Halfway'))).toMatchObject({ code: 'InvalidParameter' })
})

test('an operation that is not served is not found', async () => {
  const error = await thrownBy(local.operator.rebootInstance(new sdk.RebootInstanceRequest({ instanceId: 'i-stop' })))

  expect(error).toMatchObject({ code: 'InvalidAction.NotFound', statusCode: 404 })
})
