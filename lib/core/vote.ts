// A signature that verified, and whether the statement under it counts for a proposal.
import type { Durations } from './durations.ts'
import { isKeyValid, type Key } from './key.ts'
import { digestProposal, sayProposal, type Proposal } from './proposal.ts'
import type { TokenFlaw } from './refusal.ts'
import type { Statement } from './statement.ts'

/** A statement whose signature verified with `key`, which the policy gives to `principal`. */
export interface SignedStatement {
  readonly statement: Statement
  readonly principal: string
  readonly key: Key
  /** See `toolOf`. */
  readonly tool: 'own-tool' | 'page'
}

export interface VoteQuestion {
  readonly proposal: Proposal
  readonly decision: Statement['decision']
  readonly audience: string
  readonly now: number
  readonly durations: Durations
}

/** Why a signed statement does not count; undefined when it does. Whether its signer may approve is asked of the rule. */
export function findFlaw(
  { statement, principal, key }: SignedStatement,
  question: VoteQuestion,
): TokenFlaw | undefined {
  const { proposal, decision, audience, now, durations } = question
  const signedAt = statement.iat * 1000
  if (statement.decision !== decision) return 'another_decision'
  if (statement.audience !== audience) return 'another_audience'
  if (statement.proposal !== digestProposal(proposal)) return 'another_proposal'
  // Recomputed, never trusted: it is the line that the approver read.
  if (statement.says !== sayProposal(proposal)) return 'another_text'
  if (statement.approver !== principal) return 'not_the_approver_of_the_key'
  const { principal: requester, onBehalfOf } = proposal.request.requester
  if (principal === requester || principal === onBehalfOf) return 'is_the_requester'
  if (signedAt < proposal.request.createdAt - durations.iatTolerance) return 'signed_too_early'
  if (signedAt > now + durations.iatTolerance) return 'signed_in_the_future'
  // Valid when it was signed and valid now: a key that leaked must not approve by a date in its good days.
  if (!isKeyValid(key, signedAt) || !isKeyValid(key, now)) return 'key_not_valid_then'
  return undefined
}
