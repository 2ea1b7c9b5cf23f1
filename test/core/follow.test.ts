import { describe, expect, test } from 'vitest'
import { DURATIONS, MINUTE } from '#core/durations.ts'
import { judgeFollow, type FollowQuestion, type Verdict } from '#core/follow.ts'
import type { RunEntry } from '#core/runs.ts'
import { accepted, aProposal, attempted, NOW, someRuns } from '#support/samples.ts'

const PROPOSAL = aProposal()
const UNCLEAR = someRuns(PROPOSAL, [attempted(PROPOSAL, NOW)])
const ACCEPTED = someRuns(PROPOSAL, [attempted(PROPOSAL, NOW), accepted(NOW + 1000)])

type Change = Partial<FollowQuestion> & { readonly status?: string | undefined }

/** `status`: the instance is shown with it, and with nothing that keeps it from running; undefined: it is not shown. */
function judge(change: Change): Verdict {
  const { status } = { status: 'Stopped', ...change }
  const look = status === undefined ? undefined : { status, locks: [] }
  return judgeFollow({ runs: UNCLEAR, look, now: NOW, durations: DURATIONS, second: false, ...change })
}

function end(type: 'running' | 'stuck' | 'failed', body: object): Verdict {
  return { put: { type, body: { ...body, next: { do: 'none' } } } as RunEntry }
}

describe('judgeFollow, after an unclear answer', () => {
  test.each(['Running', 'Starting', 'Pending', 'Stopping'])('%s means that somebody started it', (status) => {
    expect(judge({ status })).toEqual(end('running', { inferred: true, status }))
  })

  test.each([
    [3 * MINUTE - 1, { wait: 'later' }],
    [3 * MINUTE, end('stuck', { answer: { code: 'StillStopped' } })],
  ])('Stopped %i ms after the attempt: %o', (after, verdict) => {
    expect(judge({ now: NOW + after })).toEqual(verdict)
  })

  test.each([
    [30 * MINUTE - 1, { wait: 'later' }],
    [30 * MINUTE, end('stuck', { answer: { code: 'NotSeen' } })],
  ])('not shown %i ms after the attempt: %o', (after, verdict) => {
    expect(judge({ status: undefined, now: NOW + after })).toEqual(verdict)
  })

  test('a status that nobody knows is looked at again, and never taken for an end', () => {
    expect(judge({ status: 'Rebooting', now: NOW + 29 * MINUTE })).toEqual({ wait: 'later' })
  })

  test('a second look changes nothing', () => {
    expect(judge({ second: true, now: NOW + 3 * MINUTE })).toEqual(end('stuck', { answer: { code: 'StillStopped' } }))
  })
})

describe('judgeFollow, after an accepted start', () => {
  const judgeAccepted = (change: Change): Verdict => judge({ runs: ACCEPTED, ...change })

  test('Running is the end', () => {
    expect(judgeAccepted({ status: 'Running' })).toEqual(end('running', { inferred: false, status: 'Running' }))
  })

  test('Stopping means that it ran', () => {
    expect(judgeAccepted({ status: 'Stopping' })).toEqual(end('running', { inferred: true, status: 'Stopping' }))
  })

  test.each(['Starting', 'Pending', undefined])('%s is waited for, for half an hour', (status) => {
    expect(judgeAccepted({ status, now: NOW + 30 * MINUTE - 1 })).toEqual({ wait: 'later' })
    expect(judgeAccepted({ status, now: NOW + 30 * MINUTE })).toEqual(end('stuck', { answer: { code: 'NotSeen' } }))
  })

  test('Stopped may be an old picture for three minutes after it was accepted', () => {
    expect(judgeAccepted({ now: NOW + 1000 + 3 * MINUTE - 1 })).toEqual({ wait: 'later' })
    expect(judgeAccepted({ now: NOW + 1000 + 3 * MINUTE - 1, second: true })).toEqual({ wait: 'later' })
  })

  test('Stopped after that asks for a second look, and fails only then', () => {
    expect(judgeAccepted({ now: NOW + 1000 + 3 * MINUTE })).toEqual({ wait: 'second_look' })
    expect(judgeAccepted({ now: NOW + 1000 + 3 * MINUTE, second: true })).toEqual(
      end('failed', { answer: { code: 'FellBack' } }),
    )
  })
})

describe('judgeFollow, at an instance that is Stopped', () => {
  const now = NOW + 1000 + 3 * MINUTE
  const stopped = { status: 'Stopped', locks: [] }

  test.each<[string, FollowQuestion['look'], string | undefined]>([
    ['nothing', stopped, undefined],
    ['an expiry that has not come', { ...stopped, expiresAt: now + 1 }, undefined],
    ['an expiry that has come', { ...stopped, expiresAt: now }, 'the instance has expired'],
    ['a lock', { ...stopped, locks: ['security'] }, 'locked: security'],
    [
      'locks and an expiry',
      { ...stopped, locks: ['financial', 'security'], expiresAt: NOW },
      'locked: financial, security; the instance has expired',
    ],
    ['more locks than a row holds', { ...stopped, locks: ['x'.repeat(600)] }, `locked: ${'x'.repeat(491)}…`],
  ])('%s is the reason that is shown', (_, look, detail) => {
    const reason = detail === undefined ? {} : { detail }

    expect(judge({ look, now })).toEqual(end('stuck', { answer: { code: 'StillStopped', ...reason } }))
    expect(judge({ runs: ACCEPTED, look, now, second: true })).toEqual(
      end('failed', { answer: { code: 'FellBack', ...reason } }),
    )
  })
})

describe('judgeFollow', () => {
  test.each(['Running', 'Stopped', undefined])(
    'a dry run whose answer was lost is over, be the instance %s',
    (status) => {
      const dryRun = aProposal({ request: { dryRun: true } })

      expect(judge({ runs: someRuns(dryRun, [attempted(dryRun)]), status })).toEqual({
        put: { type: 'refused', body: { answer: { code: 'DryRunUnclear' }, next: { do: 'none' } } },
      })
    },
  )

  test('before an attempt there is nothing to follow', () => {
    expect(() => judge({ runs: someRuns(PROPOSAL, []) })).toThrow('there is nothing to follow before an attempt')
    expect(() => judge({ runs: someRuns(PROPOSAL, [accepted()]) })).toThrow(
      'there is nothing to follow before an attempt',
    )
  })
})
