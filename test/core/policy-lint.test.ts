import { describe, expect, test } from 'vitest'
import { parsePolicy } from '#core/policy.ts'
import type { PolicyFault } from '#core/policy-lint.ts'
import { kidOf, publicJwk } from '#support/keys.ts'
import { aPolicyDocument, aRule, type RuleDraft } from '#support/samples.ts'
import { string } from '#support/soft-ssh.ts'

function lint(change: Readonly<Record<string, unknown>>): readonly PolicyFault[] {
  const parsed = parsePolicy(aPolicyDocument(change))
  return parsed.ok ? [] : parsed.faults
}

function lintRules(...rules: readonly RuleDraft[]): readonly PolicyFault[] {
  return lint({ rules: rules.map((rule) => aRule(rule)) })
}

const PEOPLE = {
  alice: {},
  bob: { keys: [publicJwk('bob')] },
  carol: { keys: [publicJwk('carol')] },
  erin: { keys: [publicJwk('erin')] },
}

describe('lintPolicy, names', () => {
  test('finds nothing wrong with a sound policy', () => {
    expect(lint({})).toEqual([])
  })

  test.each([
    ['a machine', { machines: { alice: {}, 'deploy-bot': {} } }],
    [
      'a schedule',
      {
        schedules: {
          alice: { owner: 'bob', ask: { instanceId: 'i-bp67', reason: 'x' } },
          nightly: { owner: 'alice', ask: { instanceId: 'i-bp67', reason: 'x' } },
        },
      },
    ],
  ])('one name for a person and %s', (_what, change) => {
    expect(lint(change)).toContainEqual({
      path: [...Object.keys(change), 'alice'],
      cause: 'alice names two principals',
      cure: 'give each person, machine and schedule a name of its own',
    })
  })

  test('one name for two rules', () => {
    expect(lintRules({}, { requesters: ['bob'], approvers: ['carol'] })).toEqual([
      { path: ['rules', '1', 'name'], cause: 'workers names two rules', cure: 'give each rule a name of its own' },
    ])
  })

  test('a name that is nearly one, with the one that is meant', () => {
    const rules = [
      aRule({ requesters: ['alcie'], approvers: ['bbo', 'leds'], oneOfEach: ['leds'], tell: ['alice-dsk'] }),
    ]

    expect(lint({ groups: { leads: ['carl'] }, rules }).map(({ cure }) => cure)).toEqual([
      'did you mean carol?',
      'did you mean leads?',
      'did you mean alice-desk?',
      'did you mean alice?',
      'did you mean bob?',
    ])
  })

  test('a reader who is nobody', () => {
    expect(lint({ mayRead: ['mallory'] })).toEqual([
      {
        path: ['mayRead'],
        cause: 'mallory is nobody in this policy',
        cure: 'add mallory to people, machines or schedules, or correct the name',
      },
    ])
  })

  test.each<[string, RuleDraft]>([
    ['requesters', { requesters: ['alice', 'mallory'], approvals: 1, approvers: ['bob', 'carol'] }],
    ['approvers', { approvers: ['bob', 'carol', 'mallory'] }],
    ['mayCancel', { mayCancel: ['mallory'] }],
  ])('somebody in %s who is nobody', (entry, rule) => {
    expect(lintRules(rule)).toEqual([
      {
        path: ['rules', '0', entry],
        cause: 'mallory is nobody in this policy',
        cure: 'add mallory to people, machines or schedules, or correct the name',
      },
    ])
  })

  test.each([['toString'], ['constructor'], ['__proto__']])('%s is nobody, though every object has it', (name) => {
    expect(lint({ mayRead: [name] })).not.toEqual([])
  })

  test.each([
    ['a machine', 'deploy-bot'],
    ['nobody', 'mallory'],
  ])('a schedule that belongs to %s', (_whom, owner) => {
    expect(lint({ schedules: { nightly: { owner, ask: { instanceId: 'i-bp67', reason: 'x' } } } })).toContainEqual({
      path: ['schedules', 'nightly', 'owner'],
      cause: `${owner} is no person of this policy`,
      cure: 'a schedule is owned by a person',
    })
  })

  test.each([
    [['people', 'alice', 'tell'], { people: { ...PEOPLE, alice: { tell: ['pager'] } } }],
    [['machines', 'deploy-bot', 'tell'], { machines: { 'deploy-bot': { tell: ['pager'] } } }],
    [['rules', '0', 'tell'], { rules: [aRule({ tell: ['ops-room', 'pager'] })] }],
  ])('a receiver at %j that is not described', (path, change) => {
    expect(lint(change)).toEqual([
      {
        path,
        cause: 'pager is no receiver of this policy',
        cure: 'add pager to receivers, or correct the name',
      },
    ])
  })
})

