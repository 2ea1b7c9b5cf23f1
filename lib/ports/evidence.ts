import type { Policy } from '#core/policy.ts'
import type { TokenFlaw } from '#core/refusal.ts'
import type { Evidence } from '#core/statement.ts'
import type { SignedStatement } from '#core/vote.ts'

export type Verified = { readonly signed: SignedStatement } | { readonly flaw: TokenFlaw }

export interface EvidenceVerifier {
  /** Verifies the signature alone, with keys of the policy: who signed which statement. What it is worth is for the rules. */
  verify(evidence: Evidence, policy: Policy): Promise<Verified>
}
