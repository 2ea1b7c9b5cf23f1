// Receipts of requests that ended in every way, and what it takes to forge one.
import type { AskEntry } from '#core/asks.ts'
import { digestProposal, type Proposal } from '#core/proposal.ts'
import { createRow, headOf, type Actor, type Head, type Row } from '#core/row.ts'
import type { RunEntry } from '#core/runs.ts'
import type { Receipt } from '#lib/cli/answers.ts'
import { accepted, aProposal, aStream, approved, attempted, NOW, requested } from '#support/samples.ts'

export type At<Entry> = Entry & { readonly at?: number; readonly actor?: Actor }

export interface Draft {
  readonly proposal?: Proposal
  /** After the request itself. */
  readonly asks?: readonly At<AskEntry>[]
  /** `acted`: the head of `asks` that an attempt acted on. */
  readonly runs?: (acted: Head) => readonly At<RunEntry>[]
  /** The number of the entry of `asks` that attempts act on; default: the last. */
  readonly actedOn?: number
  readonly audience?: string
}

/** Whole chains throughout: whoever can write both books can do as much. */
export function aReceipt({
  proposal = aProposal(),
  asks = [],
  runs = () => [],
  actedOn,
  audience,
}: Draft = {}): Receipt {
  const rows = aStream({ book: 'asks', stream: proposal.request.id }, [requested(proposal), ...asks])
  const acted = headOf(rows.slice(0, actedOn ?? rows.length))
  return {
    v: 1,
    kind: 'startgate-receipt',
    audience: audience ?? proposal.audience,
    asks: [...rows],
    runs: [...aStream({ book: 'runs', stream: digestProposal(proposal) }, runs(acted), NOW + 120_000)],
  }
}

export function attemptedOn(proposal: Proposal, acted: Head, at = NOW + 120_000): At<RunEntry> {
  const entry = attempted(proposal, at)
  return { ...entry, body: { ...entry.body, asks: acted } } as At<RunEntry>
}

export const RUNNING = { type: 'running', body: { inferred: false, status: 'Running', next: { do: 'none' } } } as const

/** Approved, attempted, accepted, seen running. */
export function aRun(proposal: Proposal): (acted: Head) => readonly At<RunEntry>[] {
  return (acted) => [attemptedOn(proposal, acted), accepted(NOW + 121_000), { ...RUNNING, at: NOW + 130_000 }]
}

export function aRunningReceipt(draft: Draft = {}): Receipt {
  const proposal = draft.proposal ?? aProposal()
  return aReceipt({ asks: [approved(proposal, 'bob', NOW + 61_000)], runs: aRun(proposal), ...draft })
}

/** The rows with another content, chained anew: the chain itself tells nothing any more. */
export function rechain(rows: readonly Row[], change: (row: Row) => Partial<Row>): Row[] {
  return rows.reduce<Row[]>((done, row) => [...done, createRow({ ...row, ...change(row) }, headOf(done))], [])
}