/** Bob's key, as OpenSSH writes it. */
function sshLine(type: string, ...more: readonly Buffer[]): string {
  const parts = [string(type), string(Buffer.from(publicJwk('bob')['x'] ?? '', 'base64url')), ...more]
  return `${type} ${Buffer.concat(parts).toString('base64')}`
}

describe('lintPolicy, keys', () => {
  const twiceAt = (path: string, holders: string): readonly PolicyFault[] => [
    {
      path: path.split('.'),
      cause: `the key ${kidOf('bob')} is written down twice, for ${holders}`,
      cure: 'one key belongs to one principal, once',
    },
  ]

  test.each([
    [
      'two people',
      'people.bob.keys.0',
      'alice and bob',
      { people: { ...PEOPLE, alice: { keys: [publicJwk('bob')] } } },
    ],
    [
      'two people, once for SSH',
      'people.bob.keys.0',
      'alice and bob',
      { people: { ...PEOPLE, alice: { keys: [{ ssh: sshLine('ssh-ed25519') }] } } },
    ],
    [
      'two people, once as a security key',
      'people.bob.keys.0',
      'alice and bob',
      { people: { ...PEOPLE, alice: { keys: [{ ssh: sshLine('sk-ssh-ed25519@openssh.com', string('ssh:')) }] } } },
    ],
    [
      'a person and a machine',
      'machines.deploy-bot.keys.0',
      'bob and deploy-bot',
      { machines: { 'deploy-bot': { keys: [publicJwk('bob')] } } },
    ],
    [
      'one person, twice',
      'people.bob.keys.1',
      'bob',
      { people: { ...PEOPLE, bob: { keys: [publicJwk('bob'), publicJwk('bob')] } } },
    ],
    [
      'two people, at different times',
      'people.bob.keys.0',
      'alice and bob',
      { people: { ...PEOPLE, alice: { keys: [{ ...publicJwk('bob'), until: '2026-01-01T00:00:00Z' }] } } },
    ],
  ])('one key of %s, found where it stands again', (_whom, path, holders, change) => {
    expect(lint(change)).toEqual(twiceAt(path, holders))
  })
})

describe('lintPolicy, rules that nobody could satisfy', () => {
  const cure = 'name more approvers who have a key and are not the requester, or ask for fewer approvals'
  const unsatisfied = (cause: string): readonly PolicyFault[] => [{ path: ['rules', '0', 'approvers'], cause, cure }]

  test.each<[string, RuleDraft, string]>([
    [
      'the only approver is the requester',
      { requesters: ['bob'], approvers: ['bob'] },
      'a request by bob needs 1 approval, and 0 of the approvers can give one',
    ],
    [
      'the only approver has no key',
      { requesters: ['alice'], approvers: ['dave'] },
      'a request by alice needs 1 approval, and 0 of the approvers can give one',
    ],
    [
      'there are fewer approvers than approvals',
      { requesters: ['alice'], approvals: 4 },
      'a request by alice needs 4 approvals, and 3 of the approvers can give one',
    ],
    [
      'a machine asks and there is one approver',
      { requesters: ['deploy-bot'], approvers: ['bob'] },
      'a request by deploy-bot needs 2 approvals, and 1 of the approvers can give one',
    ],
    [
      'disks may be wiped and there is one approver',
      { requesters: ['alice'], approvers: ['bob'], mayInitLocalDisk: true },
      'a request by alice needs 2 approvals, and 1 of the approvers can give one',
    ],
    [
      'a schedule’s owner is the only approver',
      { requesters: ['nightly'], approvers: ['alice'] },
      'a request by nightly needs 1 approval, and 0 of the approvers can give one',
    ],
  ])('%s', (_what, rule, cause) => {
    expect(lintRules(rule)).toEqual(unsatisfied(cause))
  })

  test.each<[string, RuleDraft]>([
    [
      'a machine may do with one approval',
      { requesters: ['deploy-bot'], approvers: ['bob'], machinesAlone: 'one approval is enough' },
    ],
    ['a person stands behind the schedule', { requesters: ['nightly'], approvers: ['bob'] }],
    ['one of three has no key', { requesters: ['alice'], approvers: ['bob', 'carol', 'dave'], approvals: 2 }],
  ])('satisfied: %s', (_what, rule) => {
    expect(lintRules(rule)).toEqual([])
  })

  test.each(['deploy-bot', 'nightly'])('%s is no person, and cannot approve', (name) => {
    expect(lintRules({ approvers: ['bob', 'carol', name] })).toEqual([
      {
        path: ['rules', '0', 'approvers'],
        cause: `${name} is no person, and only people approve`,
        cure: `remove ${name} from the approvers`,
      },
    ])
  })
})

