import { expect, it } from 'vitest'
import { findTargets } from '#core/doctor/targets.ts'
import { teamDocument, teamPolicy } from '#support/team.ts'

const own = { accountId: '1234567890123456', regionId: 'cn-hangzhou' }

function policyOf(instances: readonly object[], more: object = {}) {
  const document = teamDocument()
  const [rule] = document.rules
  const rules = instances.map((each, at) => ({ ...rule, name: `rule-${at}`, instances: each }))
  return teamPolicy({
    ...document,
    schedules: {},
    rules: rules.map((each) => ({ ...each, requesters: ['alice'] })),
    ...more,
  })
}

it('are the instances that were named, and those of rules, schedules and aliases', () => {
  const aliases = { db: { instanceId: 'i-bp1alias', regionId: 'cn-beijing' } }
  const policy = policyOf(
    [
      { ids: ['i-bp1one'] },
      { ids: ['i-bp1two'], regions: ['cn-shanghai', 'cn-hangzhou'] },
      { ids: ['i-bp1three'], regions: ['cn-shanghai'] },
      { ids: ['i-bp1other'], accounts: ['9999999999999999'] },
      { ids: ['i-bp1own'], accounts: [own.accountId] },
    ],
    { aliases },
  )
  expect(findTargets(policy, ['i-bp1named'], own)).toEqual([
    { regionId: 'cn-hangzhou', instanceId: 'i-bp1named' },
    { regionId: 'cn-hangzhou', instanceId: 'i-bp1one' },
    { regionId: 'cn-hangzhou', instanceId: 'i-bp1two' },
    { regionId: 'cn-shanghai', instanceId: 'i-bp1three' },
    { regionId: 'cn-hangzhou', instanceId: 'i-bp1own' },
    { regionId: 'cn-beijing', instanceId: 'i-bp1alias' },
  ])
  expect(findTargets(teamPolicy(), [], own)).toEqual([{ regionId: 'cn-hangzhou', instanceId: 'i-bp1reporting' }])
})

it('are none of another account, and not too many', () => {
  const aliases = { db: { instanceId: 'i-bp1alias', accountId: '9999999999999999' } }
  const ids = Array.from({ length: 30 }, (_, n) => `i-bp1many${n}`)
  expect(findTargets(policyOf([{ tags: { team: 'x' } }], { aliases }), [], own)).toEqual([])
  expect(findTargets(policyOf([{ ids }]), ids.slice(0, 1), own)).toHaveLength(20)
})
