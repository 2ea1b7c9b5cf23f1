import { describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '#core/durations.ts'
import { parsePolicy, type PolicyDocument } from '#core/policy.ts'
import { publicJwk } from '#support/keys.ts'
import { aPolicy, aPolicyDocument, aRule, type RuleDraft } from '#support/samples.ts'
import { changeEachLeaf } from '#support/leaves.ts'

function faultsOf(document: unknown): readonly object[] {
  const parsed = parsePolicy(document)
  return parsed.ok ? [] : parsed.faults
}

function ruleOf(rule: RuleDraft): PolicyDocument['rules'][number] | undefined {
  return aPolicy({ rules: [aRule(rule)] }).rules[0]
}

describe('parsePolicy', () => {
  test('fills in what is left out', () => {
    const { digest: _digest, ...policy } = aPolicy({
      machines: undefined,
      schedules: undefined,
      receivers: undefined,
      mayRead: undefined,
      people: { alice: {}, bob: { keys: [publicJwk('bob')] } },
      rules: [{ name: 'all', requesters: ['alice'], approvers: ['bob'], instances: {}, validFor: '1h' }],
    })

    expect(policy).toMatchObject({
      example: false,
      people: { alice: { keys: [], tell: [] } },
      machines: {},
      schedules: {},
      receivers: {},
      mayRead: [],
      rules: [
        {
          instances: { tags: {} },
          approvals: 1,
          tool: 'any',
          attempts: 3,
          mayInitLocalDisk: false,
          mayCancel: [],
          tell: [],
        },
      ],
    })
    expect(policy.rules[0]).not.toHaveProperty('machinesAlone')
  })

  test('reads what a machine and a schedule may have', () => {
    const v1a = ['whpk_J4EX/BRMcjQPZ9DyMW6Dhs7/vyskKMnFH+98WX8dQm4=']
    const { machines, schedules } = aPolicy({
      machines: { 'deploy-bot': { webhook: { v1a } } },
      schedules: { nightly: { owner: 'alice', ask: { instanceId: 'i-bp67', reason: 'Nightly', startIn: '30m' } } },
    })

    expect(machines['deploy-bot']?.webhook).toEqual({ v1: false, v1a })
    expect(schedules['nightly']?.ask).toEqual({
      instanceId: 'i-bp67',
      reason: 'Nightly',
      startIn: 30 * MINUTE,
      initLocalDisk: false,
      dryRun: false,
    })
  })

  test.each([
    ['45s', 45 * SECOND],
    ['30m', 30 * MINUTE],
    ['2h', 2 * HOUR],
    ['1d', DAY],
    ['30d', 30 * DAY],
    ['99999s', 99_999 * SECOND],
  ])('a duration of %s is %i ms', (text, ms) => {
    expect(ruleOf({ validFor: text })?.validFor).toBe(ms)
  })

  test.each(['0m', '01h', '1', '1w', '-1h', '1.5h', '1h ', '100000s', ''])('%j is no duration', (validFor) => {
    expect(faultsOf(aPolicyDocument({ rules: [aRule({ validFor })] }))).toEqual([
      {
        path: ['rules', '0', 'validFor'],
        cause: 'a duration looks like 30m, 2h or 1d',
        cure: 'write it anew, as in: validFor: 2h',
      },
    ])
  })

  test.each(['31d', '721h', '99999m'])('a request is not good for %s', (validFor) => {
    expect(faultsOf(aPolicyDocument({ rules: [aRule({ validFor })] }))).toMatchObject([
      { path: ['rules', '0', 'validFor'], cause: 'a request is good for 30 days at most' },
    ])
  })

  test.each([
    'https://gate.example.com',
    'https://gate.example.com:8443',
    'https://xn--fiq228c.example.com',
    'http://localhost',
    'http://localhost:8080',
  ])('a page may be at %s', (origin) => {
    expect(aPolicy({ page: { origin } }).page).toEqual({ origin })
  })

  test.each([
    'http://gate.example.com',
    'ftp://localhost',
    'ws://localhost',
    'javascript://localhost',
    'https://localhost',
    'https://com',
    'https://*.example.com',
    'https://gate_x.example.com',
    'https://gate.example.com.',
    'https://gate.example.com:443',
    'https://gate.example.com:99999',
    'https://GATE.example.com',
    'https://аpple.com',
    'https://a@gate.example.com',
    'https://10.0.0.5',
    'https://10.0.0.0x5',
    'https://[::1]',
    'http://127.0.0.1:8080',
  ])('a page is not at %s', (origin) => {
    expect(faultsOf(aPolicyDocument({ page: { origin } }))).toMatchObject([{ path: ['page', 'origin'] }])
  })

  test.each<[string, RuleDraft]>([
    ['an unknown entry', { sudo: true }],
    ['no requesters', { requesters: [] }],
    ['no approvers', { approvers: [] }],
    ['no approvals', { approvals: 0 }],
    ['six approvals', { approvals: 6 }],
    ['half an approval', { approvals: 1.5 }],
    ['no attempts', { attempts: 0 }],
    ['eleven attempts', { attempts: 11 }],
    ['an unknown tool', { tool: 'chat' }],
    ['an empty list of accounts', { instances: { accounts: [] } }],
    ['an empty list of regions', { instances: { regions: [] } }],
    ['an empty list of ids', { instances: { ids: [] } }],
    ['a tag without a name', { instances: { tags: { '': 'x' } } }],
    ['other words', { machinesAlone: 'one is enough' }],
    ['a name in capitals', { name: 'Workers' }],
    ['no instances', { instances: undefined }],
    ['no end', { validFor: undefined }],
  ])('refuses a rule with %s', (_what, rule) => {
    const faults = faultsOf(aPolicyDocument({ rules: [aRule(rule)] }))

    expect(faults).toMatchObject([{ path: expect.arrayContaining(['rules', '0']) }])
  })

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a list', []],
    ['an unknown entry', aPolicyDocument({ admins: ['alice'] })],
    ['no rules', aPolicyDocument({ rules: [] })],
    ['no people', aPolicyDocument({ people: undefined })],
    ['a person with an unknown entry', aPolicyDocument({ people: { alice: { admin: true } } })],
    ['a receiver that is no web address', aPolicyDocument({ receivers: { 'ops-room': { url: 'ftp://example.com' } } })],
    ['a webhook key that is none', aPolicyDocument({ machines: { bot: { webhook: { v1a: ['whpk_short'] } } } })],
    ['a name that is a path', aPolicyDocument({ people: { '../alice': {} } })],
  ])('refuses %s', (_what, document) => {
    expect(faultsOf(document)).not.toEqual([])
  })

  test('names every fault at once', () => {
    expect(faultsOf(aPolicyDocument({ rules: [aRule({ approvals: 0 }), aRule({ tool: 'chat' })] }))).toHaveLength(2)
  })

  test('a policy that is well formed and cannot work is refused too', () => {
    expect(faultsOf(aPolicyDocument({ mayRead: ['nobody'] }))).toMatchObject([{ path: ['mayRead'] }])
  })

  test('the digest changes with every entry that stays valid', () => {
    const changed = changeEachLeaf(aPolicyDocument()).flatMap(({ value }) => {
      const parsed = parsePolicy(value)
      return parsed.ok ? [parsed.policy.digest] : []
    })

    expect(changed.length).toBeGreaterThan(5)
    expect(new Set([...changed, aPolicy().digest]).size).toBe(changed.length + 1)
  })

  test('the digest is that of the document as it was written: a default that is written out is another', () => {
    expect(aPolicy({ example: false }).digest).not.toBe(aPolicy().digest)
    expect(aPolicy().digest).toMatch(/^[0-9a-f]{64}$/)
  })
})
