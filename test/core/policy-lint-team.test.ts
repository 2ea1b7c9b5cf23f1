// Groups, hours, freezes and aliases that a policy's form lets through, and that could not work.
import { describe, expect, test } from 'vitest'
import { parsePolicy } from '#core/policy.ts'
import type { PolicyFault } from '#core/policy-lint.ts'
import { publicJwk } from '#support/keys.ts'
import { aPolicy, aPolicyDocument, aRule, INSTANCE, type RuleDraft } from '#support/samples.ts'

const GROUPS = { leads: ['bob', 'carol'], finance: ['carol', 'erin'] }

function lint(change: Readonly<Record<string, unknown>>): readonly PolicyFault[] {
  const parsed = parsePolicy(aPolicyDocument({ groups: GROUPS, ...change }))
  return parsed.ok ? [] : parsed.faults
}

function lintRules(...rules: readonly RuleDraft[]): readonly PolicyFault[] {
  return lint({ rules: rules.map((rule) => aRule(rule)) })
}

describe('lintPolicy, groups', () => {
  test('finds nothing wrong where groups stand for people', () => {
    const names = { requesters: ['alice', 'team'], approvers: ['leads', 'erin'], mayCancel: ['finance'] }

    expect(
      lint({
        groups: { ...GROUPS, team: ['alice'] },
        mayRead: ['leads'],
        machines: { 'deploy-bot': { mayActFor: ['team'] } },
        rules: [aRule({ ...names, oneOfEach: ['leads', 'finance'] })],
      }),
    ).toEqual([])
  })

  test.each([
    ['person', 'alice'],
    ['machine', 'deploy-bot'],
    ['schedule', 'nightly'],
  ])('one name for a group and a %s', (kind, name) => {
    expect(lint({ groups: { [name]: ['bob'] } })).toContainEqual({
      path: ['groups', name],
      cause: `${name} names a ${kind} too`,
      cure: 'give the group a name of its own',
    })
  })

  test('nobody in a group', () => {
    expect(lint({ groups: { leads: [] } })).toEqual([
      { path: ['groups', 'leads'], cause: 'nobody is in this group', cure: 'name its people, or remove it' },
    ])
  })

  test.each([
    ['mallory', 'mallory is nobody in this policy', 'add mallory to people, or correct the name'],
    ['leads', 'leads is a group, and a group has people only', 'name the people of leads instead'],
    ['deploy-bot', 'deploy-bot is a machine, and a group has people only', 'remove deploy-bot from the group'],
    ['nightly', 'nightly is a schedule, and a group has people only', 'remove nightly from the group'],
  ])('%s in a group', (name, cause, cure) => {
    expect(lint({ groups: { ...GROUPS, ops: ['alice', name] } })).toEqual([{ path: ['groups', 'ops'], cause, cure }])
  })

  test('a machine that would approve as one of a group', () => {
    const faults = lint({ groups: { bots: ['bob', 'deploy-bot'] }, rules: [aRule({ approvers: ['bots'] })] })

    expect(faults.map(({ path, cause }) => [path.join('.'), cause])).toEqual([
      ['groups.bots', 'deploy-bot is a machine, and a group has people only'],
      ['rules.0.approvers', 'deploy-bot is no person, and only people approve'],
    ])
  })

  test.each(['managers', 'bob'])('oneOfEach names %s, which is no group', (name) => {
    expect(lintRules({ oneOfEach: ['leads', name] })).toEqual([
      {
        path: ['rules', '0', 'oneOfEach'],
        cause: `${name} is no group of this policy`,
        cure: `add ${name} to groups, or correct the name`,
      },
    ])
  })
})

