// The books as such: whole, of this request, and the same that people hold entries of.
import { digestProposal, type Proposal } from '#core/proposal.ts'
import { findBrokenLink, type BookName, type Row } from '#core/row.ts'
import { toChecks, type Check } from './check.ts'

export interface Books {
  readonly asks: readonly Row[]
  readonly runs: readonly Row[]
}

/** An entry that somebody was answered with, at the time. */
export interface HeldHead {
  readonly book: BookName
  readonly n: number
  /** Its first digits, `ENOUGH_DIGITS` at least, or all. */
  readonly hash: string
}

export function checkChains(books: Books): readonly Check[] {
  return (['asks', 'runs'] as const).flatMap((book) => {
    const rows = books[book]
    const broken = findBrokenLink(rows)
    return toChecks(`chain.${book}`, `The entries of ${book} follow from each other: ${rows.length}.`, [
      broken === undefined ? undefined : `Entry ${broken} of ${book} is missing, re-ordered or changed.`,
    ])
  })
}

export function checkHeads(books: Books, heads: readonly HeldHead[]): readonly Check[] {
  return heads.flatMap(({ book, n, hash }) => {
    const row = books[book][n - 1]
    return toChecks('head', `Entry ${n} of ${book} is the one that somebody holds.`, [
      row === undefined
        ? `Entry ${n} of ${book}, which somebody holds, is missing.`
        : row.hash.startsWith(hash)
          ? undefined
          : `Entry ${n} of ${book} is not the one that somebody holds.`,
    ])
  })
}

/** The hash covers where a row stood: a sound row of another request is out of place here. */
export function checkPlaces({ asks, runs }: Books, proposal: Proposal): readonly Check[] {
  const digest = digestProposal(proposal)
  const astray = [
    ...asks.filter(({ book, stream }) => book !== 'asks' || stream !== proposal.request.id),
    ...runs.filter(({ book, stream }) => book !== 'runs' || stream !== digest),
  ]
  return toChecks(
    'place',
    `All entries belong to ${proposal.request.id}.`,
    astray.map(({ n, book, stream }) => `Entry ${n} belongs to ${book} of ${stream}.`),
  )
}
