// A receipt proves a start to whoever holds the policy, without a deployment to ask.
import { expect } from 'vitest'
import { createEvidenceVerifier } from '#adapters/evidence/verifier.ts'
import { DURATIONS } from '#core/durations.ts'
import type { Books } from '#lib/cli/judge/check-books.ts'
import { judgeReceipt } from '#lib/cli/judge/judge-receipt.ts'
import { AUDIENCE, teamPolicy } from './team.ts'

/** `receipt`: both books; `document`: the policy before it is parsed. */
export async function expectProof(receipt: Books, document: unknown): Promise<void> {
  const judgement = await judgeReceipt({
    receipt: { audience: AUDIENCE, ...receipt },
    policy: teamPolicy(document),
    verifier: createEvidenceVerifier(),
    heads: [],
    audience: AUDIENCE,
    now: Date.now(),
    durations: DURATIONS,
  })
  expect(judgement.checks.filter(({ verdict }) => verdict === 'wrong')).toEqual([])
  expect(judgement.verified).toBe(true)
}
