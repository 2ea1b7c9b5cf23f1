// What was approved by passkey, judged long after: by the page and the keys that the reader's policy has.
import { describe, expect, it } from 'vitest'
import type { Policy } from '#core/policy.ts'
import { createSoftPasskey } from '#infra/local/soft-passkey.ts'
import { aPolicy, aPolicyDocument, aProposal, aStatement, NOW } from '#support/samples.ts'
import { judge, wrongs } from './judge.ts'
import { aRunningReceipt } from './receipts.ts'

const ORIGIN = 'https://gate.example.com'
const PROPOSAL = aProposal()
const BOBS = createSoftPasskey({ origin: ORIGIN })

const RECEIPT = aRunningReceipt({
  asks: [
    {
      type: 'approved',
      body: { approver: 'bob', evidence: BOBS.assert(aStatement(PROPOSAL, 'bob')) },
      actor: { principal: 'bob' },
      at: NOW + 61_000,
    },
  ],
})

function policyWith(validity: object = {}, origin = ORIGIN): Policy {
  const bob = { keys: [{ ...BOBS.policyKey, ...validity }] }
  return aPolicy({ people: { ...(aPolicyDocument()['people'] as object), bob }, page: { origin } })
}

describe('a receipt', () => {
  it('is sound', async () => {
    const judgement = await judge(RECEIPT, policyWith())

    expect(wrongs(judgement)).toBe('')
    expect(judgement.verified).toBe(true)
  })

  it('stays sound when the passkey is revoked afterwards', async () => {
    expect((await judge(RECEIPT, policyWith({ until: '2026-11-23T09:02:01Z' }))).verified).toBe(true)
  })

  it.each([
    ['was revoked before the attempt', policyWith({ until: '2026-11-23T09:01:30Z' }), 'the key was not valid then'],
    ['was not valid yet when it approved', policyWith({ from: '2026-11-23T09:01:30Z' }), 'the key was not valid then'],
    ['is not known', aPolicy({ page: { origin: ORIGIN } }), 'no key of this policy'],
  ])('is not when the passkey %s', async (_what, policy, why) => {
    const judgement = await judge(RECEIPT, policy)

    expect(judgement.verified).toBe(false)
    expect(wrongs(judgement)).toContain(why)
  })

  it('is not for a reader whose page is another one', async () => {
    const judgement = await judge(RECEIPT, policyWith({}, 'https://gate.example.org'))

    expect(judgement.verified).toBe(false)
    expect(wrongs(judgement)).toContain('page')
  })
})
