import { describe, expect, test } from 'vitest'
import type { AskEntry } from '#core/asks.ts'
import { MINUTE } from '#core/durations.ts'
import type { Proposal } from '#core/proposal.ts'
import type { Next, RunEntry } from '#core/runs.ts'
import { sayAnswer, sayState } from '#core/say-state.ts'
import type { State } from '#core/standing.ts'
import {
  accepted,
  approved,
  approvedOnPage,
  aProposal,
  attempted,
  cancelled,
  denied,
  EXPIRES,
  NOW,
  someAsks,
  someRuns,
} from '#support/samples.ts'

interface Said {
  readonly startsFrom?: number
  readonly proposal?: Proposal
  readonly asks?: readonly AskEntry[]
  readonly runs?: readonly RunEntry[]
}

function say(state: State, { startsFrom = 0, proposal = PROPOSAL, asks = [], runs = [] }: Said = {}): string {
  return sayState({ state, startsFrom }, proposal, someAsks(proposal, asks), someRuns(proposal, runs))
}

const NONE: Next = { do: 'none' }
const PROPOSAL = aProposal()
const ATTEMPTED = attempted(PROPOSAL)
const THREE = aProposal({ rule: { approvals: 3 } })
const EACH = aProposal({
  rule: {
    approvals: 2,
    oneOfEach: [
      { group: 'leads', approvers: ['bob', 'erin'] },
      { group: 'finance', approvers: ['carol'] },
    ],
  },
})
const OWN = aProposal({ rule: { tool: 'own-tool' } })
const EACH_OWN = aProposal({ rule: { ...EACH.rule, tool: 'own-tool' } })
const LIMITED: RunEntry = {
  type: 'refused',
  body: { answer: { code: 'Throttling' }, next: { do: 'again', at: NOW } },
}

describe('sayState, while something is still to come', () => {
  test.each<[State, Said, string]>([
    ['pending', {}, 'Waiting for 1 more approval from bob, carol, erin.'],
    ['pending', { proposal: THREE }, 'Waiting for 3 more approvals from bob, carol, erin.'],
    [
      'pending',
      { proposal: THREE, asks: [approved(THREE, 'bob'), approved(THREE, 'bob')] },
      'Waiting for 2 more approvals from carol, erin.',
    ],
    ['ready', {}, 'Approved; the starter takes it up next.'],
    ['waiting', { startsFrom: NOW + MINUTE }, 'Approved; it will be started at 2026-11-23 09:01:00 UTC.'],
    [
      'waiting',
      { startsFrom: NOW + 2 * MINUTE, runs: [ATTEMPTED, LIMITED] },
      'Alibaba Cloud was limiting the rate of calls. Trying again at 2026-11-23 09:02:00 UTC.',
    ],
    ['expiring', {}, 'The time for deciding is over; making sure that nothing is under way.'],
    ['stopping', {}, 'Somebody said no; checking whether a start was already under way.'],
    ['starting', { runs: [ATTEMPTED] }, 'A start is being sent or looked into.'],
    ['starting', { runs: [ATTEMPTED, accepted()] }, 'The start was accepted; waiting until the instance runs.'],
  ])('%s: %#', (state, said, sentence) => {
    expect(say(state, said)).toBe(sentence)
  })

  test.each<[readonly AskEntry[], string]>([
    [
      [],
      'Waiting for 2 more approvals from bob, carol, erin; still needed: one of leads (bob, erin) and one of finance (carol).',
    ],
    [[approved(EACH, 'bob')], 'Waiting for 1 more approval from carol, erin; still needed: one of finance (carol).'],
    [[approved(EACH, 'bob'), approved(EACH, 'erin')], 'Waiting for one of finance (carol).'],
    [[approved(EACH, 'bob'), approved(EACH, 'erin'), approved(EACH, 'bob')], 'Waiting for one of finance (carol).'],
  ])('pending names the groups that have not said yes: %#', (asks, sentence) => {
    expect(say('pending', { proposal: EACH, asks })).toBe(sentence)
  })

  test.each<[Proposal, readonly AskEntry[], string]>([
    [
      OWN,
      [],
      'Waiting for 1 more approval from bob, carol, erin; still needed: a yes in a terminal, with a tool of one’s own.',
    ],
    [OWN, [approvedOnPage(OWN, 'bob')], 'Waiting for a yes in a terminal, with a tool of one’s own.'],
    [
      EACH_OWN,
      [approvedOnPage(EACH_OWN, 'bob'), approvedOnPage(EACH_OWN, 'erin')],
      'Waiting for one of finance (carol) and a yes in a terminal, with a tool of one’s own.',
    ],
    [EACH_OWN, [approvedOnPage(EACH_OWN, 'bob'), approved(EACH_OWN, 'erin')], 'Waiting for one of finance (carol).'],
  ])('pending names the tool that nobody has used: %#', (proposal, asks, sentence) => {
    expect(say('pending', { proposal, asks })).toBe(sentence)
  })

  test('a yes of somebody whom the rule does not name is not counted', () => {
    expect(say('pending', { asks: [approved(PROPOSAL, 'dave')] })).toContain('Waiting for 1 more approval')
  })

  test.each([EXPIRES, EXPIRES + MINUTE])('what may start only when it is over waits in vain: %i', (startsFrom) => {
    expect(say('waiting', { startsFrom })).toBe(
      'Approved, but it may not be started before it expires. Nothing will be started; ask again for a later time.',
    )
    expect(say('waiting', { startsFrom, runs: [ATTEMPTED, LIMITED] })).toBe(
      'Alibaba Cloud was limiting the rate of calls. Ask again in a few minutes. Whoever asked can do this.',
    )
  })
})