describe('lintPolicy, yes of each group', () => {
  test.each<[string, Readonly<Record<string, readonly string[]>>, RuleDraft]>([
    ['the requester is all there is of it', { leads: ['bob'] }, { requesters: ['bob'] }],
    ['the owner of the schedule is', { leads: ['alice'] }, { requesters: ['nightly'] }],
    ['nobody in it has a key', { leads: ['dave'] }, { requesters: ['alice'] }],
  ])('a group that cannot say yes, as %s', (_what, groups, rule) => {
    expect(lint({ groups, rules: [aRule({ ...rule, oneOfEach: ['leads'] })] })).toEqual([
      {
        path: ['rules', '0', 'oneOfEach'],
        cause: `a request by ${String((rule['requesters'] as string[])[0])} needs a yes of leads, and nobody there can give one`,
        cure: 'add people to leads who have a key and are not the requester',
      },
    ])
  })

  test('those of the groups are approvers like any other', () => {
    const rule = { requesters: ['alice'], approvers: ['bob'], approvals: 2, oneOfEach: ['finance'] }

    expect(lintRules(rule)).toEqual([])
    expect(aPolicy({ groups: GROUPS, rules: [aRule(rule)] }).rules[0]?.approvers).toEqual(['bob', 'carol', 'erin'])
  })

  const TAGGED = { name: 'tagged', instances: { tags: { team: 'data' } } }
  const PLAIN = { name: 'plain', instances: {}, oneOfEach: ['leads'] }

  test.each<[string, RuleDraft]>([
    ['asks for no group', {}],
    ['asks for another group', { oneOfEach: ['finance'] }],
  ])('a tag must not lead to a rule that %s', (_what, tagged) => {
    expect(lintRules({ ...TAGGED, ...tagged }, PLAIN)).toMatchObject([{ path: ['rules', '0'] }])
  })

  test.each<[string, RuleDraft]>([
    ['the same group', { oneOfEach: ['leads'] }],
    ['a part of it', { oneOfEach: ['carol-alone'] }],
    ['approvers who are all of it', { approvers: ['bob', 'carol'] }],
  ])('as strict: %s', (_what, tagged) => {
    const rules = [aRule({ ...TAGGED, ...tagged }), aRule(PLAIN)]

    expect(lint({ groups: { ...GROUPS, 'carol-alone': ['carol'] }, rules })).toEqual([])
  })

  test('hours only delay: a tag may lead to a rule without them', () => {
    const hours = [{ days: ['mon'], from: '08:00', to: '20:00' }]

    expect(lintRules(TAGGED, { name: 'plain', instances: {}, hours })).toEqual([])
  })
})

describe('lintPolicy, tools of one’s own', () => {
  const passkey = { ...publicJwk('erin'), passkey: 'A'.repeat(22) }
  const page = { origin: 'https://gate.example.com' }
  const people = { alice: {}, bob: { keys: [passkey] }, carol: { keys: [publicJwk('carol')] } }
  const withRule = (rule: RuleDraft): readonly PolicyFault[] =>
    lint({
      groups: {},
      page,
      people,
      schedules: {},
      receivers: {},
      rules: [aRule({ requesters: ['alice'], ...rule })],
    })

  test('a passkey is none', () => {
    expect(withRule({ approvers: ['bob'], tool: 'own-tool' })).toEqual([
      {
        path: ['rules', '0', 'approvers'],
        cause:
          'a request by alice needs a yes that is signed with a tool of one’s own, and the approvers have passkeys only',
        cure: 'give one of them an SSH key or a JWK too',
      },
    ])
  })

  test('wiping needs one too', () => {
    const two = { ...people, dave: { keys: [{ ...publicJwk('dave'), passkey: `${'B'.repeat(21)}A` }] } }
    const rule = { requesters: ['alice'], approvers: ['bob', 'dave'], mayInitLocalDisk: true }

    expect(lint({ groups: {}, page, people: two, schedules: {}, receivers: {}, rules: [aRule(rule)] })).toMatchObject([
      { cause: expect.stringContaining('passkeys only') },
    ])
  })

  test.each<[string, RuleDraft]>([
    ['one of two has another key', { approvers: ['bob', 'carol'], tool: 'own-tool' }],
    ['any tool will do', { approvers: ['bob'] }],
  ])('sound: %s', (_what, rule) => {
    expect(withRule(rule)).toEqual([])
  })
})

