// Approvals that count no longer, or not yet: keys that were taken back, and clocks that differ.
import { describe, expect, test } from 'vitest'
import { createEvidenceVerifier } from '#adapters/evidence/verifier.ts'
import { DURATIONS } from '#core/durations.ts'
import { start } from '#flow/start.ts'
import { judgeReceipt } from '#lib/cli/judge/judge-receipt.ts'
import { createAttacked } from '#support/attacked.ts'
import { armedDocument, keyOf, KINDS, signWith, type Kind } from '#support/signers.ts'
import { AUDIENCE, teamPolicy } from '#support/team.ts'

/** The team of another day, on which this key of bob says something else of itself. */
function policyWith(kind: Kind, change: object) {
  return teamPolicy(
    armedDocument((who, each) =>
      who === 'bob' && each === kind ? { ...keyOf(who, each), ...change } : keyOf(who, each),
    ),
  )
}

describe.each(KINDS)('attack: approver removed or key revoked between sign and use, by %s', (kind) => {
  async function approved() {
    const attacked = createAttacked()
    const proposal = await attacked.asked()
    const evidence = signWith(kind, 'bob', { proposal, at: attacked.clock.now() })
    expect((await attacked.decide(proposal, evidence)).status).toBe(200)
    return { attacked, proposal, id: proposal.request.id }
  }

  test('bob left, or only his key did: nothing starts, and nothing is written', async () => {
    const { attacked, id } = await approved()
    const document = armedDocument()
    const { bob: _left, ...rest } = document['people'] as Record<string, object>
    const rules = document.rules.map((rule) => ({
      ...rule,
      requesters: ['alice'],
      approvers: ['carol', 'dave', 'erin'],
    }))
    const gone = { ...document, people: rest, rules, machines: {} }
    const keyless = { ...document, people: { ...rest, bob: { keys: [] } } }
    const before = attacked.record()
    for (const policy of [gone, keyless].map(teamPolicy)) await start({ ...attacked.starter, policy }, id)
    const until = new Date(attacked.clock.now()).toISOString()
    await start({ ...attacked.starter, policy: policyWith(kind, { until }) }, id)
    expect(attacked.starts()).toBe(0)
    expect(attacked.record()).toBe(before)
    await attacked.start(id)
    expect(attacked.starts()).toBe(1)
  })

  test('a key that was revoked afterwards leaves the old receipt sound; one revoked before does not', async () => {
    const { attacked, id } = await approved()
    await attacked.clock.advance(60_000)
    await attacked.start(id)
    const { asks, runs } = await attacked.load(id)
    const receipt = { audience: AUDIENCE, asks: asks.rows, runs: runs.rows }
    const verified = async (until: number): Promise<boolean> => {
      const policy = policyWith(kind, { until: new Date(until).toISOString() })
      const question = { receipt, policy, verifier: createEvidenceVerifier(), heads: [], audience: AUDIENCE }
      const now = attacked.clock.now() + 365 * 86_400_000
      return (await judgeReceipt({ ...question, now, durations: DURATIONS })).verified
    }
    const startedAt = runs.rows[0]?.at ?? expect.fail()
    expect(await verified(startedAt + 1000)).toBe(true)
    expect(await verified(startedAt)).toBe(false)
  })
})

describe.each(KINDS)('attack: clock skew, by %s', (kind) => {
  const MINUTE = 60_000

  test.each([
    ['five minutes before it was asked', -300, 0, 200],
    ['a second earlier', -301, 0, 403],
    ['five minutes ahead of the gate', 300, 0, 200],
    ['a second further', 301, 0, 403],
    ['the same, where the gate is a millisecond behind', 300, -1, 403],
    ['the same, where the gate is a second ahead', 301, 1000, 200],
  ] as const)('signed %s', async (_when, seconds, skew, status) => {
    const attacked = createAttacked()
    const proposal = await attacked.asked()
    const evidence = signWith(kind, 'bob', { proposal, at: proposal.request.createdAt + seconds * 1000 })
    attacked.clock.shift(skew)
    expect((await attacked.decide(proposal, evidence)).status).toBe(status)
    attacked.clock.shift(-skew)
    await attacked.plant(proposal, evidence)
    await start({ ...attacked.starter, clock: attacked.clock.skewed(skew) }, proposal.request.id)
    expect(attacked.starts()).toBe(status === 200 ? 1 : 0)
  })

  test.each([
    ['a millisecond before the end', 30 * MINUTE - 1, 200, 1],
    ['at the end', 30 * MINUTE, 409, 0],
    ['a second after the end', 30 * MINUTE + 1000, 409, 0],
  ])('%s', async (_when, after, status, starts) => {
    const attacked = createAttacked()
    const proposal = await attacked.asked()
    const evidence = signWith(kind, 'bob', { proposal, at: attacked.clock.now() })
    attacked.clock.shift(after)
    expect((await attacked.decide(proposal, evidence)).status).toBe(status)
    await attacked.plant(proposal, evidence)
    await attacked.start(proposal.request.id)
    expect(attacked.starts()).toBe(starts)
  })

  test.each([
    ['two minutes behind', -2 * MINUTE, 1],
    ['a millisecond more', -2 * MINUTE - 1, 0],
    ['ahead to a millisecond before the end', 30 * MINUTE - 1, 1],
    ['ahead to the end', 30 * MINUTE, 0],
  ])('a starter that is %s', async (_how, skew, starts) => {
    const attacked = createAttacked()
    const proposal = await attacked.asked()
    await attacked.plant(proposal, signWith(kind, 'bob', { proposal, at: attacked.clock.now() }))
    await start({ ...attacked.starter, clock: attacked.clock.skewed(skew) }, proposal.request.id)
    expect(attacked.starts()).toBe(starts)
  })

  test.each([
    ['until a millisecond after it is used', { until: 1 }, 1],
    ['until it is used', { until: 0 }, 0],
    ['from when it signed', { from: 0 }, 1],
    ['from a millisecond after it signed', { from: 1 }, 0],
  ])('a key that is valid %s', async (_when, validity, starts) => {
    const attacked = createAttacked()
    const proposal = await attacked.asked()
    const at = attacked.clock.now()
    const [[name, ms] = ['until', 0]] = Object.entries(validity)
    const policy = policyWith(kind, { [name]: new Date(at + ms).toISOString() })
    await attacked.plant(proposal, signWith(kind, 'bob', { proposal, at }))
    await start({ ...attacked.starter, policy }, proposal.request.id)
    expect(attacked.starts()).toBe(starts)
  })

  test('a millisecond before its time nothing starts, at its time it does', async () => {
    const attacked = createAttacked()
    const notBefore = attacked.clock.now() + 60 * MINUTE
    const proposal = await attacked.asked({ notBefore })
    await attacked.decide(proposal, signWith(kind, 'bob', { proposal, at: attacked.clock.now() }))
    attacked.clock.shift(60 * MINUTE - 1)
    await attacked.start(proposal.request.id)
    expect(attacked.starts()).toBe(0)
    attacked.clock.shift(1)
    await attacked.start(proposal.request.id)
    expect(attacked.starts()).toBe(1)
  })
})