describe('sayState, at the end', () => {
  test.each<[State, Said, string]>([
    [
      'running',
      { runs: [ATTEMPTED, { type: 'running', body: { inferred: false, status: 'Running', next: NONE } }] },
      'The instance runs.',
    ],
    [
      'running',
      { runs: [ATTEMPTED, { type: 'running', body: { inferred: true, status: 'Starting', next: NONE } }] },
      'The answer to the start was lost, but the instance was seen Starting afterwards: it was started.',
    ],
    ['running', { runs: [ATTEMPTED, accepted(NOW, 'none')] }, 'The instance runs.'],
    ['satisfied', {}, 'It was running already; nothing had to be started.'],
    ['dry_run_passed', {}, 'The dry run passed: the starter may start this instance. There is nothing to do.'],
    [
      'failed',
      { runs: [ATTEMPTED, { type: 'refused', body: { answer: { code: 'DiskInArrears', status: 403 }, next: NONE } }] },
      'A disk of the instance has a payment overdue. Settle it, then ask again. Whoever manages the account can do this.',
    ],
    [
      'failed',
      { runs: [ATTEMPTED, { type: 'failed', body: { answer: { code: 'FellBack' }, next: NONE } }] },
      'ECS accepted the start, but the instance is Stopped again. See its events and its system log in the ECS console, then ask again. Whoever manages the instance can do this.',
    ],
    [
      'failed',
      { runs: [ATTEMPTED, { type: 'stood_down', body: { why: 'too_slow', next: NONE } }] },
      'As many attempts as the rule allows were made, and none started the instance. Ask again later. Whoever asked can do this.',
    ],
    [
      'stuck',
      { runs: [ATTEMPTED, { type: 'stuck', body: { answer: { code: 'StillStopped' }, next: NONE } }] },
      'A start may have been sent, but the instance is still Stopped. Look at it in the ECS console, then ask again. Whoever manages the instance can do this.',
    ],
    ['denied', { asks: [denied(PROPOSAL, 'bob')] }, 'Denied by bob: Not today. Nothing was started.'],
    ['cancelled', { asks: [cancelled('alice')] }, 'Cancelled by alice. Nothing was started.'],
    [
      'cancelled',
      { asks: [{ type: 'cancelled', body: { by: 'alice', reason: 'Changed my mind' } }] },
      'Cancelled by alice: Changed my mind. Nothing was started.',
    ],
    ['denied', {}, 'Denied. Nothing was started.'],
    [
      'expired',
      {},
      'Not enough approvals in time, or no start could be made. Nothing was started; ask again if it is still needed.',
    ],
  ])('%s: %#', (state, said, sentence) => {
    expect(say(state, said)).toBe(sentence)
  })

  test('the first no is the one that is named', () => {
    expect(say('denied', { asks: [denied(PROPOSAL, 'bob'), cancelled('alice')] })).toContain('by bob')
  })
})

describe('sayAnswer', () => {
  test('says what happened, in which respect, what to do, and who can', () => {
    expect(sayAnswer({ code: 'InstanceChanged', detail: 'type, zone' })).toBe(
      'The instance is not what the approvers saw any more (type, zone). Ask again, so that they see it as it is. Whoever asked can do this.',
    )
  })

  test('one code under two statuses says two things', () => {
    expect(sayAnswer({ code: 'InstanceNotReady', status: 403 })).not.toBe(
      sayAnswer({ code: 'InstanceNotReady', status: 500 }),
    )
  })
})
