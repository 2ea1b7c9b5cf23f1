// Who has signed what. A signature is a number in this ledger: nobody can make one up, and telling a true one takes no time.
import { digestProposal, type Proposal } from '#core/proposal.ts'
import { createStatement, type Evidence, type Statement } from '#core/statement.ts'
import { keysOf } from '#core/principals.ts'
import type { EvidenceVerifier } from '#ports/evidence.ts'
import type { Approver } from './policies.ts'

export interface Signature {
  readonly by: Approver
  readonly statement: Statement
  /** What this person read before signing. */
  readonly proposal: Proposal
  readonly tool: 'own-tool' | 'page'
  readonly evidence: Evidence
}

export interface Ledger {
  readonly signatures: readonly Signature[]
  sign(
    by: Approver,
    decision: Statement['decision'],
    proposal: Proposal,
    iat: number,
    tool: Signature['tool'],
  ): Evidence
  readonly verifier: EvidenceVerifier
}

export function createLedger(): Ledger {
  const signatures: Signature[] = []
  return {
    signatures,
    sign(by, decision, proposal, iat, tool) {
      const evidence: Evidence = { kind: 'jws', token: `signature-${signatures.length}` }
      const reason = decision === 'deny' ? 'no' : undefined
      signatures.push({ by, statement: createStatement(proposal, decision, by, iat, reason), proposal, tool, evidence })
      return evidence
    },
    verifier: {
      async verify(evidence, policy) {
        const number = evidence.kind === 'jws' ? /^signature-(\d+)$/.exec(evidence.token)?.[1] : undefined
        const found = signatures[Number(number ?? -1)]
        const key = found && keysOf(policy, found.by)[0]
        if (found === undefined || key === undefined) return { flaw: 'unknown_key' }
        return { signed: { statement: found.statement, principal: found.by, key, tool: found.tool } }
      },
    },
  }
}

/** The yeses of this person over exactly this proposal. */
export function yesesFor({ signatures }: Ledger, digest: string): readonly Signature[] {
  return signatures.filter(
    ({ statement, proposal }) =>
      statement.decision === 'approve' && statement.proposal === digest && digestProposal(proposal) === digest,
  )
}
