import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseAsks } from '#core/asks.ts'
import { MINUTE } from '#core/durations.ts'
import type { Proposal } from '#core/proposal.ts'
import { judgeReady } from '#core/ready.ts'
import type { SignedStatement } from '#core/vote.ts'
import {
  aProposal,
  aStream,
  AUDIENCE,
  aVote,
  cancelled,
  denied,
  EXPIRES,
  NOW,
  REQUEST,
  someAsks,
} from '#support/samples.ts'
import { never, NOT_YET, question, votesOf } from './ready-question.ts'

describe('judgeReady', () => {
  test('is ready with a sound approval', () => {
    expect(judgeReady(question())).toEqual({ ready: 'yes' })
  })

  test.each([
    ['a denial', denied(aProposal(), 'bob')],
    ['a cancellation', cancelled('alice')],
  ])('%s outweighs any yes', (_what, no) => {
    expect(judgeReady(question({ asks: someAsks(aProposal(), [no]) }))).toEqual(NOT_YET('stopped'))
  })

  test('a no needs no proof and no form: any row of that type stops', () => {
    const rows = aStream({ book: 'asks', stream: REQUEST }, [{ type: 'denied', body: 'nonsense' }])

    expect(judgeReady(question({ asks: parseAsks(rows) }))).toEqual(NOT_YET('stopped'))
  })

  test('does not act on a stream without a request, nor on one with a row that it cannot read', () => {
    const fault = { n: 2, why: 'unknown_row' } as const

    expect(judgeReady(question({ asks: parseAsks([]) }))).toEqual(NOT_YET('unreadable'))
    expect(judgeReady(question({ asks: { ...someAsks(aProposal()), fault } }))).toEqual(NOT_YET('unreadable'))
  })

  test('is too late from the very moment at which it expires', () => {
    expect(judgeReady(question({ now: EXPIRES - 1 }))).toEqual({ ready: 'yes' })
    expect(judgeReady(question({ now: EXPIRES }))).toEqual(NOT_YET('expired'))
  })

  test('waits out a request from the future, beyond what clocks may differ', () => {
    expect(judgeReady(question({ now: NOW - 2 * MINUTE }))).toEqual({ ready: 'yes' })
    expect(judgeReady(question({ now: NOW - 2 * MINUTE - 1 }))).toEqual(NOT_YET('clock'))
  })

  test('waits for the time that was asked for', () => {
    const proposal = aProposal({ request: { notBefore: NOW + 2 * MINUTE } })

    expect(judgeReady(question({ proposal, now: NOW + 2 * MINUTE - 1 }))).toEqual(NOT_YET('not_before'))
    expect(judgeReady(question({ proposal, now: NOW + 2 * MINUTE }))).toEqual({ ready: 'yes' })
  })

  test('an approval for another deployment ends it', () => {
    expect(judgeReady(question({ audience: `${AUDIENCE}-staging` }))).toEqual(never('AnotherDeployment', AUDIENCE))
  })
})

describe('judgeReady, counting votes', () => {
  const two = aProposal({ rule: { approvals: 2 } })
  const ownTool = aProposal({ rule: { tool: 'own-tool' } })

  test.each<[string, Proposal, readonly SignedStatement[], boolean]>([
    ['none', aProposal(), [], false],
    ['one of nobody that the rule names', aProposal(), votesOf(aProposal(), 'dave'), false],
    ['one of one who is named', aProposal(), votesOf(aProposal(), 'erin'), true],
    ['one where two are needed', two, votesOf(two, 'bob'), false],
    ['two of the same', two, votesOf(two, 'bob', 'bob'), false],
    ['two of two, one not named', two, votesOf(two, 'bob', 'dave'), false],
    ['two of two', two, votesOf(two, 'bob', 'carol'), true],
    ['one on a page', ownTool, [aVote(ownTool, 'bob', { tool: 'page' })], false],
    ['one with a tool of one’s own', ownTool, [aVote(ownTool, 'bob')], true],
    [
      'one on a page, and one with a tool of one’s own',
      ownTool,
      [aVote(ownTool, 'bob', { tool: 'page' }), aVote(ownTool, 'carol')],
      true,
    ],
    [
      'one on a page, and one with a tool by somebody who is not named',
      ownTool,
      [aVote(ownTool, 'bob', { tool: 'page' }), aVote(ownTool, 'dave')],
      false,
    ],
    ['one on a page where any tool will do', aProposal(), [aVote(aProposal(), 'bob', { tool: 'page' })], true],
  ])('%s', (_what, proposal, votes, enough) => {
    expect(judgeReady(question({ proposal, votes }))).toEqual(enough ? { ready: 'yes' } : NOT_YET('approvals'))
  })

  test('neither the order of votes nor their repetition matters', () => {
    const proposal = aProposal({ rule: { approvals: 2, tool: 'own-tool' } })
    const pool = [
      aVote(proposal, 'bob', { tool: 'page' }),
      aVote(proposal, 'carol'),
      aVote(proposal, 'erin', { tool: 'page' }),
      aVote(proposal, 'dave'),
    ]
    const some = fc
      .subarray(pool)
      .chain((votes) =>
        fc.tuple(fc.constant(votes), fc.shuffledSubarray([...votes, ...votes], { minLength: votes.length * 2 })),
      )

    fc.assert(
      fc.property(some, ([votes, again]) => {
        expect(judgeReady(question({ proposal, votes: again }))).toEqual(judgeReady(question({ proposal, votes })))
      }),
    )
  })

  test('a further vote never makes it less ready', () => {
    const proposal = aProposal({ rule: { approvals: 2 } })
    const pool = votesOf(proposal, 'bob', 'carol', 'dave', 'erin')

    fc.assert(
      fc.property(fc.subarray([...pool]), fc.constantFrom(...pool), (votes, further) => {
        const before = judgeReady(question({ proposal, votes })).ready
        expect([before, 'yes']).toContain(judgeReady(question({ proposal, votes: [...votes, further] })).ready)
      }),
    )
  })
})