describe('lintPolicy, hours and freezes', () => {
  test.each([
    ['end before they begin', '20:00', '08:00'],
    ['end as they begin', '08:00', '08:00'],
  ])('hours that %s', (_what, from, to) => {
    const sound = { days: ['mon'], from: '00:00', to: '24:00' }

    expect(lintRules({ hours: [sound, { days: ['mon'], from, to }] })).toEqual([
      {
        path: ['rules', '0', 'hours', '1'],
        cause: 'these hours end before they begin',
        cure: 'write two entries for hours that go past midnight: one to 24:00, and one of the next day from 00:00',
      },
    ])
  })

  const [from, until] = ['2026-12-24T00:00:00+08:00', '2027-01-02T00:00:00+08:00']

  test.each<[string, readonly object[], PolicyFault]>([
    [
      'ends as it begins',
      [{ name: 'year-end', from, until: from }],
      { path: ['freezes', '0'], cause: 'this freeze ends before it begins', cure: 'correct its from and until' },
    ],
    [
      'ends before it begins',
      [{ name: 'year-end', from: until, until: from }],
      { path: ['freezes', '0'], cause: 'this freeze ends before it begins', cure: 'correct its from and until' },
    ],
    [
      'has the name of another',
      [
        { name: 'year-end', from, until },
        { name: 'year-end', from, until },
      ],
      { path: ['freezes', '1'], cause: 'year-end names two freezes', cure: 'give each freeze a name of its own' },
    ],
    [
      'is of no rule',
      [{ name: 'year-end', from, until, rules: ['workers', 'writers'] }],
      {
        path: ['freezes', '0', 'rules'],
        cause: 'writers is no rule of this policy',
        cure: 'add writers to rules, or correct the name',
      },
    ],
  ])('a freeze that %s', (_what, freezes, fault) => {
    expect(lint({ freezes })).toEqual([fault])
  })

  test.each([
    ['time zone that is none', { timeZone: 'Asia/Hangzhou' }],
    ['time zone that is an offset', { timeZone: '+08:00' }],
    ['freeze without an offset', { freezes: [{ name: 'x', from: '2026-12-24T00:00:00', until }] }],
    ['freeze of no rules', { freezes: [{ name: 'x', from, until, rules: [] }] }],
    ['day that is none', { rules: [aRule({ hours: [{ days: ['monday'], from: '08:00', to: '20:00' }] })] }],
    ['beginning at 24:00', { rules: [aRule({ hours: [{ days: ['mon'], from: '24:00', to: '24:00' }] })] }],
    ['end after 24:00', { rules: [aRule({ hours: [{ days: ['mon'], from: '08:00', to: '24:01' }] })] }],
    ['time without minutes', { rules: [aRule({ hours: [{ days: ['mon'], from: '8', to: '20:00' }] })] }],
    ['rule with an empty list of hours', { rules: [aRule({ hours: [] })] }],
  ])('refuses a %s', (_what, change) => {
    expect(lint(change)).toHaveLength(1)
  })

  test.each([
    ['CST', 'America/Chicago'],
    ['BST', 'Asia/Dhaka'],
    ['PRC', 'Asia/Shanghai'],
    ['GMT', 'UTC'],
  ])('refuses %s, which is %s here', (timeZone, zone) => {
    expect(lint({ timeZone })).toEqual([
      {
        path: ['timeZone'],
        cause: `${timeZone} is ${zone} here, and may be meant for another`,
        cure: 'write it anew, as in: timeZone: "Asia/Shanghai"',
      },
    ])
  })

  test.each(['UTC', 'Etc/UTC', 'Asia/Shanghai'])('takes %s', (timeZone) => {
    expect(lint({ timeZone })).toEqual([])
  })

  test('takes a time zone and a freeze as they are meant', () => {
    expect(lint({ timeZone: 'America/Argentina/Buenos_Aires', freezes: [{ name: 'x', from, until }] })).toEqual([])
  })
})

describe('lintPolicy, aliases', () => {
  const aliases = { 'report-db': { instanceId: INSTANCE, regionId: 'cn-hangzhou' } }
  const nightly = (ask: object): object => ({ nightly: { owner: 'alice', ask: { reason: 'Nightly', ...ask } } })

  test('stand for their instance in schedules and rules', () => {
    const policy = aPolicy({
      aliases,
      schedules: nightly({ instanceId: 'report-db' }),
      rules: [aRule({ instances: { ids: ['i-bp1other', 'report-db'] } })],
    })

    expect(policy.schedules['nightly']?.ask).toMatchObject({ instanceId: INSTANCE, regionId: 'cn-hangzhou' })
    expect(policy.rules[0]?.instances.ids).toEqual(['i-bp1other', INSTANCE])
  })

  test.each(['i-report', 'i-bp67acfmxazb4p3ujhx1'])('%s looks like an instance', (name) => {
    expect(lint({ aliases: { [name]: { instanceId: INSTANCE } } })).toEqual([
      {
        path: ['aliases', name],
        cause: 'it looks like an instance id',
        cure: 'give it a name that does not begin with i-',
      },
    ])
  })

  test('one that leads to nothing', () => {
    expect(lint({ aliases: { 'report-db': {} } })).toMatchObject([{ path: ['aliases', 'report-db', 'instanceId'] }])
  })

  test.each<[readonly string[], Readonly<Record<string, unknown>>]>([
    [['schedules', 'nightly', 'ask', 'instanceId'], { schedules: nightly({ instanceId: 'web-db' }) }],
    [['rules', '0', 'instances', 'ids'], { rules: [aRule({ instances: { ids: ['web-db'] } })] }],
  ])('one at %j that is unknown', (path, change) => {
    expect(lint({ aliases, ...change })).toEqual([
      { path, cause: 'web-db is no alias of this policy', cure: 'add web-db to aliases, or correct the name' },
    ])
  })

  test('a schedule that looks for its instance in another region', () => {
    expect(lint({ aliases, schedules: nightly({ instanceId: 'report-db', regionId: 'cn-beijing' }) })).toEqual([
      {
        path: ['schedules', 'nightly', 'ask', 'instanceId'],
        cause: 'report-db is somewhere else',
        cure: 'leave out the region and account that differ from those of the alias',
      },
    ])
  })
})
