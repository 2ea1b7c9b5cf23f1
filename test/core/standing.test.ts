import { describe, expect, test } from 'vitest'
import type { AskEntry, Asks } from '#core/asks.ts'
import { DURATIONS, MINUTE } from '#core/durations.ts'
import { digestProposal } from '#core/proposal.ts'
import { headOf } from '#core/row.ts'
import { parseRuns, type Next, type RunEntry, type Runs } from '#core/runs.ts'
import { canStop, foldStanding, isFinalState } from '#core/standing.ts'
import {
  accepted,
  approved,
  approvedOnPage,
  aProposal,
  aStream,
  attempted,
  cancelled,
  denied,
  EXPIRES,
  NOW,
  someAsks,
  someRuns,
  stopped,
} from '#support/samples.ts'

const PROPOSAL = aProposal()
const EXPIRED = EXPIRES + 5 * MINUTE
const YES = approved(PROPOSAL, 'bob', NOW + 1000)
const NO = denied(PROPOSAL, 'bob', NOW + 2000)
const BACK = cancelled('alice', NOW + 2000)
const NONE: Next = { do: 'none' }
const LOOK: Next = { do: 'look' }

type Timed<Entry> = Entry & { readonly at?: number }

function stateOf(
  asks: readonly Timed<AskEntry>[] | Asks,
  runs: readonly Timed<RunEntry>[] | Runs = [],
  now = NOW + MINUTE,
): readonly [string, boolean, number] {
  const { state, final, since } = foldStanding(
    'rows' in asks ? asks : someAsks(PROPOSAL, asks),
    'rows' in runs ? runs : someRuns(PROPOSAL, runs),
    now,
    DURATIONS,
  )
  expect(final).toBe(isFinalState(state))
  return [state, final, since]
}

function refused(next: Next, at = NOW + 4000): Timed<RunEntry> {
  return { type: 'refused', body: { answer: { code: 'Throttling' }, next }, at }
}

function stoodDown(why: 'stopped' | 'too_slow' | 'unreadable', next: Next): Timed<RunEntry> {
  return { type: 'stood_down', body: { why, next }, at: NOW + 5000 }
}

const ATTEMPTED = attempted(PROPOSAL, NOW + 3000)

describe('foldStanding, before anything was started', () => {
  test('waits for approvals', () => {
    expect(stateOf([])).toEqual(['pending', false, NOW])
  })

  test('is ready with as many approvers as it needs', () => {
    expect(stateOf([YES])).toEqual(['ready', false, NOW + 1000])
  })

  test('two approvals of one approver are one', () => {
    const two = aProposal({ rule: { approvals: 2 } })
    const once = approved(two, 'bob')

    expect(stateOf(someAsks(two, [once, once]))[0]).toBe('pending')
    expect(stateOf(someAsks(two, [once, approved(two, 'carol')]))[0]).toBe('ready')
  })

  test('is pending while a tool of one’s own is wanted and every yes was given on the page', () => {
    const own = aProposal({ rule: { tool: 'own-tool' } })
    const page = approvedOnPage(own, 'bob')

    expect(stateOf(someAsks(own, [page]))[0]).toBe('pending')
    expect(stateOf(someAsks(own, [page, approved(own, 'dave')]))[0]).toBe('pending')
    expect(stateOf(someAsks(own, [page, approved(own, 'bob')]))[0]).toBe('ready')
    expect(stateOf([approvedOnPage(PROPOSAL, 'bob')])[0]).toBe('ready')
  })

  test('being told changes nothing, nor since when it is so', () => {
    const body = { upto: { asks: 2, runs: 0 }, state: 'ready', to: {} }

    expect(stateOf([YES, { type: 'posted', body, at: NOW + 30_000 }])).toEqual(['ready', false, NOW + 1000])
  })

  test('waits for the time that was asked for', () => {
    const later = aProposal({ request: { notBefore: NOW + MINUTE } })
    const asks = someAsks(later, [approved(later, 'bob', NOW + 1000)])

    expect(stateOf(asks, [], NOW + MINUTE - 1)).toEqual(['waiting', false, NOW + 1000])
    expect(stateOf(asks, [], NOW + MINUTE)).toEqual(['ready', false, NOW + MINUTE])
  })

  test.each([
    ['denial', NO],
    ['cancellation', BACK],
  ])('a %s stops it, and is checked', (_what, no) => {
    expect(stateOf([YES, no])).toEqual(['stopping', false, NOW + 2000])
  })

  test.each([
    ['denied', NO],
    ['cancelled', BACK],
  ])('once that was checked it is %s', (state, no) => {
    expect(stateOf([no, stopped()])).toEqual([state, true, NOW + 2000])
  })

  test('the first no says which it is', () => {
    expect(stateOf([BACK, NO, stopped()])[0]).toBe('cancelled')
  })

  test('`stopped` without a no is nothing', () => {
    expect(stateOf([YES, stopped(NOW + 3000)])[0]).toBe('ready')
  })
})

