// The part of the API that an operator reads a deployment through, with the signature of the API 3.0.
import { describe, expect, it } from 'vitest'
import type { Credentials } from '#infra/local/spine.ts'
import { signCall } from '#lib/cli/doctor/sign-call.ts'
import { createHarness, serve } from './harness.ts'

const TIMER = { triggerName: 'tell', cronExpression: '@every 1m', enable: true, payload: '{"job":"tell"}' }

async function createApi() {
  const harness = createHarness({ timers: [TIMER] })
  const { spine, compute } = harness
  const origin = await serve(compute.apiHandler)
  const get = async (
    operation: string,
    path: string,
    { by = spine.credentials.operator, at = Date.now() }: By = {},
  ) => {
    const url = new URL(`/2023-03-30/functions/${path}`, origin)
    const response = await fetch(url, { headers: signCall({ operation, method: 'GET', url, body: '' }, toKey(by), at) })
    return { status: response.status, body: (await response.json()) as unknown }
  }
  return { ...harness, origin, get }
}

interface By {
  readonly by?: Credentials
  readonly at?: number
}

function toKey({ accessKeyId, accessKeySecret, securityToken }: Credentials) {
  return { accessKeyId, accessKeySecret, ...(securityToken === undefined ? {} : { securityToken }) }
}

describe('the operator', () => {
  it('reads how a function is set up', async () => {
    const { get, spine } = await createApi()
    const settings = await get('GetFunction', 'startgate-gate')
    expect(settings).toMatchObject({
      status: 200,
      body: { functionName: 'startgate-gate', runtime: 'nodejs20', handler: 'probe.handler', timeout: 3000 },
    })
    expect(await get('GetAsyncInvokeConfig', 'startgate-gate/async-invoke-config')).toMatchObject({
      body: { maxAsyncRetryAttempts: 2, maxAsyncEventAgeInSeconds: 3600 },
    })
    expect(await get('GetConcurrencyConfig', 'startgate-gate/concurrency')).toMatchObject({
      body: { reservedConcurrency: 3 },
    })
    expect(spine.operations.since().map(({ operation, role }) => `${role} ${operation}`)).toEqual([
      'operator GetFunction',
      'operator GetAsyncInvokeConfig',
      'operator GetConcurrencyConfig',
    ])
  })

  it('reads the triggers, whose configuration is JSON as text', async () => {
    const { get, compute } = await createApi()
    const list = async (name: string) => (await get('ListTriggers', `${name}/triggers?limit=100`)).body
    const config = JSON.stringify({ cronExpression: '@every 1m', enable: true, payload: '{"job":"tell"}' })
    expect(await list('startgate-gate')).toMatchObject({
      triggers: [
        { triggerName: 'http', triggerType: 'http' },
        { triggerName: 'tell', triggerType: 'timer', triggerConfig: config },
      ],
    })
    compute.reconfigure('gate', { httpMethods: undefined, timers: [{ ...TIMER, enable: false }] })
    expect(await list('startgate-gate')).toMatchObject({
      triggers: [{ triggerName: 'tell', triggerConfig: expect.stringContaining('"enable":false') }],
    })
  })

  it('invokes a function', async () => {
    const { origin, spine } = await createApi()
    const url = new URL('/2023-03-30/functions/startgate-gate/invocations', origin)
    const call = { operation: 'InvokeFunction', method: 'POST', url, body: '"x"' } as const
    const headers = signCall(call, spine.credentials.operator, Date.now())
    expect(await (await fetch(url, { method: 'POST', headers, body: '"x"' })).text()).toBe('got "x"')
    const changed = await fetch(url, { method: 'POST', headers, body: '"y"' })
    expect(changed.status).toBe(400)
  })
})

describe('refused is', () => {
  it('a role that may not read, and temporary credentials are known by their token', async () => {
    const { get, spine } = await createApi()
    const by = spine.credentials.issue('gate', { ttlMs: 60_000 })
    expect(await get('GetFunction', 'startgate-gate', { by })).toMatchObject({
      status: 403,
      body: { Code: 'AccessDenied' },
    })
  })

  it('another secret, and a date that is more than 15 minutes off', async () => {
    const { get, spine } = await createApi()
    const by = { ...spine.credentials.operator, accessKeySecret: 'another' }
    expect(await get('GetFunction', 'startgate-gate', { by })).toMatchObject({
      body: { Code: 'SignatureDoesNotMatch' },
    })
    const at = Date.now() - 16 * 60_000
    expect(await get('GetFunction', 'startgate-gate', { at })).toMatchObject({
      body: { Code: 'InvalidTimeStamp.Expired' },
    })
  })

  it('a function that does not exist, and what is no part of one', async () => {
    const { get } = await createApi()
    expect(await get('GetFunction', 'startgate-other')).toMatchObject({
      status: 404,
      body: { Code: 'FunctionNotFound' },
    })
    expect(await get('GetSecrets', 'startgate-gate/secrets')).toMatchObject({
      status: 404,
      body: { Code: 'PathNotSupported' },
    })
  })
})
