import { describe, expect, test } from 'vitest'
import { findSecondLooks } from '#lib/cli/policy/second-looks.ts'
import { findLooksAtChats } from '#lib/cli/policy/second-looks-at-chats.ts'
import { publicJwk } from '#support/keys.ts'
import { aPolicy, aRule, NOW, type RuleDraft } from '#support/samples.ts'

const SLACK = { slack: { team: 'T1', app: 'A1' } }
const PEOPLE = {
  alice: { keys: [publicJwk('alice')] },
  bob: { keys: [publicJwk('bob')], chat: ['slack:T1/U1'] },
  carol: { keys: [publicJwk('carol')] },
  erin: { keys: [publicJwk('erin')] },
}
const RECEIVERS = { 'ops-chat': { group: 'slack/C1' } }

function looks(chats: object, rule: RuleDraft = {}, people: object = PEOPLE): readonly string[] {
  const receivers = chats === SLACK ? RECEIVERS : {}
  return findLooksAtChats(aPolicy({ chats, people, receivers, rules: [aRule(rule)] }))
}

describe('approvers whom nothing reaches', () => {
  test('are named with their rule', () => {
    expect(looks(SLACK)).toEqual([
      'Rule workers tells no receiver, and carol and erin have no chat: nobody lets them know that a yes is needed.',
    ])
    expect(looks(SLACK, { approvers: ['bob', 'erin'] })).toEqual([
      'Rule workers tells no receiver, and erin has no chat: nobody lets them know that a yes is needed.',
    ])
  })

  test.each<[string, object, RuleDraft]>([
    ['where the rule tells a receiver', SLACK, { tell: ['ops-chat'] }],
    ['where all of them have a chat', SLACK, { requesters: ['alice'], approvers: ['bob'] }],
    ['where no platform is connected', {}, {}],
  ])('are none %s', (_what, chats, rule) => {
    const { chat: _, ...bob } = PEOPLE.bob

    expect(looks(chats, rule, chats === SLACK ? PEOPLE : { ...PEOPLE, bob })).toEqual([])
  })

  test('stand among all that is worth a second look', () => {
    const policy = aPolicy({ chats: SLACK, people: PEOPLE, receivers: RECEIVERS, rules: [aRule()] })

    expect(findSecondLooks(policy, NOW)).toEqual(expect.arrayContaining([...findLooksAtChats(policy)]))
  })
})

test('a platform on which nobody could ask is named', () => {
  const people = { ...PEOPLE, bob: { ...PEOPLE.bob, chat: [] } }

  expect(looks(SLACK, { tell: ['ops-chat'] }, people)).toEqual([
    'slack is connected, and nobody in people has an identity there: nobody can ask there.',
  ])
})
