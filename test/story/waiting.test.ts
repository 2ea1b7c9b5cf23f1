// What a start has to wait for, through the built artifact and over the wire: the instance, ECS, capacity, a slow boot.
// Credentials live for a few invocations only, so whoever goes on with old ones gets nowhere.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { DURATIONS, scaleDurations } from '#core/durations.ts'
import { parseRuns } from '#core/runs.ts'
import type { InstanceInput, StartErrorInput } from '#infra/local/ecs/instance-definition.ts'
import { deploy, TIME_SCALE, type Deployment } from '#support/deployment.ts'
import { anInstance, askFor, callsFor, each, expectEnd, startsOf, toldOf, type Played } from '#support/play.ts'

const { functionTimeout, againMuchLater, stillStopped } = scaleDurations(DURATIONS, TIME_SCALE)
/** Longer than the pause that the starter would make by itself. */
const RETRY_AFTER = 7000
/** Longer than one invocation follows a start, and than an instance may be shown as Stopped. */
const SLOW_BOOT = stillStopped + 5000

interface Case extends Partial<InstanceInput> {
  readonly name: string
}

const refusal = (code: string, status: number, more: Partial<StartErrorInput> = {}): Case['startErrors'] => [
  { code, status, message: 'as planned', ...more },
]

const CASES: readonly Case[] = [
  // Those that take longest come first; the one that is changed by hand on its way comes last, and its test first.
  { name: 'soldout', startErrors: refusal('OperationDenied.NoStock', 403) },
  { name: 'slow', startingMs: SLOW_BOOT },
  { name: 'stopping', stoppingMs: 8000 },
  { name: 'pending', pendingMs: 8000 },
  { name: 'throttled', startErrors: refusal('Throttling.User', 400, { retryAfterMs: RETRY_AFTER }) },
  { name: 'token', startErrors: refusal('InvalidSecurityToken.Expired', 400) },
  { name: 'falls', boot: 'falls-back' },
]

let deployment: Deployment
const played = new Map<string, Played>()

/** How it ended, once everybody has heard of it; and the calls that reached ECS, and the starts of those. */
async function endOf(name: string, state: 'running' | 'failed') {
  const request = played.get(name) ?? expect.fail(`${name} was not asked for`)
  const { cloud, until, receipt } = deployment
  await until(`${name} has left the open requests`, () =>
    cloud.tablestore.rows('open').some(({ primaryKey }) => primaryKey['request'] === request.id) ? undefined : true,
  )
  const { view } = await expectEnd(deployment, request, state)
  const rows = parseRuns((await receipt(request.id)).runs).events
  const sentAt = rows.filter(({ type }) => type === 'attempted').map(({ at }) => at)
  const { instanceId } = request
  return { request, view, rows, sentAt, calls: [callsFor(deployment, instanceId), startsOf(deployment, instanceId)] }
}

vi.setConfig({ testTimeout: 60_000 })
beforeAll(async () => {
  deployment = await deploy({
    instances: CASES.map(({ name, ...how }) => anInstance(`i-bp1${name}`, how)),
    credentialsTtlMs: 2 * functionTimeout,
  })
  const { instances } = deployment.cloud.ecs
  await each(CASES, async ({ name }) => {
    const request = await askFor(deployment, `i-bp1${name}`)
    played.set(name, request)
    if (name === 'stopping') instances.change(request.instanceId, { status: 'Stopping' })
    if (name === 'pending') instances.change(request.instanceId, { status: 'Pending' })
    // On a machine with other things to do the platform may give an invocation up, and people try again.
    await deployment.until(`${name} is approved`, async () =>
      deployment.approve(request.id).then(
        ({ status }) => status === 200 || undefined,
        () => undefined,
      ),
    )
  })
}, 60_000)
afterAll(async () => deployment.close())

test('a start that falls back has failed, and people read what keeps it from running', async () => {
  const { cloud, until } = deployment
  // Locked before, it would not have been started at all.
  await until('it is started', () => startsOf(deployment, 'i-bp1falls') > 0 || undefined)
  cloud.ecs.instances.change('i-bp1falls', { locks: [{ reason: 'security' }] })
  const { view, calls } = await endOf('falls', 'failed')
  expect(view.headline).toMatch(/Stopped again \(locked: security\)\. See its events .* Whoever manages the instance/)
  expect(calls).toEqual([1, 1])
})

test.each(['stopping', 'pending'])('an instance that is %s is waited out', async (name) => {
  const { rows, calls } = await endOf(name, 'running')
  expect(rows.map(({ type }) => type)).toEqual(['attempted', 'accepted', 'running'])
  expect(calls).toEqual([1, 1])
})

test('ECS says how long to wait: no call is made before that', async () => {
  const { request, sentAt, calls } = await endOf('throttled', 'running')
  const [first = 0, second = 0] = sentAt
  expect(second - first).toBeGreaterThanOrEqual(RETRY_AFTER)
  expect(toldOf(deployment, request.id)).toContain('waiting')
  expect(calls).toEqual([2, 1])
})

test('a refused token: the next invocation starts it with its own', async () => {
  const { rows, calls } = await endOf('token', 'running')
  expect(rows[1]).toMatchObject({ type: 'refused', body: { answer: { code: 'InvalidSecurityToken.Expired' } } })
  expect(calls).toEqual([2, 1])
})

test('sold out: offered again after its pause', async () => {
  const { sentAt, calls } = await endOf('soldout', 'running')
  const [first = 0, second = 0] = sentAt
  expect(second - first).toBeGreaterThanOrEqual(againMuchLater)
  expect(calls).toEqual([2, 1])
})

test('a slow boot is followed over many invocations', async () => {
  const { rows, calls } = await endOf('slow', 'running')
  expect(rows.map(({ type }) => type)).toEqual(['attempted', 'accepted', 'running'])
  expect(calls).toEqual([1, 1])
})
