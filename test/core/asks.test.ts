import { describe, expect, test } from 'vitest'
import { parseAsks, type Asks } from '#core/asks.ts'
import { MAX_ROWS } from '#core/caps.ts'
import { digestProposal } from '#core/proposal.ts'
import { createRow, NO_HEAD, type Row } from '#core/row.ts'
import { approved, aProposal, aStream, cancelled, denied, NOW, requested, stopped } from '#support/samples.ts'

const PROPOSAL = aProposal()
const DIGEST = digestProposal(PROPOSAL)
const { id: STREAM } = PROPOSAL.request
const FIRST = requested(PROPOSAL)
const YES = approved(PROPOSAL, 'bob')

type Entry = Pick<Row, 'type' | 'body'> & { readonly at?: number }

function parse(...entries: readonly Entry[]): Asks {
  return parseAsks(aStream({ book: 'asks', stream: STREAM }, entries))
}

function withBody(change: object): Entry {
  return { type: 'requested', body: { proposal: PROPOSAL, digest: DIGEST, ask: 'b'.repeat(64), ...change } }
}

const UNSOUND = { n: 1, why: 'no_request' }
const unreadable = (n: number): object => ({
  n,
  why: 'unknown_row',
})

describe('parseAsks', () => {
  test('an empty stream says nothing and has no fault', () => {
    expect(parseAsks([])).toEqual({
      proposal: undefined,
      digest: undefined,
      events: [],
      no: undefined,
      stopped: false,
      approvals: [],
      fault: undefined,
      rows: [],
    })
  })

  test('a sound stream gives its proposal, its approvals in order and its rows', () => {
    const asks = parse(FIRST, YES, approved(PROPOSAL, 'carol'))

    expect(asks).toMatchObject({ proposal: PROPOSAL, digest: DIGEST, no: undefined, stopped: false, fault: undefined })
    expect(asks.events.map(({ type }) => type)).toEqual(['requested', 'approved', 'approved'])
    expect(asks.approvals.map(({ n, approver }) => [n, approver])).toEqual([
      [2, 'bob'],
      [3, 'carol'],
    ])
    expect(asks.approvals[0]?.evidence).toEqual(YES.type === 'approved' && YES.body.evidence)
    expect(asks.rows).toHaveLength(3)
  })

  test.each([
    ['denied', denied(PROPOSAL, 'bob', NOW + 5)],
    ['cancelled', cancelled('alice', NOW + 5)],
  ])('the first no counts: %s', (kind, no) => {
    const other = kind === 'denied' ? cancelled('alice') : denied(PROPOSAL, 'bob')

    expect(parse(FIRST, YES, no, other).no).toEqual({ n: 3, at: NOW + 5, kind })
  })

  test.each(['denied', 'cancelled'])('a row of type %s is a no, whatever it holds', (type) => {
    expect(parse(FIRST, { type, body: null })).toMatchObject({ no: { n: 2, kind: type }, fault: unreadable(2) })
  })

  test('a no counts behind a broken chain too', () => {
    const rows = aStream({ book: 'asks', stream: STREAM }, [FIRST, YES, denied(PROPOSAL, 'bob')])

    expect(parseAsks(rows.toSpliced(1, 1))).toMatchObject({
      no: { n: 3, kind: 'denied' },
      fault: { n: 2, why: 'broken_chain' },
    })
  })

  test('knows when somebody made sure that nothing was under way', () => {
    expect(parse(FIRST, denied(PROPOSAL, 'bob'), stopped()).stopped).toBe(true)
  })
})

describe('parseAsks, of a stream that cannot be relied on', () => {
  test.each<[string, Entry]>([
    ['a digest of another proposal', withBody({ digest: 'c'.repeat(64) })],
    ['a proposal for another request', requested(aProposal({ request: { id: `req_${'1'.repeat(32)}` } }))],
  ])('%s is no request', (_what, first) => {
    expect(parse(first)).toMatchObject({ proposal: undefined, digest: undefined, fault: UNSOUND })
  })

  test('a proposal with an unknown field is not read', () => {
    expect(parse(withBody({ proposal: { ...PROPOSAL, force: true } }))).toMatchObject({
      proposal: undefined,
      fault: unreadable(1),
    })
  })

  test('a stream that begins with anything else has no proposal', () => {
    expect(parse(YES, FIRST)).toMatchObject({ proposal: undefined, fault: UNSOUND })
  })

  test('a request that is not the first row is none', () => {
    const rows = aStream({ book: 'asks', stream: STREAM }, [YES, FIRST])

    expect(parseAsks(rows.slice(1)).proposal).toBeUndefined()
  })

  test('a request behind a row that cannot be read is none', () => {
    expect(parse({ type: 'unheard', body: {} }, FIRST)).toMatchObject({
      proposal: undefined,
      fault: unreadable(1),
    })
  })

  test('a request under another id is none, even if its row is whole', () => {
    const row = createRow(
      { ...FIRST, book: 'asks', stream: 'req_other', id: '1', at: NOW, actor: { function: 'gate' } },
      NO_HEAD,
    )

    expect(parseAsks([row]).proposal).toBeUndefined()
  })

  test.each<[string, Entry]>([
    ['an unknown type', { type: 'delegated', body: {} }],
    ['a type that every object has', { type: 'toString', body: {} }],
    ['an approval without evidence', { type: 'approved', body: { approver: 'bob' } }],
    ['an approval with an unknown field', { type: 'approved', body: { ...YES.body, weight: 2 } }],
    ['an approval by nobody', { type: 'approved', body: { ...YES.body, approver: 'Not A Name' } }],
    [
      'a telling that counts below zero',
      { type: 'posted', body: { upto: { asks: -1, runs: 0 }, state: 'ready', to: {} } },
    ],
    ['a `stopped` without what was read', { type: 'stopped', body: {} }],
  ])('%s is a fault, and the rest is still read', (_what, entry) => {
    const asks = parse(FIRST, entry, YES)

    expect(asks.fault).toEqual(unreadable(2))
    expect(asks).toMatchObject({ proposal: PROPOSAL, approvals: [{ n: 3 }] })
  })

  test('the first fault is the one that is named; a broken chain comes before all', () => {
    expect(parse(FIRST, { type: 'one', body: {} }, { type: 'two', body: {} }).fault).toEqual(unreadable(2))

    const rows = aStream({ book: 'asks', stream: STREAM }, [FIRST, { type: 'one', body: {} }, YES])
    const changed = rows.with(2, { ...rows[2], at: 0 } as Row)
    expect(parseAsks(changed).fault).toEqual({ n: 3, why: 'broken_chain' })
  })

  test('so many rows that they cannot be judged in time are a fault', () => {
    const flood = (count: number): readonly Entry[] => Array.from({ length: count - 1 }, () => cancelled('alice'))

    expect(parse(FIRST, ...flood(MAX_ROWS)).fault).toBeUndefined()
    expect(parse(FIRST, ...flood(MAX_ROWS + 1)).fault).toEqual({ n: 65, why: 'too_many' })
  })
})
