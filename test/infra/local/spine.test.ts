import { expect, test } from 'vitest'
import { createCredentials } from '#infra/local/credentials.ts'
import { createSpine } from '#infra/local/create-spine.ts'
import { createFaultPlan } from '#infra/local/faults.ts'
import { createOperationLog } from '#infra/local/operation-log.ts'
import { createRequestLog } from '#infra/local/request-log.ts'
import type { CloudCall, FaultRule, Operation } from '#infra/local/spine.ts'

const NOW = Date.UTC(2026, 0, 1)
const HOUR = 60 * 60 * 1000

function call(more: Partial<CloudCall> = {}): CloudCall {
  return {
    service: 'ots',
    operation: 'PutRow',
    credentials: { accessKeyId: 'K', accessKeySecret: 'S', role: 'gate' },
    action: 'ots:PutRow',
    resource: 'acs:ots:cn-hangzhou:1:instance/startgate/table/asks',
    subject: 'asks (req_1, 2)',
    ...more,
  }
}

function operation(more: Partial<Operation> = {}): Operation {
  return {
    at: NOW,
    service: 'ots',
    operation: 'PutRow',
    role: 'gate',
    subject: 's',
    status: 200,
    durationMs: 1.4,
    ...more,
  }
}

test('issued credentials are found, with their role, their time and their instance', () => {
  const credentials = createCredentials({ now: () => NOW })

  const issued = credentials.issue('gate', { ttlMs: HOUR, functionInstance: 'f-1' })

  expect(issued).toMatchObject({
    accessKeyId: expect.stringMatching(/^STS\./),
    role: 'gate',
    expiresAt: NOW + HOUR,
    functionInstance: 'f-1',
  })
  expect(credentials.find(issued.accessKeyId)).toEqual(issued)
  expect(credentials.find('STS.unknown')).toBeUndefined()
})

test('no two credentials are alike', () => {
  const credentials = createCredentials({ now: () => NOW })
  const [a, b] = [1, 2].map(() => credentials.issue('gate', { ttlMs: HOUR }))

  expect(a?.accessKeyId).not.toBe(b?.accessKeyId)
  expect(a?.accessKeySecret).not.toBe(b?.accessKeySecret)
  expect(a?.securityToken).not.toBe(b?.securityToken)
})

test('credentials can be expired at once, the operator’s cannot', () => {
  const credentials = createCredentials({ now: () => NOW })
  const { accessKeyId } = credentials.issue('gate', { ttlMs: HOUR })

  expect(credentials.expire(accessKeyId)).toBe(true)
  expect(credentials.find(accessKeyId)?.expiresAt).toBe(NOW)
  expect(credentials.expire(credentials.operator.accessKeyId)).toBe(false)
})

test('keys that expired long ago are forgotten', () => {
  let now = NOW
  const credentials = createCredentials({ now: () => now })
  const { accessKeyId } = credentials.issue('gate', { ttlMs: HOUR })
  now += 3 * HOUR
  for (let n = 0; n < 1000; n += 1) credentials.issue('gate', { ttlMs: HOUR })

  expect(credentials.find(accessKeyId)).toBeUndefined()
})

test('the operator may everything, an unknown role nothing', () => {
  const spine = createSpine({ now: () => NOW })

  expect(spine.allows(call({ credentials: spine.credentials.operator }))).toBe(true)
  expect(spine.allows(call({ credentials: { ...call().credentials, role: 'stranger' } }))).toBe(false)
})

test('the clock can be set ahead of the machine’s', () => {
  const spine = createSpine({ now: () => NOW })

  spine.clock.setOffset(HOUR)

  expect(spine.now()).toBe(NOW + HOUR)
  expect(spine.credentials.issue('gate', { ttlMs: HOUR }).expiresAt).toBe(NOW + 2 * HOUR)
})

test('a function instance is reached once Function Compute is attached', () => {
  const spine = createSpine({ policies: {} })
  const crashed: string[] = []

  expect(() => spine.functions.crash('f-1')).toThrow('no Function Compute')
  spine.attachFunctions({ crash: (instance) => crashed.push(instance), freeze: () => {} })
  spine.functions.crash('f-1')

  expect(crashed).toEqual(['f-1'])
})

function befallen(rules: readonly FaultRule[], calls: readonly CloudCall[]): (string | undefined)[] {
  const plan = createFaultPlan()
  for (const rule of rules) plan.add(rule)
  return calls.map((each) => plan.faultFor(each)?.kind)
}

