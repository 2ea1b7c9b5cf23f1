// The page for making passkeys is served by somebody else: the line that it printed for bob is of a key that its maker holds,
// and was taken into the policy.
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { signJws, type PrivateJwk } from '#adapters/evidence/sign-jws.ts'
import type { Proposal } from '#core/proposal.ts'
import { createStatement, type Statement } from '#core/statement.ts'
import { createSoftPasskey } from '#infra/local/soft-passkey.ts'
import { createAttacked, expectOneStart, expectRefused, type Attacked } from '#support/attacked.ts'
import { armedDocument, keyOf, ORIGIN, signWith } from '#support/signers.ts'
import { teamPolicy } from '#support/team.ts'

const MAKER = createSoftPasskey({ origin: ORIGIN })

/** The line stands where bob's passkey should. `tool`: what the rules ask for. */
function attackedWith(line: object, tool: 'any' | 'own-tool' = 'any'): Attacked {
  const document = armedDocument((who, kind) => (who === 'bob' && kind === 'passkey' ? line : keyOf(who, kind)))
  return createAttacked({
    policy: teamPolicy({ ...document, rules: document.rules.map((rule) => ({ ...rule, tool })) }),
  })
}

function asBob(attacked: Attacked, proposal: Proposal): Statement {
  return createStatement(proposal, 'approve', 'bob', Math.floor(attacked.clock.now() / 1000))
}

describe('attack: a line from a lying page for making passkeys', () => {
  test('lets its maker approve as bob, who touches nothing', async () => {
    const attacked = attackedWith(MAKER.policyKey)
    const proposal = await attacked.asked()
    await attacked.plant(proposal, MAKER.assert(asBob(attacked, proposal)))
    await expectOneStart(attacked, proposal)
  })

  test('is found by bob at an honest gate, where his own passkey counts for nothing', async () => {
    const attacked = attackedWith(MAKER.policyKey)
    const proposal = await attacked.asked()
    const own = signWith('passkey', 'bob', { proposal, at: attacked.clock.now() })
    await expectRefused(attacked, proposal, own, 'unknown_key')
  })

  test('never counts as a tool of one’s own, as a passkey stands in it', async () => {
    const attacked = attackedWith(MAKER.policyKey, 'own-tool')
    const proposal = await attacked.asked()
    await attacked.plant(proposal, MAKER.assert(asBob(attacked, proposal)))
    await attacked.provoke(proposal)
    expect(attacked.starts()).toBe(0)
    await attacked.plant(proposal, signWith('ssh', 'bob', { proposal, at: attacked.clock.now() }))
    await expectOneStart(attacked, proposal)
  })

  test('counts as one where none stands in it: reviewers refuse such a line', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const attacked = attackedWith(publicKey.export({ format: 'jwk' }), 'own-tool')
    const proposal = await attacked.asked()
    const token = await signJws(asBob(attacked, proposal), privateKey.export({ format: 'jwk' }) as PrivateJwk)
    await attacked.plant(proposal, { kind: 'jws', token })
    await expectOneStart(attacked, proposal)
  })

  test('is worth nothing once the policy is deployed without it', async () => {
    const attacked = attackedWith(keyOf('bob', 'passkey'))
    const proposal = await attacked.asked()
    const makers = MAKER.assert(asBob(attacked, proposal))
    await expectRefused(attacked, proposal, makers, 'unknown_key')
    await attacked.plant(proposal, makers)
    await attacked.provoke(proposal)
    expect(attacked.starts()).toBe(0)
  })
})
