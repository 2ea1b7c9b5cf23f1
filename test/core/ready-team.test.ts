// Groups, hours and freezes: judged by the proposal's rule and by today's, and never more than a wait for what time mends.
import { describe, expect, test } from 'vitest'
import { MINUTE } from '#core/durations.ts'
import type { Proposal } from '#core/proposal.ts'
import { judgeLook, judgeReady, type Readiness } from '#core/ready.ts'
import type { SignedStatement } from '#core/vote.ts'
import { aLook, aPolicy, aProposal, aRule, aVote, NOW, type RuleDraft } from '#support/samples.ts'
import { never, NOT_YET, question, votesOf } from './ready-question.ts'

const GROUPS = { leads: ['bob', 'carol'], finance: ['carol', 'erin'] }
const ONE_OF_EACH = [
  { group: 'leads', approvers: ['bob', 'carol'] },
  { group: 'finance', approvers: ['carol', 'erin'] },
]

describe('judgeReady, one yes of each group', () => {
  const each = aProposal({ rule: { oneOfEach: ONE_OF_EACH } })
  const two = aProposal({ rule: { approvals: 2, oneOfEach: ONE_OF_EACH } })

  test.each<[string, Proposal, readonly SignedStatement[], boolean]>([
    ['of the first alone', each, votesOf(each, 'bob'), false],
    ['of the second alone', each, votesOf(each, 'erin'), false],
    ['of both', each, votesOf(each, 'bob', 'erin'), true],
    ['of one who is in both', each, votesOf(each, 'carol'), true],
    ['of one who is in both, where two people are asked for', two, votesOf(two, 'carol'), false],
    ['of one who is in both, twice', two, votesOf(two, 'carol', 'carol'), false],
    ['of one who is in both, and another', two, votesOf(two, 'carol', 'bob'), true],
    ['of two of one group', two, votesOf(two, 'bob', 'dave'), false],
  ])('%s', (_what, proposal, votes, enough) => {
    expect(judgeReady(question({ proposal, votes }))).toEqual(enough ? { ready: 'yes' } : NOT_YET('approvals'))
  })

  test('a group that the proposal gives people who are no approvers of its rule counts none of them', () => {
    const proposal = aProposal({ rule: { oneOfEach: [{ group: 'leads', approvers: ['dave'] }] } })

    expect(judgeReady(question({ proposal, votes: votesOf(proposal, 'bob', 'dave') }))).toEqual(NOT_YET('approvals'))
  })
})

describe('judgeLook, one yes of each group of today', () => {
  const underGroups = (rule: RuleDraft, votes: readonly SignedStatement[], groups: object = GROUPS): Readiness => {
    const policy = aPolicy({ groups, rules: [aRule({ requesters: ['alice'], ...rule })] })
    return judgeLook(question({ policy, votes }), aProposal(), aLook())
  }
  const refused = never('PolicyChanged', 'rule workers asks for other or more approvals')

  test('is asked for, though the proposal knows of no group', () => {
    const rule = { oneOfEach: ['leads', 'finance'] }

    expect(underGroups(rule, votesOf(aProposal(), 'bob'))).toEqual(refused)
    expect(underGroups(rule, votesOf(aProposal(), 'bob', 'erin'))).toEqual({ ready: 'yes' })
    expect(underGroups(rule, votesOf(aProposal(), 'carol'))).toEqual({ ready: 'yes' })
  })

  test('nobody counts for a group that they have left', () => {
    const rule = { oneOfEach: ['leads'] }

    expect(underGroups(rule, votesOf(aProposal(), 'bob'))).toEqual({ ready: 'yes' })
    expect(underGroups(rule, votesOf(aProposal(), 'bob'), { leads: ['carol'] })).toEqual(refused)
    expect(underGroups({ approvers: ['leads'] }, votesOf(aProposal(), 'bob'), { leads: ['carol'] })).toEqual(refused)
  })

  test('with a tool of one’s own it is one by any of them', () => {
    const votes = [aVote(aProposal(), 'bob', { tool: 'page' }), ...votesOf(aProposal(), 'erin')]

    expect(underGroups({ oneOfEach: ['leads'], tool: 'own-tool' }, votes)).toEqual({ ready: 'yes' })
  })
})

describe('judgeLook, hours and freezes', () => {
  // The question is asked at 09:01 UTC on a Monday, which is 17:01 in Shanghai.
  const hours = (from: string, to: string): RuleDraft => ({ hours: [{ days: ['mon'], from, to }] })
  const freeze = (from: number, until: number): object => ({
    freezes: [{ name: 'audit', from: new Date(from).toISOString(), until: new Date(until).toISOString() }],
  })
  const under = (change: object, rule: RuleDraft = {}, look = aLook()): Readiness =>
    judgeLook(question({ policy: aPolicy({ ...change, rules: [aRule(rule)] }) }), aProposal(), look)

  test.each<[string, object, RuleDraft, Readiness | object]>([
    ['inside of the hours', { timeZone: 'Asia/Shanghai' }, hours('08:00', '17:02'), { ready: 'yes' }],
    ['as they end', { timeZone: 'Asia/Shanghai' }, hours('08:00', '17:01'), NOT_YET('hours')],
    ['before they begin', {}, hours('09:02', '20:00'), NOT_YET('hours')],
    ['as they begin', {}, hours('09:01', '20:00'), { ready: 'yes' }],
    ['before a freeze', freeze(NOW + MINUTE + 1, NOW + 2 * MINUTE), {}, { ready: 'yes' }],
    ['as it begins', freeze(NOW + MINUTE, NOW + 2 * MINUTE), {}, NOT_YET('freeze')],
    ['as it ends', freeze(NOW, NOW + MINUTE), {}, { ready: 'yes' }],
  ])('%s', (_what, change, rule, expected) => {
    expect(under(change, rule)).toEqual(expected)
  })

  test.each(['Stopped', 'Running', 'Stopping'])('whatever the instance does meanwhile: %s', (status) => {
    expect(under({}, hours('10:00', '20:00'), aLook({ status }))).toEqual(NOT_YET('hours'))
  })

  test('what the rule forbids is said when it opens, and not before', () => {
    expect(under({}, { ...hours('10:00', '20:00'), approvals: 2 })).toEqual(NOT_YET('hours'))
  })

  test('an instance that no rule allows any more ends it at any hour', () => {
    expect(under({}, { ...hours('10:00', '20:00'), instances: { regions: ['cn-beijing'] } })).toEqual(
      never('PolicyChanged', 'no rule allows it'),
    )
  })
})
