import { createRequire } from 'node:module'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Credentials } from '#infra/local/spine.ts'
import { createHarness, serve } from './harness.ts'

interface Client {
  version: string
  accessKeySecret: string
  securityToken: string
  buildHeaders(): Record<string, string>
  post(path: string, body: Buffer, headers: object, queries: object): Promise<{ headers: Headers; data: string }>
}
type Headers = Record<string, string>
type ClientClass = new (accountId: string, config: object) => Client

const FC = createRequire(import.meta.url)('@alicloud/fc2') as ClientClass
const ASYNC = { 'x-fc-invocation-type': 'Async' }

async function createApi(role: string | undefined = 'gate') {
  const harness = createHarness()
  const { spine, compute } = harness
  const url = await serve(compute.apiHandler)
  const credentials =
    role === 'operator' ? spine.credentials.operator : spine.credentials.issue(role, { ttlMs: 60_000 })
  const client = createClient(url, credentials)
  const invoke = async (fn: string, event: string, headers: object = {}) =>
    await client.post(`/functions/${fn}/invocations`, Buffer.from(event), headers, { qualifier: 'LATEST' })
  return { ...harness, url, client, invoke }
}

function createClient(endpoint: string, credentials: Credentials): Client {
  const { accessKeyId: accessKeyID, accessKeySecret, securityToken } = credentials
  const config = { accessKeyID, accessKeySecret, securityToken, endpoint, region: 'cn-hangzhou', timeout: 5000 }
  return Object.assign(new FC('1234567890123456', config), { version: '2023-03-30' })
}

describe('the SDK', () => {
  it('invokes a function and gets its answer', async () => {
    const { invoke, spine } = await createApi()

    const { data, headers } = await invoke('startgate-starter', 'req_1')
    expect(data).toBe('got req_1')
    expect(headers['x-fc-request-id']).toMatch(/^1-/)
    expect(spine.operations.since()).toMatchObject([
      { service: 'fc', operation: 'InvokeFunction', role: 'gate', subject: 'startgate-starter, req_1', status: 200 },
    ])
  })

  it('has an event accepted that is run later', async () => {
    const { invoke, compute } = await createApi()

    const { data } = await invoke('startgate-starter', '{"do":"print"}', ASYNC)
    expect(data).toBe('')
    await compute.idle()
    expect(compute.logs('starter')).toHaveLength(2)
  })

  it('resolves although the function failed: only a header tells', async () => {
    const { invoke } = await createApi()

    const { data, headers } = await invoke('startgate-gate', '{"do":"throw"}')
    expect(headers['x-fc-error-type']).toBe('UnhandledInvocationError')
    expect(data).toMatchObject({ errorMessage: 'out of reach', errorType: 'RangeError' })
  })

  it('may invoke with the operator’s key too, which has no token', async () => {
    const { invoke } = await createApi('operator')

    expect((await invoke('startgate-gate', 'x')).data).toBe('got x')
  })
})

describe('refused is', () => {
  it('a function that the role may not invoke', async () => {
    const { invoke, compute, spine } = await createApi('starter')

    await expect(invoke('startgate-starter', 'x')).rejects.toMatchObject({ code: 'AccessDenied' })
    expect(compute.instances()).toEqual([])
    expect(spine.operations.since()).toMatchObject([{ role: 'starter', status: 403, code: 'AccessDenied' }])
  })

  it('a function that does not exist', async () => {
    const { invoke } = await createApi('operator')

    await expect(invoke('another', 'x')).rejects.toMatchObject({ code: 'FunctionNotFound' })
  })

  it('another secret, and another token', async () => {
    const wrongSecret = await createApi()
    wrongSecret.client.accessKeySecret = 'guessed'
    const wrongToken = await createApi()
    wrongToken.client.securityToken = 'guessed'

    await expect(wrongSecret.invoke('startgate-starter', 'x')).rejects.toMatchObject({ code: 'SignatureNotMatch' })
    await expect(wrongToken.invoke('startgate-starter', 'x')).rejects.toMatchObject({ code: 'InvalidSecurityToken' })
  })

  it('an unknown key, an expired one, and a call without any', async () => {
    const { spine, url } = await createApi()
    const expired = spine.credentials.issue('gate', { ttlMs: -1 })
    const unknown = { ...expired, accessKeyId: 'STS.unknown' }
    const invoke = async (credentials: Credentials) =>
      await createClient(url, credentials).post('/functions/startgate-starter/invocations', Buffer.from('x'), {}, {})

    await expect(invoke(expired)).rejects.toMatchObject({ code: 'ExpiredSecurityToken' })
    await expect(invoke(unknown)).rejects.toMatchObject({ code: 'InvalidAccessKeyID' })
    const bare = await fetch(`${url}/2023-03-30/functions/startgate-starter/invocations`, { method: 'POST', body: 'x' })
    expect(bare.status).toBe(400)
  })

  it('a date that is more than 15 minutes off', async () => {
    const { client, invoke } = await createApi()
    const build = client.buildHeaders.bind(client)
    const early = new Date(Date.now() - 16 * 60_000).toUTCString()
    client.buildHeaders = () => ({ ...build(), date: early })

    await expect(invoke('startgate-starter', 'x')).rejects.toMatchObject({ code: 'AccessDenied' })
  })

  it('a body that is not the one that was signed', async () => {
    const { url, client } = await createApi()
    const captured = await capture(client)

    const path = '/2023-03-30/functions/startgate-starter/invocations'
    const changed = await fetch(`${url}${path}`, { method: 'POST', headers: captured, body: 'y' })
    const same = await fetch(`${url}${path}`, { method: 'POST', headers: captured, body: 'x' })
    expect([changed.status, same.status]).toEqual([400, 200])
  })

  it('any other path', async () => {
    const { client } = await createApi()

    await expect(client.post('/services/x', Buffer.from('x'), {}, {})).rejects.toMatchObject({
      code: 'PathNotSupported',
    })
  })
})

