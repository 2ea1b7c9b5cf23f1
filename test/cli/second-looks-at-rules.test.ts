import { describe, expect, test } from 'vitest'
import { findSecondLooks } from '#lib/cli/policy/second-looks.ts'
import { findLooksAtRules } from '#lib/cli/policy/second-looks-at-rules.ts'
import { aPolicy, aRule, NOW, type RuleDraft } from '#support/samples.ts'

const GROUPS = { leads: ['bob'], finance: ['bob', 'carol'] }
const HOURS = [{ days: ['mon'], from: '08:00', to: '20:00' }]

function looks(change: Readonly<Record<string, unknown>>, ...rules: readonly RuleDraft[]): readonly string[] {
  return findLooksAtRules(aPolicy({ groups: GROUPS, ...change, rules: rules.map((rule) => aRule(rule)) }))
}

describe('hours', () => {
  test('of no zone are those of UTC, and it is said', () => {
    expect(
      looks({}, { hours: HOURS }, { name: 'nights', requesters: ['bob'], approvers: ['carol'], hours: HOURS }),
    ).toEqual(['The hours of workers and nights are those of UTC. If that is what you mean, write timeZone: Etc/UTC.'])
  })

  test.each(['Etc/UTC', 'Asia/Shanghai'])('of %s are meant so', (timeZone) => {
    expect(looks({ timeZone }, { hours: HOURS })).toEqual([])
  })

  test.each([
    ['Etc/GMT+8', 'In Etc/GMT+8 the clocks are 8 h behind UTC, not ahead of it: '],
    ['Etc/GMT-14', 'In Etc/GMT-14 the clocks are 14 h ahead of UTC, not behind it: '],
  ])('of %s are not what they seem', (timeZone, said) => {
    expect(findSecondLooks(aPolicy({ timeZone }), NOW)).toContain(`${said}the sign in its name is the other way round.`)
  })
})

describe('tags', () => {
  const strict = { name: 'prod', instances: { tags: { env: 'prod' } }, approvals: 2, requesters: ['alice'] }
  const said = (names: string): string =>
    `Only tags keep ${names} from what rule prod is for: whoever may change them gets it with less, or from others.`

  test('that tell a strict rule from easier ones are named with them', () => {
    const dev = { name: 'dev', instances: { tags: { env: 'dev' } }, requesters: ['alice'] }
    const rest = { name: 'rest', instances: {}, requesters: ['alice'] }

    expect(looks({}, strict, dev)).toEqual([said('dev')])
    expect(looks({}, strict, dev, rest)).toEqual([said('dev and rest')])
  })

  test.each<[string, RuleDraft]>([
    ['is as strict', { instances: { tags: { env: 'dev' } }, approvals: 2 }],
    ['is of other regions', { instances: { regions: ['cn-beijing'], tags: { env: 'dev' } } }],
    ['is of other requesters', { instances: { tags: { env: 'dev' } }, requesters: ['bob'] }],
  ])('do not matter where the other rule %s', (_what, other) => {
    const prod = { ...strict, instances: { regions: ['cn-hangzhou'], tags: { env: 'prod' } } }

    expect(looks({}, prod, { name: 'dev', requesters: ['alice'], ...other })).toEqual([])
  })

  test('do not matter where both rules have the same', () => {
    expect(looks({}, strict, { ...strict, name: 'again', approvals: 1 })).toEqual([])
  })
})

describe('one of each', () => {
  const rule = { approvers: ['leads', 'finance'], oneOfEach: ['leads', 'finance'] }

  test('is one alone, who is in all of the groups', () => {
    expect(looks({}, rule)).toEqual(['bob alone is enough for leads and finance in rule workers; add approvals: 2.'])
  })

  test.each<[string, Readonly<Record<string, unknown>>, RuleDraft]>([
    ['two have to say yes', {}, { ...rule, approvals: 2 }],
    ['there is one group', {}, { ...rule, oneOfEach: ['leads'] }],
    ['nobody is in all of them', { groups: { leads: ['bob'], finance: ['carol'] } }, rule],
  ])('is as it seems where %s', (_what, change, draft) => {
    expect(looks(change, draft)).toEqual([])
  })
})
