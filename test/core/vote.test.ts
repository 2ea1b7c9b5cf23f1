import { describe, expect, test } from 'vitest'
import { DURATIONS, MINUTE } from '#core/durations.ts'
import { findFlaw, type SignedStatement, type VoteQuestion } from '#core/vote.ts'
import { aKey, aProposal, AUDIENCE, aVote, NOW } from '#support/samples.ts'

const PROPOSAL = aProposal()
const QUESTION: VoteQuestion = {
  proposal: PROPOSAL,
  decision: 'approve',
  audience: AUDIENCE,
  now: NOW + 2 * MINUTE,
  durations: DURATIONS,
}
const OTHER = aProposal({ request: { reason: 'Another reason' } })
const SIGNED_AT = NOW + MINUTE

function flawOf(vote: SignedStatement, change: Partial<VoteQuestion> = {}): string | undefined {
  return findFlaw(vote, { ...QUESTION, ...change })
}

function at(ms: number): SignedStatement {
  return aVote(PROPOSAL, 'bob', { statement: { iat: ms / 1000 } })
}

describe('findFlaw', () => {
  test('a sound approval has none', () => {
    expect(flawOf(aVote(PROPOSAL, 'bob'))).toBeUndefined()
  })

  test('a sound denial has none where a denial is asked for', () => {
    const denial = aVote(PROPOSAL, 'bob', { statement: { decision: 'deny', reason: 'No' } })

    expect(flawOf(denial, { decision: 'deny' })).toBeUndefined()
  })

  test.each<[string, SignedStatement, string]>([
    ['a denial', aVote(PROPOSAL, 'bob', { statement: { decision: 'deny' } }), 'another_decision'],
    ['one for staging', aVote(PROPOSAL, 'bob', { statement: { audience: `${AUDIENCE}-staging` } }), 'another_audience'],
    ['one for another proposal', aVote(OTHER, 'bob'), 'another_proposal'],
    ['another line', aVote(PROPOSAL, 'bob', { statement: { says: 'nothing will happen' } }), 'another_text'],
    ['another name than the key’s', aVote(PROPOSAL, 'bob', { principal: 'carol' }), 'not_the_approver_of_the_key'],
    ['the requester', aVote(PROPOSAL, 'alice'), 'is_the_requester'],
  ])('%s does not count', (_what, vote, flaw) => {
    expect(flawOf(vote)).toBe(flaw)
  })

  test('an approval does not count as a denial', () => {
    expect(flawOf(aVote(PROPOSAL, 'bob'), { decision: 'deny' })).toBe('another_decision')
  })

  test('the person behind a machine is the requester too', () => {
    const proposal = aProposal({ request: { requester: { principal: 'deploy-bot', onBehalfOf: 'bob' } } })

    expect(flawOf(aVote(proposal, 'bob'), { proposal })).toBe('is_the_requester')
    expect(flawOf(aVote(proposal, 'carol'), { proposal })).toBeUndefined()
  })

  test('a line from the gate is recomputed, whatever the gate shows', () => {
    const proposal = aProposal({ request: { initLocalDisk: true } })
    const says = aVote(PROPOSAL, 'bob').statement.says

    expect(flawOf(aVote(proposal, 'bob', { statement: { says } }), { proposal })).toBe('another_text')
  })

  test('may be signed up to five minutes before the request was made', () => {
    expect(flawOf(at(NOW - 5 * MINUTE))).toBeUndefined()
    expect(flawOf(at(NOW - 5 * MINUTE - 1000))).toBe('signed_too_early')
  })

  test('may be signed up to five minutes from now, by the approver’s clock', () => {
    expect(flawOf(at(SIGNED_AT), { now: SIGNED_AT - 5 * MINUTE })).toBeUndefined()
    expect(flawOf(at(SIGNED_AT), { now: SIGNED_AT - 5 * MINUTE - 1 })).toBe('signed_in_the_future')
  })

  test.each([
    ['not yet valid when it signed', { from: '2026-11-23T09:01:00.001Z' }, 'key_not_valid_then'],
    ['valid since that instant', { from: '2026-11-23T09:01:00Z' }, undefined],
    ['valid until now and not beyond', { until: '2026-11-23T09:02:00Z' }, 'key_not_valid_then'],
    ['valid a moment longer than now', { until: '2026-11-23T09:02:00.001Z' }, undefined],
  ])('a key %s', (_what, validity, flaw) => {
    expect(flawOf(aVote(PROPOSAL, 'bob', { key: aKey('bob', validity) }))).toBe(flaw)
  })

  test('a key that leaked does not approve by a date in its good days', () => {
    const key = aKey('bob', { until: '2026-11-23T09:01:30Z' })

    expect(flawOf(aVote(PROPOSAL, 'bob', { key }))).toBe('key_not_valid_then')
  })
})