describe('foldStanding, of a book that no starter writes', () => {
  test('an acceptance of nothing that was attempted was no dry run', () => {
    expect(stateOf([YES], [accepted(NOW + 3000, 'none')])[0]).toBe('running')
  })
})

describe('foldStanding, with time', () => {
  test.each([
    [EXPIRES - 1, ['ready', false, NOW + 1000]],
    [EXPIRES, ['expiring', false, EXPIRES]],
    [EXPIRED - 1, ['expiring', false, EXPIRES]],
    [EXPIRED, ['expired', true, EXPIRED]],
  ])('approved and never started, at %i: %o', (now, expected) => {
    expect(stateOf([YES], [], now)).toEqual(expected)
  })

  test('a no that nobody finished is finished by time', () => {
    expect(stateOf([BACK], [], EXPIRED - 1)).toEqual(['stopping', false, NOW + 2000])
    expect(stateOf([BACK], [], EXPIRED)).toEqual(['cancelled', true, EXPIRED])
  })

  test.each<[string, Timed<RunEntry>]>([
    ['a refusal that proves that nothing happened', refused({ do: 'again', at: NOW + 5000 })],
    ['an end that waits to be confirmed', refused({ do: 'confirm' })],
  ])('%s expires', (_what, row) => {
    expect(stateOf([YES], [ATTEMPTED, row], EXPIRED - 1)[0]).toBe('expiring')
    expect(stateOf([YES], [ATTEMPTED, row], EXPIRED)).toEqual(['expired', true, EXPIRED])
  })

  test.each<[string, readonly Timed<RunEntry>[]]>([
    ['an attempt without outcome', [ATTEMPTED]],
    ['an unclear answer', [ATTEMPTED, { type: 'unclear', body: { answer: { code: 'NoAnswer' }, next: LOOK } }]],
    ['an accepted start', [ATTEMPTED, accepted()]],
  ])('%s never expires', (_what, rows) => {
    expect(stateOf([YES], rows, EXPIRED * 2)[0]).toBe('starting')
    expect(stateOf([YES, NO], rows, EXPIRED * 2)[0]).toBe('starting')
  })
})

describe('foldStanding, with a start', () => {
  test('an attempt is a start, since then', () => {
    expect(stateOf([YES], [ATTEMPTED])).toEqual(['starting', false, NOW + 3000])
  })

  test('a no that came too late changes nothing', () => {
    expect(stateOf([YES, NO], [ATTEMPTED])[0]).toBe('starting')
  })

  test('a proven refusal waits for its pause, and is ready again', () => {
    const rows = [ATTEMPTED, refused({ do: 'again', at: NOW + MINUTE })]

    expect(stateOf([YES], rows, NOW + MINUTE - 1)).toEqual(['waiting', false, NOW + 4000])
    expect(stateOf([YES], rows, NOW + MINUTE)).toEqual(['ready', false, NOW + MINUTE])
  })

  test('an end that waits to be confirmed is none yet', () => {
    expect(stateOf([YES], [refused({ do: 'confirm' })])).toEqual(['ready', false, NOW + 4000])
  })

  test.each<[string, Timed<RunEntry>]>([
    ['running', { type: 'running', body: { inferred: false, status: 'Running', next: NONE } }],
    ['satisfied', { type: 'satisfied', body: { status: 'Running', next: NONE } }],
    ['stuck', { type: 'stuck', body: { answer: { code: 'NotSeen' }, next: NONE } }],
    ['failed', { type: 'failed', body: { answer: { code: 'FellBack' }, next: NONE } }],
    ['failed', refused(NONE)],
    ['failed', stoodDown('too_slow', NONE)],
    ['failed', { type: 'unclear', body: { answer: { code: 'NoAnswer' }, next: NONE } }],
    ['running', accepted(NOW + 5000, 'none')],
  ])('ends as %s: %o', (state, row) => {
    const at = row.at ?? NOW + 1000

    expect(stateOf([YES], [ATTEMPTED, row])).toEqual([state, true, at])
    expect(stateOf([YES, NO], [ATTEMPTED, row], EXPIRED * 2)).toEqual([state, true, at])
  })

  test('a dry run that was accepted has passed', () => {
    const dryRun = aProposal({ request: { dryRun: true } })

    expect(stateOf(someAsks(dryRun), someRuns(dryRun, [attempted(dryRun), accepted(NOW, 'none')]))[0]).toBe(
      'dry_run_passed',
    )
  })

  test.each([
    ['denied', NO],
    ['cancelled', BACK],
  ])('a start that stood down for a no is %s', (state, no) => {
    expect(stateOf([YES, no], [ATTEMPTED, stoodDown('stopped', NONE)])).toEqual([state, true, NOW + 5000])
  })

  test('a no that the starter saw and this reader does not yet is no end, for nobody knows which it is', () => {
    expect(stateOf([YES], [ATTEMPTED, stoodDown('stopped', NONE)])).toEqual(['stopping', false, NOW + 5000])
  })

  test('`stopped` wins over whatever the starter wrote after it', () => {
    expect(stateOf([NO, stopped()], [ATTEMPTED])).toEqual(['denied', true, NOW + 2000])
  })
})

