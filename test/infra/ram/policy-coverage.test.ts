// Would the starter's role start what the rules of the policy are for? Else people approve what RAM then refuses.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { parsePolicy, type Policy } from '#core/policy.ts'
import { createRam } from '#infra/local/ram.ts'
import { parsePolicy as parseRolePolicy, type PolicyDocument, readRolePolicies } from '#infra/local/ram-policy.ts'
import { parseServiceFile } from '#infra/s-yaml.ts'

const root = new URL('../../../', import.meta.url)
const ACCOUNT = '1000'
const { resources } = parseServiceFile(readFileSync(new URL('s.yaml', root), 'utf8'))
const home = resources.starter.props.region
const { starter } = readRolePolicies({
  accountId: ACCOUNT,
  region: home,
  instance: 'sg',
  gate: 'sg-gate',
  starter: 'sg-starter',
})
const example: unknown = parse(readFileSync(new URL('infra/policy.yaml', root), 'utf8'))

/** The rules, by name, with an instance that they are for and that the role would not let start. */
function uncovered(policy: Policy, role: PolicyDocument): readonly string[] {
  const ram = createRam({ starter: role })
  return policy.rules.flatMap(({ name, instances }) => {
    // Who left something out means any.
    const { accounts = [ACCOUNT], regions = ['xx-anywhere'], ids = ['i-any'] } = instances
    const isStarted = (resource: string) =>
      tagsToStart(role).some(
        (tags) =>
          ram.decide('starter', {
            action: 'ecs:StartInstance',
            resource,
            // Whoever runs the instances puts the role's tag on those that may be started; a rule may not want another.
            resourceTags: { ...tags, ...instances.tags },
          }) === 'allowed',
      )
    const all = accounts.flatMap((account) =>
      regions.flatMap((region) => ids.map((id) => `acs:ecs:${region}:${account}:instance/${id}`)),
    )
    return all.filter((resource) => !isStarted(resource)).map((resource) => `${name}: ${resource}`)
  })
}

/** What each statement that allows a start wants an instance to be tagged with. */
function tagsToStart(role: PolicyDocument): readonly Record<string, string>[] {
  return role.Statement.filter(({ Action }) => Action.includes('ecs:StartInstance')).map(({ Condition }) =>
    Object.fromEntries(
      Object.entries(Condition?.StringEquals ?? {}).map(([key, [value = '']]) => [
        key.replace('acs:ResourceTag/', ''),
        value,
      ]),
    ),
  )
}

/** The example with other instances in its first rule. */
function withInstances(instances: object): Policy {
  const document = structuredClone(example) as { rules: { instances: object }[] }
  if (document.rules[0] !== undefined) document.rules[0].instances = instances
  return toPolicy(document)
}

function toPolicy(document: unknown): Policy {
  const parsed = parsePolicy(document)
  if (!parsed.ok) throw new Error('the policy is refused')
  return parsed.policy
}

test('the role lets the instances of every rule be started', () => {
  expect(uncovered(toPolicy(example), starter)).toEqual([])
})

test('no rule names a region that the starter does not reach from its VPC', () => {
  const { internetAccess, environmentVariables } = resources.starter.props
  expect([internetAccess, environmentVariables.ECS_ENDPOINT]).toEqual([false, 'ecs-vpc.<region>.aliyuncs.com'])

  const named = toPolicy(example).rules.flatMap(({ name, instances }) =>
    (instances.regions ?? []).map((region) => `${name}: ${region}`),
  )
  expect(named.filter((each) => !each.endsWith(`: ${home}`))).toEqual([])
})

test.each([
  [{ tags: { team: 'reporting', startgate: 'never' } }, ['reporting: acs:ecs:xx-anywhere:1000:instance/i-any']],
  [
    { accounts: ['1000000000000000'], regions: [home], tags: { team: 'reporting' } },
    [`reporting: acs:ecs:${home}:1000000000000000:instance/i-any`],
  ],
])('a rule for %j is named', (instances, named) => {
  expect(uncovered(withInstances(instances), starter)).toEqual(named)
})

test('a role that is narrowed to a region, or to an instance, names the rules for others', () => {
  const narrowed = (Resource: string) =>
    parseRolePolicy({
      Version: '1',
      Statement: [{ Effect: 'Allow', Action: 'ecs:StartInstance', Resource }],
    })

  expect(uncovered(toPolicy(example), narrowed(`acs:ecs:${home}:${ACCOUNT}:instance/*`))).toEqual([
    'ledger: acs:ecs:xx-anywhere:1000:instance/i-any',
  ])
  const two = withInstances({ regions: [home], ids: ['i-bp1one0000000', 'i-bp1two0000000'] })
  expect(uncovered(two, narrowed(`acs:ecs:*:${ACCOUNT}:instance/i-bp1one0000000`))).toEqual([
    `reporting: acs:ecs:${home}:1000:instance/i-bp1two0000000`,
    'ledger: acs:ecs:xx-anywhere:1000:instance/i-any',
  ])
  expect(uncovered(toPolicy(example), { Version: '1', Statement: [] })).toHaveLength(2)
})
