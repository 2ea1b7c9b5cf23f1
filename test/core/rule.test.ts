import { describe, expect, test } from 'vitest'
import type { Policy } from '#core/policy.ts'
import {
  applyRule,
  canBeSatisfied,
  createOpening,
  eligibleApprovers,
  findRule,
  findRuleOf,
  neededApprovals,
  type Target,
} from '#core/rule.ts'
import {
  ACCOUNT,
  aPolicy,
  aProposal,
  aRule,
  INSTANCE,
  NOW,
  REGION,
  VALID_FOR,
  type RuleDraft,
} from '#support/samples.ts'

const TARGET: Target = { accountId: ACCOUNT, regionId: REGION, instanceId: INSTANCE, tags: { team: 'data', size: 'l' } }
const ALICE = { principal: 'alice' }
const BOT = { principal: 'deploy-bot' }

function under(rule: RuleDraft): { readonly policy: Policy; readonly rule: Policy['rules'][number] } {
  const policy = aPolicy({ rules: [aRule(rule)] })
  const [first] = policy.rules
  if (first === undefined) throw new Error('a policy has a rule')
  return { policy, rule: first }
}

describe('findRule', () => {
  const find = (rule: RuleDraft, requester = 'alice', target: Partial<Target> = {}): string | undefined =>
    findRule(aPolicy({ rules: [aRule(rule)] }), requester, { ...TARGET, ...target })?.name

  test('finds the rule that names all of it', () => {
    expect(
      find({
        instances: { accounts: [ACCOUNT], regions: [REGION], ids: [INSTANCE], tags: { team: 'data', size: 'l' } },
      }),
    ).toBe('workers')
  })

  test('what a rule does not name may be anything', () => {
    expect(
      find({ instances: {} }, 'alice', { accountId: '99999999', regionId: 'cn-x', instanceId: 'i-x', tags: {} }),
    ).toBe('workers')
  })

  test.each<[string, RuleDraft, string, Partial<Target>]>([
    ['another requester', {}, 'bob', {}],
    ['another account', { instances: { accounts: [ACCOUNT] } }, 'alice', { accountId: '99999999' }],
    ['another region', { instances: { regions: [REGION] } }, 'alice', { regionId: 'cn-beijing' }],
    ['another instance', { instances: { ids: [INSTANCE] } }, 'alice', { instanceId: 'i-other' }],
    ['another value of the tag', { instances: { tags: { team: 'data' } } }, 'alice', { tags: { team: 'web' } }],
    ['no such tag', { instances: { tags: { team: 'data' } } }, 'alice', { tags: {} }],
    ['one tag of two', { instances: { tags: { team: 'data', size: 'l' } } }, 'alice', { tags: { team: 'data' } }],
  ])('%s is not covered', (_what, rule, requester, target) => {
    expect(find(rule, requester, target)).toBeUndefined()
  })

  test('the first that matches applies', () => {
    const rules = [
      aRule({ name: 'beijing', instances: { regions: ['cn-beijing'] } }),
      aRule({ name: 'first', instances: {} }),
      aRule({ name: 'second', instances: {} }),
    ]

    expect(findRule(aPolicy({ rules }), 'alice', TARGET)?.name).toBe('first')
  })
})

describe('neededApprovals', () => {
  test.each<[string, RuleDraft, Parameters<typeof neededApprovals>[2], boolean, number]>([
    ['a person asks', {}, ALICE, false, 1],
    ['the rule says two', { approvals: 2 }, ALICE, false, 2],
    ['disks are wiped', { mayInitLocalDisk: true }, ALICE, true, 2],
    ['disks are wiped and the rule says three', { mayInitLocalDisk: true, approvals: 3 }, ALICE, true, 3],
    ['a machine asks for nobody', {}, BOT, false, 2],
    ['a machine asks for a person', {}, { ...BOT, onBehalfOf: 'alice' }, false, 1],
    ['a machine may do with one', { machinesAlone: 'one approval is enough' }, BOT, false, 1],
    [
      'a machine may do with one, but wipes',
      { machinesAlone: 'one approval is enough', mayInitLocalDisk: true },
      BOT,
      true,
      2,
    ],
    [
      'a machine may do with one, but the rule says two',
      { machinesAlone: 'one approval is enough', approvals: 2 },
      BOT,
      false,
      2,
    ],
    ['a schedule asks for nobody', {}, { principal: 'nightly' }, false, 2],
    ['nobody of this policy asks', {}, { principal: 'stranger' }, false, 2],
  ])('when %s', (_when, draft, requester, wipe, needed) => {
    const { policy, rule } = under(draft)

    expect(neededApprovals(policy, rule, requester, wipe)).toBe(needed)
  })
})

