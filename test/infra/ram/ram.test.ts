import { expect, test } from 'vitest'
import { type RamDecision, createRam } from '#infra/local/ram.ts'
import { parsePolicy, renderPolicy } from '#infra/local/ram-policy.ts'

const ONE = 'acs:ecs:cn-hangzhou:1000:instance/i-1'

function decide(statements: readonly object[], tags?: Record<string, string>, resource = ONE): RamDecision {
  const ram = createRam({ role: parsePolicy({ Version: '1', Statement: statements }) })
  return ram.decide('role', { action: 'ecs:StartInstance', resource, ...(tags && { resourceTags: tags }) })
}

function allow(more: object = {}) {
  return { Effect: 'Allow', Action: 'ecs:StartInstance', Resource: '*', ...more }
}

test('what nobody allows is denied', () => {
  expect(decide([])).toBe('implicit-deny')
  expect(createRam({}).decide('nobody', { action: 'ecs:StartInstance', resource: ONE })).toBe('implicit-deny')
})

test('an explicit denial wins, wherever it stands', () => {
  const deny = { ...allow(), Effect: 'Deny' }

  expect(decide([allow(), deny])).toBe('explicit-deny')
  expect(decide([deny, allow()])).toBe('explicit-deny')
  expect(decide([allow(), { ...deny, Resource: 'acs:ecs:*:*:instance/i-2' }])).toBe('allowed')
})

test.each<[string | string[], RamDecision]>([
  ['ecs:StartInstance', 'allowed'],
  ['ecs:Start*', 'allowed'],
  ['ecs:*', 'allowed'],
  ['*', 'allowed'],
  [['ecs:StopInstance', 'ecs:StartInstance'], 'allowed'],
  ['ecs:Start', 'implicit-deny'],
  ['ecs:StartInstances', 'implicit-deny'],
  ['ots:*', 'implicit-deny'],
])('the action %s: %s', (Action, decision) => {
  expect(decide([allow({ Action })])).toBe(decision)
})

test.each<[string | string[], RamDecision]>([
  [ONE, 'allowed'],
  ['acs:ecs:*:1000:instance/*', 'allowed'],
  ['acs:ecs:*:*:*', 'allowed'],
  [['acs:ecs:*:*:disk/*', ONE], 'allowed'],
  ['acs:ecs:cn-hangzhou:1000:instance/i-', 'implicit-deny'],
  ['acs:ecs:cn-shanghai:*:instance/*', 'implicit-deny'],
  // A dot stands for a dot, not for any character.
  ['acs:ecs:cn-hangzhou:1000:instance/i.1', 'implicit-deny'],
])('the resource %s: %s', (Resource, decision) => {
  expect(decide([allow({ Resource })])).toBe(decision)
})

const equals = (values: unknown) => allow({ Condition: { StringEquals: { 'acs:ResourceTag/env': values } } })
const like = (values: unknown) => allow({ Condition: { StringLike: { 'acs:ResourceTag/env': values } } })

test.each<[string, object, Record<string, string> | undefined, RamDecision]>([
  ['the tag has the value', equals('prod'), { env: 'prod' }, 'allowed'],
  ['the tag has one of the values', equals(['test', 'prod']), { env: 'prod' }, 'allowed'],
  ['the tag has another value', equals('prod'), { env: 'test' }, 'implicit-deny'],
  ['the value differs in case', equals('prod'), { env: 'Prod' }, 'implicit-deny'],
  ['the tag is not there', equals('prod'), { other: 'prod' }, 'implicit-deny'],
  ['there are no tags', equals('prod'), undefined, 'implicit-deny'],
  ['equality knows no wildcards', equals('p*'), { env: 'prod' }, 'implicit-deny'],
  ['a pattern matches', like('p*d'), { env: 'prod' }, 'allowed'],
  ['a pattern matches one character', like('pro?'), { env: 'prod' }, 'allowed'],
  ['a pattern does not match', like('p?d'), { env: 'prod' }, 'implicit-deny'],
  ['a pattern for any value needs the tag', like('*'), { other: 'prod' }, 'implicit-deny'],
  ['a pattern is of the whole value', like('ro'), { env: 'prod' }, 'implicit-deny'],
])('a condition on a tag: %s', (_, statement, tags, decision) => {
  expect(decide([statement], tags)).toBe(decision)
})

test('all conditions must hold', () => {
  const statement = allow({
    Condition: {
      StringEquals: { 'acs:ResourceTag/env': 'prod', 'acs:ResourceTag/team': 'ops' },
      StringLike: { 'acs:ResourceTag/name': 'db-*' },
    },
  })

  expect(decide([statement], { env: 'prod', team: 'ops', name: 'db-1' })).toBe('allowed')
  expect(decide([statement], { env: 'prod', team: 'ops', name: 'web' })).toBe('implicit-deny')
  expect(decide([statement], { env: 'prod', name: 'db-1' })).toBe('implicit-deny')
})

test.each([
  ['a condition operator', allow({ Condition: { IpAddress: { 'acs:SourceIp': '10.0.0.0/8' } } })],
  ['a negated operator', allow({ Condition: { StringNotEquals: { 'acs:ResourceTag/env': 'prod' } } })],
  ['a condition key', allow({ Condition: { StringEquals: { 'acs:SourceVpc': 'vpc-1' } } })],
  ['a tag key without a name', allow({ Condition: { StringEquals: { 'acs:ResourceTag/': 'x' } } })],
  ['an element', { Effect: 'Allow', NotAction: 'ecs:StopInstance', Resource: '*' }],
  ['an effect', { ...allow(), Effect: 'allow' }],
  ['a list of no actions', allow({ Action: [] })],
  ['an action without a service', allow({ Action: 'StartInstance' })],
  ['a resource that is none', allow({ Resource: 'instance/i-1' })],
])('%s that cannot be evaluated stops the load', (_, statement) => {
  expect(() => parsePolicy({ Version: '1', Statement: [statement] })).toThrow('RAM policy')
})

const values = { accountId: '1000', region: 'cn-hangzhou', instance: 'sg', gate: 'g', starter: 's' }
const text = (resource: string) => JSON.stringify({ Version: '1', Statement: [allow({ Resource: resource })] })

test('placeholders are filled in', () => {
  const { Statement } = renderPolicy(text('acs:ecs:${region}:${accountId}:instance/*'), values)

  expect(Statement[0]?.Resource).toEqual(['acs:ecs:cn-hangzhou:1000:instance/*'])
})

test('an unknown placeholder is an error', () => {
  expect(() => renderPolicy(text('acs:ecs:${regoin}:1000:instance/*'), values)).toThrow('unknown placeholder ${regoin}')
})

test.each(['*', 'a/b', 'a"', ''])('the value "%s" cannot widen a policy', (accountId) => {
  expect(() => renderPolicy(text('acs:ecs:*:${accountId}:instance/*'), { ...values, accountId })).toThrow(
    'not a plain name',
  )
})
