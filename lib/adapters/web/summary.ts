import type { Language } from '#core/language/language.ts'
import { digestProposal, sayProposal } from '#core/proposal.ts'
import type { Row } from '#core/row.ts'
import { createView, type View } from '#core/view.ts'
import type { Loaded } from '#flow/load.ts'
import type { Summary } from './answers.ts'

/** What every answer about a request begins with. `head`: what the caller can later hold the record to. */
export function toSummary({ proposal, standing }: Loaded, publicUrl: string): Summary {
  const { id, expiresAt } = proposal.request
  return {
    id,
    state: standing.state,
    digest: digestProposal(proposal),
    says: sayProposal(proposal),
    review: `${publicUrl}/r/${id}`,
    expiresAt: new Date(expiresAt).toISOString(),
    head: standing.heads,
  }
}

export function toView({ asks, runs, standing }: Loaded, language: Language): View {
  return createView(asks, runs, standing, language)
}

/** Both books as one list: by time, but never out of the order that a book has itself. */
export function mergeBooks(asks: readonly Row[], runs: readonly Row[]): readonly Row[] {
  const merged: Row[] = []
  let [a, r] = [0, 0]
  for (;;) {
    const [ask, run] = [asks[a], runs[r]]
    if (ask !== undefined && (run === undefined || ask.at <= run.at)) {
      merged.push(ask)
      a += 1
    } else if (run !== undefined) {
      merged.push(run)
      r += 1
    } else return merged
  }
}