describe('eligibleApprovers', () => {
  const { rule } = under({ approvers: ['alice', 'bob', 'carol', 'erin'] })

  test.each([
    [ALICE, ['bob', 'carol', 'erin']],
    [{ principal: 'deploy-bot', onBehalfOf: 'bob' }, ['alice', 'carol', 'erin']],
    [BOT, ['alice', 'bob', 'carol', 'erin']],
  ])('%o cannot approve for themselves', (requester, names) => {
    expect(eligibleApprovers(rule, requester)).toEqual(names)
  })
})

describe('applyRule', () => {
  test('turns the special cases into numbers and names', () => {
    const { policy, rule } = under({ mayInitLocalDisk: true })

    expect(applyRule(policy, rule, { principal: 'deploy-bot', onBehalfOf: 'bob' }, true)).toEqual({
      name: 'workers',
      approvals: 2,
      approvers: ['carol', 'erin'],
      tool: 'own-tool',
      validFor: VALID_FOR,
    })
  })

  test.each(['any', 'own-tool'] as const)('without wiping the tool is the rule’s: %s', (tool) => {
    const { policy, rule } = under({ tool })

    expect(applyRule(policy, rule, ALICE, false).tool).toBe(tool)
  })

  test('names who may say the yes of each group, without who asks', () => {
    const policy = aPolicy({
      groups: { leads: ['alice', 'bob'], finance: ['carol', 'erin'] },
      rules: [aRule({ approvers: ['bob'], oneOfEach: ['leads', 'finance'] })],
    })
    const [rule] = policy.rules
    const applied = rule && applyRule(policy, rule, ALICE, false)

    expect(applied?.approvers).toEqual(['bob', 'carol', 'erin'])
    expect(applied?.oneOfEach).toEqual([
      { group: 'leads', approvers: ['bob'] },
      { group: 'finance', approvers: ['carol', 'erin'] },
    ])
  })
})

describe('canBeSatisfied', () => {
  const { policy, rule } = under({})
  const applied = applyRule(policy, rule, ALICE, false)
  const [leads, finance] = [
    { group: 'leads', approvers: ['bob'] },
    { group: 'finance', approvers: [] },
  ]

  test.each([
    ['as many approvers as approvals', { approvals: 3 }, true],
    ['fewer', { approvals: 4 }, false],
    ['somebody of each group', { oneOfEach: [leads] }, true],
    ['nobody of one group', { oneOfEach: [leads, finance] }, false],
  ])('%s', (_what, change, can) => {
    expect(canBeSatisfied({ ...applied, ...change })).toBe(can)
  })
})

describe('createOpening', () => {
  const hours = [{ days: ['mon'], from: '10:00', to: '11:00' }]

  test('is that of the rule for the instance as it was seen', () => {
    const { policy } = under({ hours })

    expect(findRuleOf(policy, aProposal())?.name).toBe('workers')
    expect(createOpening(policy, aProposal())(NOW)).toBe(Date.UTC(2026, 10, 23, 10))
  })

  test('where no rule applies any more there is nothing to wait for', () => {
    const { policy } = under({ hours, instances: { ids: ['i-other'] } })

    expect(findRuleOf(policy, aProposal())).toBeUndefined()
    expect(createOpening(policy, aProposal())(NOW)).toBe(NOW)
  })
})