describe('a planned fault', () => {
  it('loses the answer of an event that is run all the same', async () => {
    const { invoke, compute, spine } = await createApi()
    spine.faults.add({ service: 'fc', fault: { kind: 'lost', applied: true } })

    await expect(invoke('startgate-starter', '{"do":"print"}', ASYNC)).rejects.toMatchObject({ code: 'ECONNRESET' })
    await compute.idle()
    expect(compute.logs('starter')).toHaveLength(2)
  })

  it('loses the event', async () => {
    const { invoke, compute, spine } = await createApi()
    spine.faults.add({ service: 'fc', fault: { kind: 'lost', applied: false } })

    await expect(invoke('startgate-starter', '{"do":"print"}', ASYNC)).rejects.toMatchObject({ code: 'ECONNRESET' })
    await compute.idle()
    expect(compute.logs('starter')).toEqual([])
  })

  it('kills the function that makes the call, before or after it is carried out', async () => {
    for (const [applied, lines] of [
      [false, 0],
      [true, 1],
    ] as const) {
      const { compute, callFromGate, spine, runs } = await createCaller()
      spine.faults.add({ service: 'fc', fault: { kind: 'crash', applied } })

      expect(await callFromGate()).toMatchObject({ kind: 'failed', error: { errorType: 'ProcessExited' } })
      expect(runs()).toBe(lines)
      expect(await callFromGate()).toMatchObject({ kind: 'answered', body: Buffer.from('got hint') })
      await compute.close()
    }
  })

  it('freezes the function that makes the call, which goes on by itself', async () => {
    const { compute, callFromGate, spine } = await createCaller()
    spine.faults.add({ service: 'fc', fault: { kind: 'freeze', applied: true, ms: 200 } })

    const call = callFromGate()
    while (compute.instances().every(({ state }) => state !== 'stopped')) await setImmediate()
    expect(await call).toMatchObject({ kind: 'answered', body: Buffer.from('got hint') })
  })
})

/** The gate, which invokes the starter with the credentials of its own request. */
async function createCaller() {
  const harness = createHarness()
  const { compute, spine } = harness
  const url = await serve(compute.apiHandler)
  spine.attachFunctions({ crash: compute.kill, freeze: compute.freeze })
  return {
    ...harness,
    callFromGate: async () => await compute.invoke('gate', { do: 'invoke', url, fn: 'startgate-starter' }),
    runs: () => compute.instances().filter(({ fn }) => fn === 'starter').length,
  }
}

/** The headers with which the SDK would send the body `x`. */
async function capture(client: Client): Promise<Headers> {
  let seen: Headers = {}
  const origin = await serve((request, response) => {
    seen = request.headers as Headers
    response.end()
  })
  await Object.assign(client, { endpoint: origin }).post(
    '/functions/startgate-starter/invocations',
    Buffer.from('x'),
    {},
    {},
  )
  const { authorization, date, 'content-type': type, 'content-md5': md5 } = seen
  const own = Object.entries(seen).filter(([name]) => name.startsWith('x-fc-'))
  return { ...Object.fromEntries(own), authorization, date, 'content-type': type, 'content-md5': md5 } as Headers
}