const lost = { kind: 'lost', applied: false } as const
const crash = { kind: 'crash', applied: true } as const

test.each<[string, Omit<FaultRule, 'fault'>, (string | undefined)[]]>([
  ['once, unless told otherwise', {}, ['lost', undefined, undefined]],
  ['as often as told', { times: 2 }, ['lost', 'lost', undefined]],
  ['every time', { times: null }, ['lost', 'lost', 'lost']],
  ['after some have passed', { skip: 1 }, [undefined, 'lost', undefined]],
])('a fault befalls calls %s', (_, rule, kinds) => {
  expect(befallen([{ ...rule, fault: lost }], [call(), call(), call()])).toEqual(kinds)
})

test.each<[string, Omit<FaultRule, 'fault'>]>([
  ['service', { service: 'ecs' }],
  ['operation', { operation: 'GetRow' }],
  ['role', { role: 'starter' }],
  ['subject', { subject: 'runs' }],
])('a fault spares calls of another %s', (_, rule) => {
  expect(befallen([{ ...rule, fault: lost }], [call()])).toEqual([undefined])
})

test('a subject matches when it contains the text', () => {
  expect(befallen([{ subject: 'req_1', fault: lost }], [call()])).toEqual(['lost'])
})

test('rules stand in line, and each counts every call it matches', () => {
  const inLine = [{ fault: lost }, { fault: crash }]
  const byPosition = [{ skip: 1, fault: crash }, { fault: lost }]

  expect(befallen(inLine, [call(), call(), call()])).toEqual(['lost', 'crash', undefined])
  expect(befallen(byPosition, [call(), call(), call()])).toEqual(['lost', 'crash', undefined])
})

test('the plan tells how often each rule has hit, and forgets what is cleared', () => {
  const plan = createFaultPlan()
  const id = plan.add({ skip: 1, fault: lost })
  plan.add({ operation: 'GetRow', fault: lost })
  plan.faultFor(call())
  plan.faultFor(call())

  expect(plan.list().map(({ seen, hits }) => [seen, hits])).toEqual([
    [2, 1],
    [0, 0],
  ])
  expect([plan.clear(id), plan.clear(id), plan.clear()]).toEqual([1, 0, 1])
  expect(plan.list()).toEqual([])
})

test('the log counts by service, operation and role, and after a mark', () => {
  const log = createOperationLog()
  log.record(operation())
  log.record(operation({ role: 'starter' }))
  const mark = log.mark()
  log.record(operation())

  expect(log.counts()).toEqual([
    { service: 'ots', operation: 'PutRow', role: 'gate', calls: 2 },
    { service: 'ots', operation: 'PutRow', role: 'starter', calls: 1 },
  ])
  expect(log.counts(mark)).toEqual([{ service: 'ots', operation: 'PutRow', role: 'gate', calls: 1 }])
  expect(log.since(mark)).toEqual([operation()])
})

test('the log keeps the last lines and all counts', () => {
  const log = createOperationLog(3)
  const subjects = ['a', 'b', 'c', 'd', 'e']
  for (const subject of subjects) log.record(operation({ subject }))

  expect(log.since().map(({ subject }) => subject)).toEqual(['c', 'd', 'e'])
  expect(log.since(3).map(({ subject }) => subject)).toEqual(['d', 'e'])
  expect(log.counts()).toMatchObject([{ calls: 5 }])
  expect(() => log.since(1)).toThrow(RangeError)
})

function printed(line: Operation, color = false): string {
  const lines: string[] = []
  createRequestLog({ write: (text) => lines.push(text), color })(line)
  return lines.join('\n')
}

test('a call is one readable line', () => {
  const line = printed(operation({ status: 403, code: 'OTSConditionCheckFail', fault: 'delayed' }))

  expect(line).toMatch(
    /^00:00:00\.000 {2}ots {2}PutRow +gate +403 +1 ms {2}s {2}OTSConditionCheckFail {2}fault: delayed$/,
  )
})

test('no answer is shown as such', () => {
  expect(printed(operation({ status: 0 }))).toContain('---')
})

test('colour is only for terminals, and a subject cannot make its own', () => {
  const escape = String.fromCharCode(27)

  expect(printed(operation({ subject: `${escape}[2J\nfake line` }))).toMatch(/\?\[2J\?fake line$/)
  expect(printed(operation(), true)).toContain(`${escape}[32m200`)
})
