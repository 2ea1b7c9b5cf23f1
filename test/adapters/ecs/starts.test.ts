// StartInstance over real sockets, against the faults of the local cloud and against worse.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createInstanceStarts } from '#adapters/ecs/starts.ts'
import { DURATIONS, type Durations } from '#core/durations.ts'
import type { Fault } from '#infra/local/spine.ts'
import type { StartCall } from '#ports/instances.ts'
import { issueFor, startLocalCloud } from '#support/local-cloud.ts'

const cloud = await startLocalCloud()
const { spine, ecs, endpoints } = cloud
const credentials = issueFor(cloud, 'starter')
const HOST = new URL(endpoints.ecs[spine.region] ?? '').host
const SHORT: Durations = { ...DURATIONS, startTimeout: 200, startDeadline: 600 }

const startsAt = (endpoint: string, durations = DURATIONS) =>
  createInstanceStarts({ endpoint, credentials: () => credentials, durations })

let last = 0
function newCall(given: Partial<StartCall> = {}): StartCall {
  last += 1
  const instanceId = `i-bp1starts${last}`
  ecs.instances.add({ id: instanceId, region: spine.region, tags: { startgate: 'allowed' } })
  const { accountId, region: regionId } = spine
  return { accountId, regionId, instanceId, initLocalDisk: false, dryRun: false, request: 'req_5', ...given }
}

function plan(fault: Fault) {
  spine.faults.clear()
  spine.faults.add({ operation: 'StartInstance', fault })
}

/** Answers every request with the same raw bytes, or never. */
async function startServer(handler: http.RequestListener): Promise<string> {
  const server = http.createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('a start', () => {
  it('is sent with what was asked, the request in the user agent, on a connection of its own', async () => {
    const seen: http.IncomingMessage[] = []
    const endpoint = await startServer((request, response) => {
      seen.push(request)
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"RequestId":"A-1"}')
    })
    const call = { ...newCall(), instanceId: 'i-bp1x' }
    await startsAt(endpoint).start(call)
    await startsAt(endpoint).start({ ...call, initLocalDisk: true, dryRun: true })
    const queries = seen.map(({ url }) => Object.fromEntries(new URLSearchParams(url?.split('?')[1])))

    expect(queries).toEqual([{ InstanceId: 'i-bp1x' }, { InstanceId: 'i-bp1x', InitLocalDisk: 'true', DryRun: 'true' }])
    expect(seen[0]?.headers).toMatchObject({
      'x-acs-action': 'StartInstance',
      'x-acs-security-token': credentials.securityToken,
      'user-agent': expect.stringContaining('startgate/req_5') as string,
      connection: 'close',
    })
  })

  it('wipes local disks only when it was asked to', async () => {
    const [kept, wiped] = [newCall(), newCall({ initLocalDisk: true })]
    spine.faults.clear()
    await startsAt(HOST).start(kept)
    await startsAt(HOST).start(wiped)

    expect(ecs.instances.starts(kept.instanceId)).toMatchObject([{ initLocalDisk: false, role: 'starter' }])
    expect(ecs.instances.starts(wiped.instanceId)).toMatchObject([{ initLocalDisk: true }])
  })

  it.each([
    ['cn-hangzhou', 'ecs-vpc.<region>.invalid', 'ecs-vpc.cn-hangzhou.invalid'],
    ['cn-beijing', 'ecs.{region}.invalid', 'ecs.cn-beijing.invalid'],
  ])('in %s goes to the endpoint of that region and to no other', async (regionId, endpoint) => {
    // Names under .invalid are never found, so the call proves not to have been sent.
    expect(await startsAt(endpoint).start({ ...newCall(), regionId })).toEqual({
      kind: 'not_sent',
      detail: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/) as string,
    })
  })
})

