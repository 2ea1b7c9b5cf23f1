import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type PolicyValues, readRolePolicies, type Role } from '#infra/local/ram-policy.ts'
import { grantsOf } from '#support/ram.ts'
import { parseHcl, readText } from './files.ts'

const ROLES: readonly Role[] = ['gate', 'starter']
const VALUES: PolicyValues = {
  accountId: '1000',
  region: 'cn-hangzhou',
  instance: 'sg',
  gate: 'sg-gate',
  starter: 'sg-starter',
}

const text = readText()
const { resource, locals } = await parseHcl(text)
const policies = readRolePolicies(VALUES)

test('each role gets the policy of its own file, and nothing else is granted', () => {
  expect(resource['alicloud_ram_policy']?.['function']).toMatchObject({
    for_each: '${local.functions}',
    policy_document: '${jsonencode(jsondecode(local.policies[each.key]))}',
  })
  expect(resource['alicloud_ram_role_policy_attachment']?.['function']).toMatchObject({
    for_each: '${local.functions}',
    role_name: '${alicloud_ram_role.function[each.key].role_name}',
    policy_name: '${alicloud_ram_policy.function[each.key].policy_name}',
  })
  const granting = Object.entries(resource).filter(([type]) => type.startsWith('alicloud_ram_'))
  expect(granting.map(([type, each]) => [type, Object.keys(each)])).toEqual([
    ['alicloud_ram_policy', ['function']],
    ['alicloud_ram_role', ['function']],
    ['alicloud_ram_role_policy_attachment', ['function']],
  ])
})

test('the placeholders of the files are filled in, all of them, by the names that the local cloud uses', () => {
  const expression = String(locals.find((each) => 'policies' in each)?.['policies'])
  const filled = [...expression.matchAll(/^ +(\w+) += /gm)].map(([, name = '']) => name)
  const wanted = ROLES.flatMap((role) => {
    const file = readFileSync(new URL(`../../../infra/ram/${role}.json`, import.meta.url), 'utf8')
    return [...file.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name)
  })

  expect(expression).toContain('role => templatefile("${path.module}/../ram/${role}.json", {')
  expect(filled).toEqual(Object.keys(VALUES))
  expect(filled).toEqual(expect.arrayContaining(wanted))
})

test('only Function Compute may take a role on', () => {
  const trust = String(resource['alicloud_ram_role']?.['function']?.['assume_role_policy_document'])

  expect([...trust.matchAll(/Principal += (.*)/g)].map(([, principal]) => principal)).toEqual([
    '{ Service = ["fc.aliyuncs.com"] }',
  ])
})

test('no action has a wildcard, here or in the files', () => {
  const here = [...text.matchAll(/\bActions? += (.*)/g)].map(([, actions = '']) => actions)
  const granted = ROLES.flatMap((role) => grantsOf(policies[role]).map(({ action }) => action))

  expect(here).toEqual(['"sts:AssumeRole"'])
  expect(granted.filter((action) => action.includes('*'))).toEqual([])
})

test('only the starter may start, and only what has the tag', () => {
  const starting = ROLES.flatMap((role) =>
    policies[role].Statement.filter(({ Action }) => Action.some((action) => action.startsWith('ecs:Start'))).map(
      ({ Action, Condition }) => ({ role, Action, Condition }),
    ),
  )

  expect(starting).toEqual([
    {
      role: 'starter',
      Action: ['ecs:StartInstance'],
      Condition: { StringEquals: { 'acs:ResourceTag/startgate': ['allowed'] } },
    },
  ])
})
