// Receipts as the flow itself writes them, in orders that are rare and right.
import { expect, test } from 'vitest'
import { DURATIONS } from '#core/durations.ts'
import { approve, deny } from '#flow/decide.ts'
import { judgeReceipt } from '#lib/cli/judge/judge-receipt.ts'
import { createWorld, INSTANCE } from '#support/world.ts'

test('an ending that the starter began before it saw that it was stopped, and gave up', async () => {
  let denial: (() => Promise<unknown>) | undefined
  const world = createWorld({
    gateway: async ({ service, operation }) => {
      if (service !== 'runs' || operation !== 'PutRow' || denial === undefined) return
      const run = denial
      denial = undefined
      await run()
    },
  })
  const { proposal } = await world.ask()
  const { id } = proposal.request
  await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
  world.instances.change(INSTANCE, { status: 'Running' })
  const token = await world.sign('carol', 'deny', proposal, 'not today')
  denial = async () => deny(world.gate, id, token)
  await world.start(id)
  expect(world.runs.rows().map(({ type }) => type)).toEqual(['satisfied', 'stood_down'])

  const { policy, evidence, audience } = world.gate
  const judgement = await judgeReceipt({
    receipt: { audience, asks: world.asks.rows(), runs: world.runs.rows() },
    policy,
    verifier: evidence,
    heads: [],
    audience,
    now: world.clock.now(),
    durations: DURATIONS,
  })
  expect(judgement.checks.filter(({ verdict }) => verdict === 'wrong')).toEqual([])
  expect(judgement).toMatchObject({ verified: true, outcome: { state: 'denied' } })
})
