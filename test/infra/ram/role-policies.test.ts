import { expect, test } from 'vitest'
import { type RamRequest, createRam } from '#infra/local/ram.ts'
import { type Role, readRolePolicies } from '#infra/local/ram-policy.ts'
import { readTables } from '#infra/local/create-tables.ts'
import { grantsOf, withoutAction } from '#support/ram.ts'

const policies = readRolePolicies({
  accountId: '1000',
  region: 'cn-hangzhou',
  instance: 'sg',
  gate: 'sg-gate',
  starter: 'sg-starter',
})
const ram = createRam(policies)

const OTS_ACTIONS = [
  'GetRow',
  'GetRange',
  'PutRow',
  'UpdateRow',
  'DeleteRow',
  'BatchGetRow',
  'BatchWriteRow',
  'SQL',
  'Search',
  'DescribeTable',
  'CreateTable',
  'UpdateTable',
  'DeleteTable',
  'ListTable',
  'StartLocalTransaction',
]
const ECS_ACTIONS = [
  'StartInstance',
  'StartInstances',
  'StopInstance',
  'RebootInstance',
  'DeleteInstance',
  'RunCommand',
  'DescribeInstances',
  'TagResources',
  'UntagResources',
  'CreateTags',
  'AddTags',
  'ModifyInstanceAttribute',
]
const FC_ACTIONS = ['InvokeFunction', 'UpdateFunction', 'GetFunction', 'DeleteFunction', 'PutConcurrencyConfig']

const table = (name: string) => `acs:ots:cn-hangzhou:1000:instance/sg/table/${name}`
const instance = (id: string) => `acs:ecs:cn-hangzhou:1000:instance/${id}`
const fn = (name: string) => `acs:fc:cn-hangzhou:1000:functions/${name}`

/** Every action on everything that there is, in the account and next to it. */
const UNIVERSE: readonly (RamRequest & { readonly label: string })[] = [
  ...OTS_ACTIONS.flatMap((action) =>
    [...readTables().map(({ name }) => name), 'other'].map((name) => ({
      label: `${name} ${action}`,
      action: `ots:${action}`,
      resource: table(name),
    })),
  ),
  ...ECS_ACTIONS.flatMap((action) => [
    {
      label: `tagged ${action}`,
      action: `ecs:${action}`,
      resource: instance('i-1'),
      resourceTags: { startgate: 'allowed' },
    },
    { label: `untagged ${action}`, action: `ecs:${action}`, resource: instance('i-2'), resourceTags: { team: 'ops' } },
  ]),
  ...FC_ACTIONS.flatMap((action) =>
    ['sg-gate', 'sg-starter', 'sg-gate2', 'other'].map((name) => ({
      label: `${name} ${action}`,
      action: `fc:${action}`,
      resource: fn(name),
    })),
  ),
  { label: 'AssumeRole', action: 'sts:AssumeRole', resource: 'acs:ram::1000:role/starter' },
  { label: 'AttachPolicyToRole', action: 'ram:AttachPolicyToRole', resource: 'acs:ram::1000:role/gate' },
]

function allowedTo(role: Role): string[] {
  return UNIVERSE.filter((request) => ram.decide(role, request) === 'allowed').map(({ label }) => label)
}

test('the gate may do exactly this', () => {
  expect(allowedTo('gate').toSorted()).toEqual([
    'asks DescribeTable',
    'asks GetRange',
    'asks GetRow',
    'asks PutRow',
    'days DescribeTable',
    'days GetRange',
    'days PutRow',
    'open DeleteRow',
    'open DescribeTable',
    'open GetRange',
    'open PutRow',
    'runs DescribeTable',
    'runs GetRange',
    'sg-gate InvokeFunction',
    'sg-starter InvokeFunction',
    'tagged DescribeInstances',
    'untagged DescribeInstances',
  ])
})

test('the starter may do exactly this', () => {
  expect(allowedTo('starter').toSorted()).toEqual([
    'asks GetRange',
    'open GetRange',
    'runs GetRange',
    'runs GetRow',
    'runs PutRow',
    'sg-gate InvokeFunction',
    'tagged DescribeInstances',
    'tagged StartInstance',
    'untagged DescribeInstances',
  ])
})

test.each([
  ['another account', 'acs:ots:cn-hangzhou:2000:instance/sg/table/asks'],
  ['another region', 'acs:ots:cn-shanghai:1000:instance/sg/table/asks'],
  ['another Tablestore instance', 'acs:ots:cn-hangzhou:1000:instance/sg2/table/asks'],
])('nothing is allowed in %s', (_, resource) => {
  expect(ram.decide('gate', { action: 'ots:GetRange', resource })).toBe('implicit-deny')
})

test('an instance of another account is not started, whatever its tags', () => {
  const request = { action: 'ecs:StartInstance', resourceTags: { startgate: 'allowed' } }

  expect(ram.decide('starter', { ...request, resource: 'acs:ecs:cn-beijing:1000:instance/i-1' })).toBe('allowed')
  expect(ram.decide('starter', { ...request, resource: 'acs:ecs:cn-beijing:2000:instance/i-1' })).toBe('implicit-deny')
})

test('each book has one writing role', () => {
  const writers = (name: string) =>
    (['gate', 'starter'] as const).filter((role) =>
      ['PutRow', 'UpdateRow', 'DeleteRow', 'BatchWriteRow'].some(
        (action) => ram.decide(role, { action: `ots:${action}`, resource: table(name) }) === 'allowed',
      ),
    )

  expect([writers('asks'), writers('runs'), writers('open'), writers('days')]).toEqual([
    ['gate'],
    ['starter'],
    ['gate'],
    ['gate'],
  ])
})

test.each(['gate', 'starter'] as const)('no action of the %s has a wildcard', (role) => {
  expect(grantsOf(policies[role]).filter(({ action }) => action.includes('*'))).toEqual([])
})

test('an action can be taken from a policy, everywhere or on one resource', () => {
  const everywhere = createRam({ gate: withoutAction(policies.gate, 'ots:PutRow') })
  const once = createRam({ gate: withoutAction(policies.gate, 'ots:PutRow', table('open')) })
  const decide = (which: typeof ram) =>
    ['asks', 'open', 'days'].map((name) => which.decide('gate', { action: 'ots:PutRow', resource: table(name) }))

  expect(decide(everywhere)).toEqual(['implicit-deny', 'implicit-deny', 'implicit-deny'])
  expect(decide(once)).toEqual(['allowed', 'implicit-deny', 'allowed'])
  expect(once.decide('gate', { action: 'ots:GetRange', resource: table('open') })).toBe('allowed')
  expect(() => withoutAction(policies.gate, 'ecs:StartInstance')).toThrow('does not grant ecs:StartInstance')
})

test('taking an action away leaves conditions in place', () => {
  const { starter } = policies
  const narrowed = createRam({ starter: withoutAction(starter, 'ecs:DescribeInstances') })

  expect(narrowed.decide('starter', { action: 'ecs:StartInstance', resource: instance('i-1') })).toBe('implicit-deny')
})
