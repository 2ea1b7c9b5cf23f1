// Judges a receipt by a policy that the verifier holds: with the very rules by which the starter was to act. What only the
// record itself can say (order, completeness) is compared with the entries that people hold.
import { parseAsks } from '#core/asks.ts'
import type { Durations } from '#core/durations.ts'
import { WORDS } from '#core/language/tables.ts'
import type { Policy } from '#core/policy.ts'
import { digestProposal, sayProposal, type Proposal } from '#core/proposal.ts'
import type { RowFault } from '#core/row.ts'
import { createOpening } from '#core/rule.ts'
import { parseRuns } from '#core/runs.ts'
import { foldStanding, type Standing } from '#core/standing.ts'
import { createView } from '#core/view.ts'
import type { EvidenceVerifier } from '#ports/evidence.ts'
import { checkAttempts } from './check-attempts.ts'
import { checkChains, checkHeads, checkPlaces, type Books, type HeldHead } from './check-books.ts'
import { checkDecisions, verifyDecisions } from './check-decisions.ts'
import { checkRuns } from './check-runs.ts'
import { checkStopped, checkTold } from './check-words.ts'
import { toChecks, type Check } from './check.ts'

export interface ReceiptQuestion {
  readonly receipt: Books & { readonly audience: string }
  readonly policy: Policy
  readonly verifier: EvidenceVerifier
  readonly heads: readonly HeldHead[]
  /** The deployment that it must be from, if that matters to the verifier. */
  readonly audience: string | undefined
  readonly now: number
  readonly durations: Durations
}

export interface Judgement {
  readonly verified: boolean
  /** Worked out from the proposal. */
  readonly says?: string
  readonly digest?: string
  readonly outcome?: { readonly state: string; readonly headline: string }
  readonly checks: readonly Check[]
}

export async function judgeReceipt(question: ReceiptQuestion): Promise<Judgement> {
  const { receipt, policy, verifier, now, durations } = question
  const asks = parseAsks(receipt.asks)
  const runs = parseRuns(receipt.runs)
  const { proposal } = asks
  const books = [...checkChains(receipt), ...checkHeads(receipt, question.heads)]
  if (proposal === undefined) {
    const none = 'The first entry of asks is no request that fits its own digest and id.'
    return { verified: false, checks: [...books, ...toChecks('proposal', '', [none])] }
  }
  const decisions = await verifyDecisions({ asks, policy, verifier })
  const context = { asks, runs, proposal, policy, durations, decisions }
  const standing = foldStanding(asks, runs, now, durations, createOpening(policy, proposal))
  const checks = [
    ...books,
    ...checkPlaces(receipt, proposal),
    ...checkReadable([asks.fault, runs.fault]),
    ...checkAudience(question, proposal),
    ...checkPolicy(policy, proposal),
    ...checkDecisions(context),
    ...checkAttempts(context),
    ...checkRuns(context),
    ...checkStopped(context),
    ...checkTold(context, standing),
    ...checkOutcome(standing),
  ]
  return {
    verified: checks.every(({ verdict }) => verdict !== 'wrong'),
    says: sayProposal(proposal),
    digest: digestProposal(proposal),
    outcome: { state: standing.state, headline: createView(asks, runs, standing).headline },
    checks,
  }
}

function checkReadable(faults: readonly (RowFault | undefined)[]): readonly Check[] {
  return toChecks(
    'readable',
    'Every entry is understood.',
    faults.map((fault) => fault && `Entry ${fault.n} cannot be relied on: ${WORDS.en.flaws[fault.why]}.`),
  )
}

function checkAudience({ receipt, audience }: ReceiptQuestion, proposal: Proposal): readonly Check[] {
  const { audience: made } = proposal
  return toChecks('audience', `It is for the deployment ${made}.`, [
    receipt.audience === made ? undefined : `The receipt is from ${receipt.audience}, its proposal for ${made}.`,
    audience === undefined || audience === made ? undefined : `It is for ${made}, not for ${audience}.`,
  ])
}

/** No reason for doubt by itself: a policy changes. What follows from it is judged by the one that is held. */
function checkPolicy({ digest }: Policy, proposal: Proposal): readonly Check[] {
  if (proposal.policy === digest) return toChecks('policy', 'It was made under the policy given here.', [])
  const [then, here] = [proposal.policy.slice(0, 12), digest.slice(0, 12)]
  const text = `It was made under policy ${then}…, and is judged by ${here}…: if a check fails, try the policy of that time.`
  return [{ key: 'policy', verdict: 'note', text }]
}

function checkOutcome({ state, final }: Standing): readonly Check[] {
  return toChecks('outcome', `It ended as ${state}.`, [
    final ? undefined : `It has not ended (${state}): the end is missing, or the receipt was made too early.`,
  ])
}
