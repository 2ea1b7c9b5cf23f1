import http from 'node:http'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type LocalCloud, createLocalCloud } from '#infra/local/cloud.ts'

let cloud: LocalCloud

beforeAll(async () => {
  cloud = await createLocalCloud({ tables: false })
})
afterAll(async () => {
  await cloud.close()
})
beforeEach(() => {
  cloud.spine.faults.clear()
  for (const { definition } of cloud.ecs.instances.list()) cloud.ecs.instances.remove(definition.id)
  cloud.ecs.instances.add({ id: 'i-1', region: 'cn-hangzhou' })
})

async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${cloud.endpoints.control}${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  return { status: response.status, body: await response.json() }
}

test('faults are planned, listed and called off', async () => {
  const rule = {
    service: 'ecs',
    operation: 'StartInstance',
    times: null,
    fault: { kind: 'html', status: 502, applied: true },
  }

  const added = await ask('POST', '/faults', rule)

  expect(added).toEqual({ status: 201, body: { id: expect.any(String) } })
  expect((await ask('GET', '/faults')).body).toEqual([expect.objectContaining({ rule, seen: 0, hits: 0 })])
  expect(cloud.spine.faults.list()).toHaveLength(1)
  await ask('POST', '/faults', rule)
  const [first] = cloud.spine.faults.list()
  expect((await ask('DELETE', `/faults/${first?.id}`)).body).toEqual({ removed: 1 })
  expect((await ask('DELETE', '/faults')).body).toEqual({ removed: 1 })
})

test.each([
  ['lost', { applied: true }],
  ['truncated', { stall: false }],
  ['delayed', { ms: 5, before: true }],
  ['error', { status: 403, code: 'Forbidden' }],
  ['html', { status: 504, applied: false }],
  ['crash', { applied: true }],
  ['freeze', { applied: false, ms: 10 }],
  ['expired', {}],
])('a fault of the kind %s can be planned', async (kind, fields) => {
  expect((await ask('POST', '/faults', { fault: { kind, ...fields } })).status).toBe(201)
})

test('operations are read after a mark, and counted', async () => {
  const mark = cloud.spine.operations.mark()
  const operation = {
    at: 1,
    service: 'ots',
    operation: 'GetRow',
    role: 'gate',
    subject: 's',
    status: 200,
    durationMs: 1,
  } as const
  cloud.spine.record(operation)

  expect((await ask('GET', `/operations?since=${mark}`)).body).toEqual({ mark: mark + 1, operations: [operation] })
  expect((await ask('GET', `/operations/counts?since=${mark}`)).body).toEqual({
    mark: mark + 1,
    counts: [{ service: 'ots', operation: 'GetRow', role: 'gate', calls: 1 }],
  })
})

test('an instance is added, changed, told to fail, and removed', async () => {
  expect((await ask('POST', '/instances', { id: 'i-2', region: 'cn-hangzhou', name: 'db' })).status).toBe(201)
  await ask('PATCH', '/instances/i-2', { status: 'Running', locks: [{ reason: 'security' }], stoppingMs: 5 })
  await ask('POST', '/instances/i-2/errors', { code: 'DiskError', status: 403, message: 'IncorrectDiskStatus.' })

  expect((await ask('GET', '/instances/i-2')).body).toMatchObject({
    definition: { name: 'db', locks: [{ reason: 'security' }], stoppingMs: 5 },
    phase: { status: 'Running' },
    startErrors: [{ code: 'DiskError', status: 403, times: 1 }],
  })
  expect((await ask('POST', '/instances/i-2/stop')).body).toMatchObject({ phase: { status: 'Stopping' } })
  expect((await ask('DELETE', '/instances/i-2/errors')).body).toMatchObject({ startErrors: [] })
  expect((await ask('DELETE', '/instances/i-2')).status).toBe(200)
  expect(cloud.ecs.instances.find('i-2')).toBeUndefined()
})

test('starts that took effect are told', async () => {
  const by = { role: 'starter', requestId: 'R', initLocalDisk: false }
  cloud.ecs.instances.start('i-1', by)

  expect((await ask('GET', '/starts?instance=i-1')).body).toEqual([
    expect.objectContaining({ instanceId: 'i-1', ...by }),
  ])
  expect((await ask('GET', '/starts?instance=i-other')).body).toEqual([])
})

test('the clock is shifted', async () => {
  expect((await ask('POST', '/clock', { offsetMs: 3_600_000 })).body).toMatchObject({ offsetMs: 3_600_000 })
  expect(cloud.spine.now() - Date.now()).toBeGreaterThan(3_500_000)
  await ask('POST', '/clock', { offsetMs: 0 })
})

test.each([
  ['GET', '/nothing', undefined, 404, 'there is no /nothing'],
  ['PUT', '/faults', {}, 405, '/faults takes GET, POST, DELETE, not PUT'],
  ['GET', '/instances/i-none', undefined, 404, 'there is no instance i-none'],
  ['POST', '/instances/i-none/stop', undefined, 404, 'there is no instance i-none'],
  ['POST', '/instances', { id: 'i-1', region: 'cn-hangzhou' }, 409, 'there is an instance i-1 already'],
  ['POST', '/instances', { id: 'i-3', region: 'cn-hangzhou', sttus: 'Running' }, 400, 'sttus'],
  ['POST', '/faults', { fault: { kind: 'lost' } }, 400, 'applied'],
  ['POST', '/faults', { fault: { kind: 'explode' } }, 400, 'kind'],
  ['POST', '/faults', { operaton: 'PutRow', fault: { kind: 'lost', applied: true } }, 400, 'operaton'],
  ['POST', '/clock', { offsetMs: 'tomorrow' }, 400, 'offsetMs'],
  ['GET', '/operations?since=-1', undefined, 400, '>=0'],
])('%s %s with %j answers %s', async (method, path, body, status, message) => {
  const answer = await ask(method, path, body)

  expect(answer).toEqual({ status, body: { error: expect.stringContaining(message) } })
})

test('what a web page could send is refused', async () => {
  const plain = await fetch(`${cloud.endpoints.control}/faults`, { method: 'POST', body: '{}' })
  const { port } = new URL(cloud.endpoints.control)
  const rebound = await new Promise<number | undefined>((resolve, reject) => {
    const request = http.get({ host: '127.0.0.1', port, headers: { host: 'evil.example' } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    request.on('error', reject)
  })

  expect([plain.status, rebound]).toEqual([415, 403])
})
