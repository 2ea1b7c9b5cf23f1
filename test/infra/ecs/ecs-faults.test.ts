import { beforeEach, beforeAll, expect, test } from 'vitest'
import type { Fault } from '#infra/local/spine.ts'
import { sdk, thrownBy } from '#support/ecs-sdk.ts'
import { type LocalEcs, startEcs } from '#support/local-ecs.ts'

let local: LocalEcs
let lastId = 0
let id = ''

beforeAll(async () => {
  local = await startEcs()
})

beforeEach(() => {
  lastId += 1
  id = `i-fault${lastId}`
  local.ecs.instances.add({ id, region: 'cn-hangzhou', tags: { startgate: 'allowed' } })
})

async function startWith(fault: Fault) {
  local.spine.faults.add({ operation: 'StartInstance', subject: id, fault })
  return await thrownBy(local.starter.startInstance(new sdk.StartInstanceRequest({ instanceId: id })))
}

function effects(): number {
  return local.ecs.instances.starts(id).length
}

function lastOperation() {
  return local.spine.operations.since().at(-1)
}

test('a request is lost before it is carried out', async () => {
  expect(await startWith({ kind: 'lost', applied: false })).toMatchObject({ code: 'ECONNRESET' })
  expect(effects()).toBe(0)
})

test('an answer is lost after the start took effect', async () => {
  expect(await startWith({ kind: 'lost', applied: true })).toMatchObject({ code: 'ECONNRESET' })
  expect(effects()).toBe(1)
  expect(lastOperation()).toMatchObject({ operation: 'StartInstance', subject: id, status: 0, fault: 'lost' })
})

test('an answer ends in the middle', async () => {
  const error = await startWith({ kind: 'truncated', stall: false })

  expect(error).toMatchObject({ code: 'ECONNRESET' })
  expect(effects()).toBe(1)
})

test('throttling carries nothing out', async () => {
  const error = await startWith({ kind: 'error', status: 503, code: 'Throttling', message: 'too many' })

  expect(error).toMatchObject({ name: 'ThrottlingError', code: 'Throttling', statusCode: 503 })
  expect(effects()).toBe(0)
})

test('a server error before the start', async () => {
  expect(await startWith({ kind: 'error', status: 500, code: 'InternalError' })).toMatchObject({
    name: 'ServerError',
    code: 'InternalError',
    statusCode: 500,
  })
  expect(effects()).toBe(0)
})

test('a server error after the start', async () => {
  expect(await startWith({ kind: 'error', status: 503, code: 'ServiceUnavailable', applied: true })).toMatchObject({
    code: 'ServiceUnavailable',
    statusCode: 503,
  })
  expect(effects()).toBe(1)
})

test.each([true, false])('a gateway answers HTML; carried out: %s', async (applied) => {
  const error = await startWith({ kind: 'html', status: 502, applied })

  expect(error.name).toBe('SyntaxError')
  expect(error.statusCode).toBeUndefined()
  expect(effects()).toBe(applied ? 1 : 0)
})

test('an answer comes after the caller gave up', async () => {
  local.spine.faults.add({ subject: id, fault: { kind: 'delayed', ms: 60_000, before: false } })
  const impatient = local.clientFor(local.spine.credentials.issue('starter', { ttlMs: 60_000 }), 300)

  const error = await thrownBy(impatient.startInstance(new sdk.StartInstanceRequest({ instanceId: id })))

  expect(error.name).toBe('RequestTimeoutError')
  await expect.poll(effects).toBe(1)
})