describe('an answer', () => {
  it.each<[string, Extract<Fault, { kind: 'error' }>, boolean]>([
    ['that was throttled', { kind: 'error', status: 400, code: 'Throttling.User' }, false],
    ['of a busy service', { kind: 'error', status: 503, code: 'ServiceUnavailable', applied: true }, true],
  ])('%s keeps its code and status', async (_, fault, applied) => {
    const call = newCall()
    plan(fault)

    expect(await startsAt(HOST).start(call)).toMatchObject({
      kind: 'answered',
      answer: { code: fault.code, status: fault.status },
    })
    expect(ecs.instances.starts(call.instanceId)).toHaveLength(applied ? 1 : 0)
  })

  it('says how long to wait when it is throttled', async () => {
    const call = newCall()
    const error = { code: 'Throttling.User', status: 400, message: 'too many', retryAfterMs: 1200 }
    spine.faults.clear()
    ecs.instances.planStartError(call.instanceId, error)

    expect(await startsAt(HOST).start(call)).toMatchObject({ kind: 'answered', retryAfter: 1200 })
  })

  it('that denies says which permission is missing', async () => {
    const call = newCall()
    ecs.instances.change(call.instanceId, { tags: {} })

    expect(await startsAt(HOST).start(call)).toMatchObject({
      kind: 'answered',
      answer: { status: 403, detail: expect.stringContaining('ecs:StartInstance') as string },
    })
  })

  it.each<[string, Fault]>([
    ['a page of a gateway', { kind: 'html', status: 502, applied: true }],
    ['a reset', { kind: 'lost', applied: true }],
    ['an answer that breaks off', { kind: 'truncated', stall: false }],
    ['an answer that stalls', { kind: 'truncated', stall: true }],
    ['an answer that comes too late', { kind: 'delayed', ms: 5000, before: false }],
  ])('that is none: %s', async (_, fault) => {
    const call = newCall()
    plan(fault)

    expect(await startsAt(HOST, SHORT).start(call)).toMatchObject({ kind: 'no_answer' })
    expect(ecs.instances.starts(call.instanceId)).toHaveLength(1)
    expect(spine.faults.list().map(({ seen }) => seen)).toEqual([1])
  })

  it.each([
    ['200', '{}'],
    ['200', 'null'],
    ['200', '{"RequestId":""}'],
    ['202', '{"RequestId":"A-1"}'],
    ['302', '{"RequestId":"A-1"}'],
    ['403', '{}'],
    ['500', ''],
  ])('of status %s with body %s is none', async (status, body) => {
    const endpoint = await startServer((_, response) => {
      response.writeHead(Number(status), { 'content-type': 'application/json' }).end(body)
    })

    expect(await startsAt(endpoint).start(newCall())).toMatchObject({ kind: 'no_answer' })
  })

  it('that dribbles past the SDK’s own timeouts leaves the call unsettled at the deadline', async () => {
    const endpoint = await startServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const timer = setInterval(() => response.write(' '), 50)
      response.on('close', () => clearInterval(timer))
    })
    const begun = performance.now()
    // The read timeout is long, so that the deadline comes first, as it does when the SDK does not let go.
    const durations = { ...SHORT, startTimeout: 5000, startDeadline: 300 }

    expect(await startsAt(endpoint, durations).start(newCall())).toEqual({ kind: 'unsettled' })
    expect(performance.now() - begun).toBeLessThan(2000)
  })
})

describe('a call that cannot have left', () => {
  it('to a port where nobody listens was not sent', async () => {
    const endpoint = await startServer(() => {})
    const closed = http.createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const { port } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))

    expect(endpoint).not.toBe(`127.0.0.1:${port}`)
    expect(await startsAt(`127.0.0.1:${port}`).start(newCall())).toEqual({ kind: 'not_sent', detail: 'ECONNREFUSED' })
  })

  it('to a host that is not this machine’s own never speaks plain HTTP', async () => {
    const seen: string[] = []
    const endpoint = await startServer((request, response) => {
      seen.push(request.url ?? '')
      response.end()
    })
    const answer = await startsAt(endpoint.replace('127.0.0.1', '127.0.0.2')).start(newCall())

    expect(['no_answer', 'not_sent']).toContain(answer.kind)
    expect(seen).toEqual([])
  })

  it('without credentials was not sent', async () => {
    const starts = createInstanceStarts({
      endpoint: HOST,
      durations: DURATIONS,
      credentials: () => {
        throw new RangeError('there is no invocation')
      },
    })
    const mark = spine.operations.mark()

    expect(await starts.start(newCall())).toEqual({
      kind: 'not_sent',
      detail: 'the call could not be made: RangeError',
    })
    expect(spine.operations.since(mark)).toEqual([])
  })
})

it('never lets a URL, a key or a token out', async () => {
  const answers = []
  for (const fault of [
    { kind: 'lost', applied: false },
    { kind: 'delayed', ms: 5000, before: true },
    { kind: 'html', status: 500, applied: false },
    { kind: 'error', status: 403, code: 'Forbidden.RAM' },
  ] as const) {
    plan(fault)
    answers.push(await startsAt(HOST, SHORT).start(newCall()))
  }
  const shown = JSON.stringify(answers)

  expect(answers).toHaveLength(4)
  for (const secret of [HOST, '?', credentials.accessKeyId, credentials.accessKeySecret, credentials.securityToken])
    expect(shown).not.toContain(secret)
})
