import { describe, expect, test } from 'vitest'
import { digestProposal } from '#core/proposal.ts'
import type { Row } from '#core/row.ts'
import { checkRunEntry, parseRuns, toDetail, type Runs } from '#core/runs.ts'
import { accepted, aProposal, aStream, attempted, NOW } from '#support/samples.ts'

const PROPOSAL = aProposal()
const ATTEMPTED = attempted(PROPOSAL)

type Entry = Pick<Row, 'type' | 'body'> & { readonly at?: number }

function streamOf(...entries: readonly Entry[]): readonly Row[] {
  return aStream({ book: 'runs', stream: digestProposal(PROPOSAL) }, entries)
}

function parse(...entries: readonly Entry[]): Runs {
  return parseRuns(streamOf(...entries))
}

const AGAIN = { do: 'again', at: NOW + 1000 }
const REFUSED = { type: 'refused', body: { answer: { code: 'Throttling' }, next: AGAIN } }

describe('parseRuns', () => {
  test('before the first row a first attempt may follow, at any time', () => {
    expect(parseRuns([])).toEqual({
      events: [],
      last: undefined,
      next: { do: 'again', at: 0 },
      attempt: undefined,
      attempts: 0,
      fault: undefined,
      rows: [],
    })
  })

  test('the last row says what may follow', () => {
    expect(parse(ATTEMPTED)).toMatchObject({ next: { do: 'look' }, last: { type: 'attempted' } })
    expect(parse(ATTEMPTED, REFUSED)).toMatchObject({ next: AGAIN, last: { type: 'refused' } })
    expect(parse(ATTEMPTED, accepted(NOW, 'none'))).toMatchObject({ next: { do: 'none' }, last: { type: 'accepted' } })
  })

  test('counts attempts and keeps the latest', () => {
    expect(parse(ATTEMPTED, REFUSED, attempted(PROPOSAL, NOW + 5000), accepted())).toMatchObject({
      attempts: 2,
      attempt: { n: 3, at: NOW + 5000 },
    })
  })

  test.each([{ do: 'none' }, { do: 'look' }, { do: 'confirm' }, AGAIN])('reads %o', (next) => {
    expect(parse({ type: 'stood_down', body: { why: 'too_slow', next } })).toMatchObject({ next, fault: undefined })
  })

  test.each<[string, Entry]>([
    ['an unknown type', { type: 'resumed', body: {} }],
    ['a type that every object has', { type: 'constructor', body: {} }],
    ['an unknown way on', { ...REFUSED, body: { ...REFUSED.body, next: { do: 'retry' } } }],
    ['again without a time', { ...REFUSED, body: { ...REFUSED.body, next: { do: 'again' } } }],
    ['no way on', { ...REFUSED, body: { answer: { code: 'Throttling' } } }],
    ['an unknown field', { ...REFUSED, body: { ...REFUSED.body, more: 1 } }],
    ['an answer without a code', { ...REFUSED, body: { answer: {}, next: AGAIN } }],
    ['an unknown reason to stand down', { type: 'stood_down', body: { why: 'tired', next: AGAIN } }],
  ])('%s is a fault', (_what, entry) => {
    const runs = parse(ATTEMPTED, entry)

    expect(runs.fault).toEqual({ n: 2, why: 'unknown_row' })
    expect(runs.last?.type).toBe('attempted')
    expect(runs.rows).toHaveLength(2)
  })

  test('the first fault is the one that is named; a broken chain comes before all', () => {
    const rows = streamOf(ATTEMPTED, { type: 'one', body: {} }, { type: 'two', body: {} })

    expect(parseRuns(rows).fault?.n).toBe(2)
    expect(parseRuns(rows.with(2, { ...rows[2], at: 0 } as Row)).fault).toEqual({
      n: 3,
      why: 'broken_chain',
    })
  })
})

describe('toDetail', () => {
  test.each([
    ['x'.repeat(500), 'x'.repeat(500)],
    ['x'.repeat(501), `${'x'.repeat(499)}…`],
  ])('is cut where a row would not hold it: %#', (text, detail) => {
    expect(toDetail(text)).toBe(detail)
  })
})

describe('checkRunEntry', () => {
  test('passes what can be read back, and stops the rest', () => {
    expect(() => checkRunEntry(accepted())).not.toThrow()
    expect(() =>
      checkRunEntry({ type: 'accepted', body: { requestId: 'x'.repeat(101), next: { do: 'look' } } }),
    ).toThrow(/requestId/)
  })
})
