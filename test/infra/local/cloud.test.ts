import { once } from 'node:events'
import http from 'node:http'
import type { Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { type LocalCloud, type LocalCloudOptions, createLocalCloud } from '#infra/local/cloud.ts'
import { readTables } from '#infra/local/create-tables.ts'
import { type Answered, sendSigned, signedRequest } from '#support/signed-ecs-request.ts'

let cloud: LocalCloud | undefined

afterEach(async () => {
  await cloud?.close()
  cloud = undefined
})

async function start(options: LocalCloudOptions = {}): Promise<LocalCloud> {
  cloud = await createLocalCloud(options)
  return cloud
}

async function startInstance({ endpoints, spine }: LocalCloud, region: string): Promise<Answered> {
  const { host } = new URL(endpoints.ecs[region] ?? '')
  const credentials = spine.credentials.issue('starter', { ttlMs: 60_000, functionInstance: 'f-1' })
  return await sendSigned(host, signedRequest(credentials, { host, query: { InstanceId: 'i-1' } }))
}

test('the tables of the definition are there', async () => {
  const { tablestore } = await start()

  expect(tablestore.tables()).toEqual(['asks', 'days', 'open', 'runs'])
  expect(
    readTables().map(({ name, primaryKey, allowUpdate }) => [name, primaryKey.map((key) => key.name), allowUpdate]),
  ).toEqual([
    ['asks', ['request', 'seq'], false],
    ['runs', ['digest', 'n'], false],
    ['open', ['shard', 'request'], true],
    ['days', ['day', 'at', 'request'], false],
  ])
})

test('without tables nothing is called', async () => {
  const { tablestore, spine } = await start({ tables: false })

  expect(tablestore.tables()).toEqual([])
  expect(spine.operations.since()).toEqual([])
})

test('every region has an ECS endpoint of its own, over the same instances', async () => {
  const local = await start({
    regions: ['cn-shanghai'],
    instances: [{ id: 'i-1', region: 'cn-shanghai', tags: { startgate: 'allowed' } }],
  })

  expect(await startInstance(local, 'cn-hangzhou')).toMatchObject({ status: 404, code: 'InvalidInstanceId.NotFound' })
  expect(await startInstance(local, 'cn-shanghai')).toMatchObject({ status: 200 })
  expect(local.ecs.instances.starts('i-1')).toHaveLength(1)
})

test('one endpoint can serve the instances of all regions', async () => {
  const local = await start({
    regionOf: () => undefined,
    instances: [{ id: 'i-1', region: 'cn-shanghai', tags: { startgate: 'allowed' } }],
  })

  expect(await startInstance(local, 'cn-hangzhou')).toMatchObject({ status: 200 })

  expect(local.ecs.instances.starts('i-1')).toHaveLength(1)
})

test('everything listens on loopback, and nothing after the end', async () => {
  const local = await start()
  const { ots, ecs, fc, http, control } = local.endpoints
  const urls = [ots, fc, control, ...Object.values(ecs), ...Object.values(http)]
  const answers = await Promise.all(urls.map(async (url) => (await fetch(url)).status))

  await local.close()

  expect(urls.every((url) => /^http:\/\/127\.0\.0\.1:\d+$/.test(url))).toBe(true)
  expect(new Set(urls).size).toBe(5)
  expect(answers).not.toContain(200)
  const afterwards = await Promise.allSettled(urls.map((url) => fetch(url)))
  expect(afterwards.map(({ status }) => status)).toEqual(urls.map(() => 'rejected'))
})

test('connections that wait for another call can be ended', async () => {
  const local = await start()
  const agent = new http.Agent({ keepAlive: true })
  const kept = new Promise<Socket>((resolve) => agent.once('free', resolve))
  http.get(local.endpoints.ots, { agent }, (response) => response.resume())
  const socket = await kept
  const closed = once(socket, 'close')

  local.closeIdle()

  await closed
})

test('functions are mounted where they were promised, and reached by faults', async () => {
  const killed: string[] = []
  const local = await start({
    functions: ({ endpoints }) => ({
      apiHandler: (_, response) => void response.end(`api of ${endpoints.fc}`),
      httpHandler: (fn) => (_, response) => void response.end(`${fn} of ${endpoints.http[fn]}`),
      kill: (instance) => void killed.push(instance),
      freeze: () => {},
      close: async () => void killed.push('closed'),
    }),
  })
  const { endpoints } = local
  const text = async (url = '') => await (await fetch(url)).text()

  expect(await text(endpoints.fc)).toBe(`api of ${endpoints.fc}`)
  expect(await text(endpoints.http['gate'])).toBe(`gate of ${endpoints.http['gate']}`)

  local.ecs.instances.add({ id: 'i-1', region: 'cn-hangzhou', tags: { startgate: 'allowed' } })
  local.spine.faults.add({ service: 'ecs', fault: { kind: 'crash', applied: false } })
  await expect(startInstance(local, 'cn-hangzhou')).rejects.toMatchObject({ code: 'ECONNRESET' })
  await local.close()

  expect(killed).toEqual(['f-1', 'closed'])
})

test('what cannot start leaves nothing listening', async () => {
  const first = await start()
  const taken = Number(new URL(first.endpoints.control).port)

  await expect(createLocalCloud({ ports: { control: taken } })).rejects.toThrow('EADDRINUSE')
  await expect(
    createLocalCloud({
      functions: ({ endpoints }) => {
        throw new Error(`no artifact, ${endpoints.fc}`)
      },
    }).catch(async (error: unknown) => await fetch(String(error).split(', ')[1] ?? '')),
  ).rejects.toThrow('fetch failed')
})
