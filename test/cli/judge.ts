// Judges a receipt long after its request ended.
import { createEvidenceVerifier } from '#adapters/evidence/verifier.ts'
import { DURATIONS } from '#core/durations.ts'
import type { Policy } from '#core/policy.ts'
import type { Receipt } from '#lib/cli/answers.ts'
import { judgeReceipt, type Judgement, type ReceiptQuestion } from '#lib/cli/judge/judge-receipt.ts'
import { aPolicy, EXPIRES } from '#support/samples.ts'

export function judge(
  receipt: Receipt,
  policy: Policy = aPolicy(),
  more: Partial<ReceiptQuestion> = {},
): Promise<Judgement> {
  const verifier = createEvidenceVerifier()
  const now = EXPIRES + 600_000
  return judgeReceipt({ receipt, policy, verifier, heads: [], audience: undefined, now, durations: DURATIONS, ...more })
}

/** What was found to be wrong, a line each. */
export function wrongs({ checks }: Judgement): string {
  return checks.flatMap(({ verdict, text }) => (verdict === 'wrong' ? [text] : [])).join('\n')
}