describe('foldStanding, with rows of a newer version', () => {
  const streamOf = (...entries: readonly Timed<{ readonly type: string; readonly body: unknown }>[]): Runs =>
    parseRuns(aStream({ book: 'runs', stream: digestProposal(PROPOSAL) }, entries))
  const newer = { type: 'resumed', body: { next: LOOK }, at: NOW + 6000 }

  test.each([
    ['the first row', streamOf(newer)],
    ['a row after a proven refusal', streamOf(ATTEMPTED, refused({ do: 'again', at: NOW }), newer)],
  ])('%s that cannot be read may be a start, and time does not end it', (_what, runs) => {
    expect(stateOf([YES], runs, NOW + MINUTE)).toEqual(['starting', false, NOW + 6000])
    expect(stateOf([YES, NO], runs, EXPIRED * 2)).toEqual(['starting', false, NOW + 6000])
  })

  test('an end that can be read is the end', () => {
    expect(stateOf([YES], streamOf(ATTEMPTED, newer, refused(NONE, NOW + 7000)))).toEqual(['failed', true, NOW + 7000])
  })
})

describe('foldStanding', () => {
  test('carries the heads of both books as they were read', () => {
    const [asks, runs] = [someAsks(PROPOSAL, [YES]), someRuns(PROPOSAL, [ATTEMPTED])]

    expect(foldStanding(asks, runs, NOW, DURATIONS).heads).toEqual({ asks: headOf(asks.rows), runs: headOf(runs.rows) })
  })

  test('a stream without a request has no standing', () => {
    expect(() =>
      foldStanding({ ...someAsks(PROPOSAL), proposal: undefined }, someRuns(PROPOSAL, []), NOW, DURATIONS),
    ).toThrow(new TypeError('a stream without a request has no standing'))
  })
})

describe('canStop', () => {
  test.each<[string, readonly Timed<RunEntry>[], boolean]>([
    ['nothing was attempted', [], true],
    ['the last attempt is proven to have done nothing', [ATTEMPTED, refused({ do: 'again', at: EXPIRED })], true],
    ['the starter stood down', [ATTEMPTED, stoodDown('too_slow', { do: 'again', at: NOW })], true],
    ['something may have been started', [ATTEMPTED], false],
    ['an end waits to be confirmed', [refused({ do: 'confirm' })], false],
    ['it is over', [ATTEMPTED, refused(NONE)], false],
  ])('when %s: %s', (_when, rows, can) => {
    expect(canStop(someRuns(PROPOSAL, rows))).toBe(can)
  })

  test('not when a row cannot be read: it may be a start', () => {
    const runs = parseRuns(aStream({ book: 'runs', stream: digestProposal(PROPOSAL) }, [{ type: 'resumed', body: {} }]))

    expect(canStop(runs)).toBe(false)
  })
})

describe('isFinalState', () => {
  test.each(['running', 'satisfied', 'dry_run_passed', 'failed', 'stuck', 'denied', 'cancelled', 'expired'])(
    '%s is final',
    (state) => {
      expect(isFinalState(state)).toBe(true)
    },
  )

  test.each(['pending', 'ready', 'waiting', 'expiring', 'stopping', 'starting', '', 'toString'])(
    '%j is not',
    (state) => {
      expect(isFinalState(state)).toBe(false)
    },
  )
})
