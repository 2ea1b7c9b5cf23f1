import { describe, expect, test } from 'vitest'
import { findSecondLooks } from '#lib/cli/policy/second-looks.ts'
import { findLooksAtReceivers } from '#lib/cli/policy/second-looks-at-receivers.ts'
import { publicJwk } from '#support/keys.ts'
import { aPolicy, aRule, NOW } from '#support/samples.ts'

const CHATS = {
  slack: { team: 'T1', app: 'A1' },
  feishu: { tenant: 't1', app: 'cli_1' },
  dingtalk: { corp: 'ding1', app: 'a', robot: 'r', template: 't', route: 'g' },
}

interface Change {
  readonly chat?: readonly string[]
  readonly receivers?: Readonly<Record<string, object>>
  readonly tell?: readonly string[]
}

function aPolicyWith({ chat = [], receivers = {}, tell = Object.keys(receivers) }: Change) {
  const names = ['alice', 'bob', 'carol', 'erin'] as const
  const people = Object.fromEntries(names.map((name) => [name, { keys: [publicJwk(name)] }]))
  const alice = { keys: [publicJwk('alice')], chat }
  return aPolicy({ chats: CHATS, people: { ...people, alice }, receivers, rules: [aRule({ tell })] })
}

const looks = (change: Change): readonly string[] => findLooksAtReceivers(aPolicyWith(change))

describe('ids of people', () => {
  test.each(['slack:T1/U0456', 'slack:T1/W0456', 'feishu:t1/ou_1', 'dingtalk:ding1/0123', 'dingtalk:ding1/on_1'])(
    '%s may be one',
    (identity) => {
      expect(looks({ chat: [identity] })).toEqual([])
    },
  )

  test.each([
    ['slack:T1/u0456', 'the id of a Slack user begins with U or W, in capitals'],
    ['slack:T1/C0456', 'the id of a Slack user begins with U or W, in capitals'],
    ['feishu:t1/on_1', 'the open id of a Feishu user begins with ou_'],
  ])('%s is none', (identity, says) => {
    expect(looks({ chat: [identity] })).toEqual([`${identity} of alice will hardly be heard: ${says}.`])
  })
})

describe('groups', () => {
  test.each(['slack/C0123', 'slack/G0123', 'feishu/oc_1', 'dingtalk/cid5DEAySu_Fk+mtMwii4NLYQ=='])(
    '%s may be one',
    (group) => {
      expect(looks({ receivers: { ops: { group } } })).toEqual([])
    },
  )

  test.each([
    ['slack/U0456', 'the id of a Slack channel begins with C or G, in capitals'],
    ['feishu/cid1', 'the id of a Feishu group begins with oc_'],
    ['dingtalk/oc_1', 'the id of a DingTalk group begins with cid'],
  ])('%s is none', (group, says) => {
    expect(looks({ receivers: { ops: { group } } })).toEqual([
      `Receiver ops will hardly be reached in ${group}: ${says}.`,
    ])
  })

  test('that stand there twice are named', () => {
    const receivers = { ops: { group: 'slack/C1' }, team: { group: 'slack/C1' }, other: { group: 'slack/C2' } }
    expect(looks({ receivers })).toEqual([
      'Receivers ops and team are one group: it gets one card, and one name will do.',
    ])
  })
})

describe('addresses', () => {
  test.each(['https://ops.example.com', 'http://localhost:8080/', 'http://127.0.0.1/', 'http://[::1]:1/'])(
    '%s is read by nobody else',
    (url) => {
      expect(looks({ receivers: { ops: { url } } })).toEqual([])
    },
  )

  test.each(['http://ops.example.com/', 'http://10.0.0.7/', 'http://127.0.0.1.example.com/'])('%s may be', (url) => {
    expect(looks({ receivers: { ops: { url } } })).toEqual([
      'Receiver ops is told over http: whoever is on the way reads what is asked and who may decide.',
    ])
  })
})

test('a receiver that nobody names is named, among all that is worth a second look', () => {
  const policy = aPolicyWith({ receivers: { ops: { group: 'slack/C1' } }, tell: [] })
  expect(findLooksAtReceivers(policy)).toEqual(['No tell names receiver ops: it hears of nothing.'])
  expect(findSecondLooks(policy, NOW)).toContain('No tell names receiver ops: it hears of nothing.')
})
