import { beforeEach, expect, test } from 'vitest'
import type { InstanceInput } from '#infra/local/ecs/instance-definition.ts'
import { type InstanceStore, InstanceError, createInstances } from '#infra/local/ecs/instances.ts'

const START = Date.UTC(2026, 0, 1)
const SECOND = 1000
const byOperator = { role: 'operator', requestId: 'R', initLocalDisk: false }

let now: number
let instances: InstanceStore

beforeEach(() => {
  now = START
  instances = createInstances(() => now)
})

function add(definition: Partial<InstanceInput> = {}) {
  return instances.add({ id: 'i-1', region: 'cn-hangzhou', ...definition })
}

function seen() {
  const { phase } = instances.find('i-1') ?? {}
  return [phase?.status, phase?.stoppedMode]
}

test('a start is Starting until its time is over, then Running', () => {
  add({ startingMs: 30 * SECOND })
  instances.start('i-1', byOperator)

  expect(seen()).toEqual(['Starting', 'Not-applicable'])
  now = START + 30 * SECOND - 1
  expect(seen()).toEqual(['Starting', 'Not-applicable'])
  now = START + 30 * SECOND
  expect(seen()).toEqual(['Running', 'Not-applicable'])
})

test('a stop is Stopping until its time is over, then Stopped in its mode', () => {
  add({ status: 'Running', stoppingMs: 20 * SECOND })
  instances.stop('i-1', 'StopCharging')

  expect(seen()).toEqual(['Stopping', 'Not-applicable'])
  now = START + 20 * SECOND
  expect(seen()).toEqual(['Stopped', 'StopCharging'])
})

test('a new instance is Pending, then Stopped', () => {
  add({ status: 'Pending', pendingMs: 10 * SECOND })

  expect(seen()[0]).toBe('Pending')
  now = START + 10 * SECOND
  expect(seen()[0]).toBe('Stopped')
})

test('a boot can fall back to Stopped', () => {
  add({ startingMs: 5 * SECOND, boot: 'falls-back', stoppedMode: 'StopCharging' })
  instances.start('i-1', byOperator)

  now = START + 5 * SECOND

  expect(seen()).toEqual(['Stopped', 'StopCharging'])
  expect(instances.starts('i-1')).toHaveLength(1)
})

test('a boot can hang', () => {
  add({ boot: 'hangs' })
  instances.start('i-1', byOperator)

  now = START + 24 * 60 * 60 * SECOND

  expect(seen()[0]).toBe('Starting')
})

test('what is described lags behind what is', () => {
  add({ startingMs: 30 * SECOND, describeLagMs: 10 * SECOND })
  now = START + 60 * SECOND
  instances.start('i-1', byOperator)
  const described = () => instances.find('i-1')?.described

  now += 10 * SECOND - 1
  expect(described()).toMatchObject({ status: 'Stopped', startedAt: undefined })
  now += 1
  expect(described()).toMatchObject({ status: 'Starting', startedAt: START + 60 * SECOND })
  now += 30 * SECOND - 1
  expect([seen()[0], described()?.status]).toEqual(['Running', 'Starting'])
})

test('a state that is set forgets what was to follow', () => {
  add({ startingMs: 30 * SECOND })
  instances.start('i-1', byOperator)

  instances.change('i-1', { status: 'Stopped' })

  now = START + 60 * SECOND
  expect(seen()[0]).toBe('Stopped')
})

test('a change keeps what it does not name', () => {
  add({ name: 'db', tags: { a: '1' }, startingMs: SECOND })

  const { definition } = instances.change('i-1', { tags: { b: '2' }, locks: [{ reason: 'security' }] })

  expect(definition).toMatchObject({
    name: 'db',
    tags: { b: '2' },
    startingMs: SECOND,
    locks: [{ reason: 'security' }],
  })
})

test('a stopped instance changes its stopped mode at once', () => {
  add()

  instances.change('i-1', { stoppedMode: 'StopCharging' })

  expect(seen()).toEqual(['Stopped', 'StopCharging'])
})

test('durations may change between two starts', () => {
  add({ startingMs: 30 * SECOND })
  instances.change('i-1', { startingMs: 5 * SECOND })
  instances.start('i-1', byOperator)

  now = START + 5 * SECOND

  expect(seen()[0]).toBe('Running')
})

test('starts are kept in order, also of an instance that is gone', () => {
  add()
  instances.add({ id: 'i-2', region: 'cn-shanghai' })
  instances.start('i-1', byOperator)
  now += SECOND
  instances.start('i-2', { role: 'starter', requestId: 'S', initLocalDisk: true })
  instances.remove('i-1')

  expect(instances.starts().map(({ instanceId, at }) => [instanceId, at])).toEqual([
    ['i-1', START],
    ['i-2', START + SECOND],
  ])
  expect(instances.starts('i-2')).toMatchObject([{ role: 'starter', region: 'cn-shanghai' }])
})

test('planned errors come in their order', () => {
  add()
  const error = { status: 500, message: 'm' }
  instances.planStartError('i-1', { ...error, code: 'A', times: 2 })
  instances.planStartError('i-1', { ...error, code: 'B' })
  const take = () => instances.takeStartError('i-1')?.code

  expect([take(), take(), take(), take()]).toEqual(['A', 'A', 'B', undefined])
})

test('planned errors can be called off', () => {
  add({ startErrors: [{ code: 'A', status: 500, message: 'm', times: null }] })

  instances.clearStartErrors('i-1')

  expect(instances.takeStartError('i-1')).toBeUndefined()
})

test('an id is taken once, and an unknown one is an error', () => {
  add()

  expect(() => add()).toThrow(InstanceError)
  expect(() => instances.stop('i-none', 'KeepCharging')).toThrow('there is no instance i-none')
})

test.each([
  ['a misspelt field', { startngMs: 5 }],
  ['an id of another kind', { id: 'd-1' }],
  ['a status that there is not', { status: 'Broken' }],
])('%s is no definition', (_, wrong) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a file without types could say
  expect(() => add(wrong as Partial<InstanceInput>)).toThrow()
})