describe('lintPolicy, rules reached by a tag', () => {
  const TAGGED = { name: 'tagged', instances: { tags: { team: 'data' } } }
  const PLAIN = { name: 'plain', instances: {} }
  const weaker = (index: string): readonly PolicyFault[] => [
    {
      path: ['rules', index],
      cause: 'with its tag an instance is started more easily than by rule plain, which applies without it',
      cure: 'make tagged at least as strict as plain, or name its instances by id',
    },
  ]

  test.each<[string, RuleDraft, RuleDraft]>([
    ['fewer approvals', {}, { approvals: 2 }],
    ['any tool', {}, { tool: 'own-tool' }],
    ['wiping', { mayInitLocalDisk: true }, {}],
    ['machines alone', { machinesAlone: 'one approval is enough' }, {}],
    ['another approver', {}, { approvers: ['bob', 'carol'] }],
  ])('a tag must not lead to %s', (_what, tagged, plain) => {
    expect(lintRules({ ...TAGGED, ...tagged }, { ...PLAIN, ...plain })).toEqual(weaker('0'))
    expect(lintRules({ ...PLAIN, ...plain }, { ...TAGGED, ...tagged })).toEqual(weaker('1'))
  })

  test.each<[string, RuleDraft, RuleDraft]>([
    ['as strict', {}, {}],
    [
      'stricter in everything',
      { approvals: 2, tool: 'own-tool', approvers: ['bob', 'carol'] },
      { mayInitLocalDisk: true, machinesAlone: 'one approval is enough' },
    ],
    [
      'the same allowances',
      { mayInitLocalDisk: true, machinesAlone: 'one approval is enough', tool: 'own-tool' },
      { mayInitLocalDisk: true, machinesAlone: 'one approval is enough', tool: 'own-tool' },
    ],
    ['both by tag', { approvals: 1 }, { approvals: 2, instances: { tags: { size: 'l' } } }],
  ])('sound: %s', (_what, tagged, plain) => {
    expect(lintRules({ ...TAGGED, ...tagged }, { ...PLAIN, ...plain })).toEqual([])
  })

  test.each<[string, object, object, readonly string[]]>([
    ['account', { accounts: ['11111111'] }, { accounts: ['22222222'] }, ['alice']],
    ['region', { regions: ['cn-beijing'] }, { regions: ['cn-hangzhou'] }, ['alice']],
    ['instance', { ids: ['i-bp67'] }, { ids: ['i-bp68'] }, ['alice']],
    ['requester', {}, {}, ['nightly']],
  ])('rules that differ by %s never meet', (_what, left, right, requesters) => {
    const tagged = { name: 'tagged', requesters: ['alice'], instances: { ...left, tags: { team: 'data' } } }
    const plain = { name: 'plain', requesters, approvals: 2, instances: right }

    expect(lintRules(tagged, plain)).toEqual([])
  })

  test.each([
    ['account', { accounts: ['11111111', '22222222'] }, { accounts: ['22222222'] }],
    ['region', { regions: ['cn-beijing'] }, {}],
    ['instance', {}, { ids: ['i-bp68'] }],
  ])('rules that share one %s may meet', (_what, left, right) => {
    const tagged = { name: 'tagged', instances: { ...left, tags: { team: 'data' } } }

    expect(lintRules(tagged, { name: 'plain', approvals: 2, instances: right })).toEqual(weaker('0'))
  })
})
