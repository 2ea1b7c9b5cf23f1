import { describe, expect, test } from 'vitest'
import { listMissed } from '#core/changes.ts'
import type { AskEntry, Asks } from '#core/asks.ts'
import { DURATIONS, SECOND } from '#core/durations.ts'
import type { RunEntry, Runs } from '#core/runs.ts'
import { foldStanding } from '#core/standing.ts'
import { findHeard, findNews } from '#core/telling.ts'
import {
  accepted,
  approved,
  aProposal,
  attempted,
  cancelled,
  denied,
  NOW,
  someAsks,
  someRuns,
  stopped,
} from '#support/samples.ts'

const ONE = aProposal()
const TWO = aProposal({ rule: { approvals: 2 } })
const EXPIRED = ONE.request.expiresAt + DURATIONS.expiryGrace
const at = (seconds: number): number => NOW + seconds * SECOND

const runs = (at: number): RunEntry & { readonly at: number } => ({
  type: 'running',
  body: { inferred: false, status: 'Running', next: { do: 'none' } },
  at,
})
const refused = (at: number): RunEntry & { readonly at: number } => ({
  type: 'refused',
  body: { answer: { code: 'Throttling' }, next: { do: 'again', at: at + SECOND } },
  at,
})
const posted = (asks: number, runs: number, state: string): AskEntry => ({
  type: 'posted',
  body: { upto: { asks, runs }, state, to: { 'ops-room': 'delivered' } },
})

/** As `<asks>.<runs> <state> <seconds>`. */
function missed(asks: Asks, done: Runs = someRuns(ONE, []), now = at(3600)): readonly string[] {
  const fold = (some: Asks, more: Runs, then: number) => foldStanding(some, more, then, DURATIONS)
  const news = findNews(asks, done, fold(asks, done, now))
  return listMissed(asks, done, findHeard(asks, 'ops-room'), news, fold).map(
    (change) =>
      `${change.upto.asks}.${change.upto.runs} ${change.standing.state} ${(change.at - NOW) / SECOND} ${change.asks.rows.length}.${change.runs.rows.length}`,
  )
}

describe('listMissed', () => {
  test('is empty when the news is all there is', () => {
    expect(missed(someAsks(ONE))).toEqual([])
    expect(missed(someAsks(ONE, [posted(1, 0, 'pending')]))).toEqual([])
    expect(missed(someAsks(ONE, [posted(1, 0, 'pending'), approved(ONE, 'bob', at(5))]))).toEqual([])
  })

  test('is each change of state before the news, by the rows that made it, at its own time', () => {
    const asks = someAsks(ONE, [posted(1, 0, 'pending'), approved(ONE, 'bob', at(5))])
    const done = someRuns(ONE, [attempted(ONE, at(7)), accepted(at(8)), runs(at(30))])

    expect(missed(asks, done)).toEqual(['3.0 ready 5 3.0', '3.2 starting 8 3.2'])
  })

  test('goes on from what was heard', () => {
    const asks = someAsks(ONE, [approved(ONE, 'bob', at(5)), posted(2, 1, 'starting')])

    expect(
      missed(asks, someRuns(ONE, [attempted(ONE, at(7)), refused(at(8)), attempted(ONE, at(20)), runs(at(30))])),
    ).toEqual(['2.2 waiting 8 2.2', '2.3 starting 20 2.3'])
  })

  test('a state that comes twice in a row is told once, at its latest', () => {
    const asks = someAsks(TWO, [approved(TWO, 'bob', at(5))])
    expect(missed(asks, someRuns(TWO, []))).toEqual([])

    const enough = someAsks(TWO, [approved(TWO, 'bob', at(5)), approved(TWO, 'carol', at(6))])
    expect(missed(enough, someRuns(TWO, []))).toEqual(['2.0 pending 5 2.0'])
  })

  test('before an end that time alone made, how it stood is a change', () => {
    expect(missed(someAsks(ONE), someRuns(ONE, []), EXPIRED)).toEqual(['1.0 pending 0 1.0'])
    expect(missed(someAsks(ONE, [posted(1, 0, 'pending')]), someRuns(ONE, []), EXPIRED)).toEqual([])
  })

  test('a no that was answered at once was a change too', () => {
    const asks = someAsks(ONE, [posted(1, 0, 'pending'), cancelled('alice', at(5)), stopped(at(5))])

    expect(missed(asks)).toEqual(['3.0 stopping 5 3.0'])
  })

  test('what a row knew of the other book came before it, whatever the clocks say', () => {
    const asks = someAsks(ONE, [approved(ONE, 'bob', at(50)), denied(ONE, 'carol', at(60))])
    const entry = attempted(ONE, at(10))
    const knowing = { ...entry, body: { ...entry.body, asks: { n: 2, hash: 'a'.repeat(64) } } } as typeof entry
    expect(missed(asks, someRuns(ONE, [knowing, accepted(at(11)), runs(at(70))]))).toEqual([
      '1.0 pending 0 1.0',
      '2.0 ready 50 2.0',
      '3.2 starting 60 3.2',
    ])

    const refusal = someRuns(ONE, [attempted(ONE, at(40)), refused(at(90))])
    const after = stopped(at(20))
    const stop = { ...after, body: { runs: { n: 2, hash: 'a'.repeat(64) } } } as typeof after
    expect(missed(someAsks(ONE, [posted(1, 0, 'pending'), denied(ONE, 'bob', at(10)), stop]), refusal)).toEqual([
      '3.0 stopping 10 3.0',
      '3.1 starting 40 3.1',
      '3.2 stopping 90 3.2',
    ])
  })

  test('where neither knew of the other, the clocks decide; nothing comes before the request', () => {
    const asks = someAsks(ONE, [approved(ONE, 'bob', at(5)), denied(ONE, 'carol', at(9))])

    expect(missed(asks, someRuns(ONE, [attempted(ONE, at(-7)), runs(at(12))]))).toEqual([
      '1.0 pending 0 1.0',
      '3.1 starting 9 3.1',
    ])
    expect(missed(asks, someRuns(ONE, [attempted(ONE, at(7)), runs(at(12))]))).toEqual([
      '1.0 pending 0 1.0',
      '2.0 ready 5 2.0',
      '3.1 starting 9 3.1',
    ])
  })
})
