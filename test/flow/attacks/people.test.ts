// People who approve what is not theirs to approve.
import { describe, expect, test } from 'vitest'
import { digestProposal } from '#core/proposal.ts'
import { toOpenEntry } from '#flow/ask.ts'
import { createAttacked, expectOneStart, expectRefused, expectWorthless } from '#support/attacked.ts'
import { signJws } from '#support/keys.ts'
import { sound } from '#support/flawed-tokens.ts'
import { armedDocument, KINDS, signWith } from '#support/signers.ts'
import { teamPolicy } from '#support/team.ts'
import { INSTANCE, WISH } from '#support/world.ts'

const SCRATCH = 'i-bp1scratch'

describe('attack: confused deputy', () => {
  test.each(KINDS.flatMap((kind) => (['dave', 'erin'] as const).map((who) => [who, kind] as const)))(
    '%s, whom another rule trusts, approves here by %s',
    async (who, kind) => {
      const attacked = createAttacked()
      const proposal = await attacked.asked()
      const evidence = signWith(kind, who, { proposal, at: attacked.clock.now() })
      await expectRefused(attacked, proposal, evidence, 'not_an_approver')
      await attacked.plant(proposal, evidence)
      await attacked.provoke(proposal)
      expect(attacked.starts()).toBe(0)
    },
  )

  test.each(KINDS)('an instance that got the tag of another rule once it was approved by %s', async (kind) => {
    const attacked = createAttacked()
    attacked.instances.add({ instanceId: SCRATCH, tags: { team: 'scratch' } })
    const proposal = await attacked.asked({ instanceId: SCRATCH })
    const at = attacked.clock.now()
    for (const who of ['dave', 'erin'] as const)
      expect((await attacked.decide(proposal, signWith(kind, who, { proposal, at }))).status).toBe(200)
    attacked.instances.change(SCRATCH, { tags: { team: 'reporting' } })
    await attacked.provoke(proposal)
    expect(attacked.starts()).toBe(0)
    expect((await attacked.load(proposal.request.id)).standing.state).toBe('failed')
  })

  test('a page that Startgate serves, where the rule asks for a tool of one’s own', async () => {
    const document = armedDocument()
    const rules = document.rules.map((rule) => ({ ...rule, tool: 'own-tool' }))
    const attacked = createAttacked({ policy: teamPolicy({ ...document, rules }) })
    const proposal = await attacked.asked()
    const at = attacked.clock.now()
    await attacked.plant(
      proposal,
      ...(['bob', 'carol'] as const).map((who) => signWith('passkey', who, { proposal, at })),
    )
    await attacked.provoke(proposal)
    expect(attacked.starts()).toBe(0)
    expect(attacked.runs.rows()).toEqual([])
    await attacked.plant(proposal, signWith('ssh', 'bob', { proposal, at }))
    await expectOneStart(attacked, proposal)
  })

  test('a pointer that leads the starter from one request to the approvals of another', async () => {
    const attacked = createAttacked()
    attacked.instances.add({ instanceId: 'i-bp1other', tags: { team: 'reporting' } })
    const pending = await attacked.asked()
    const approved = await attacked.asked({ instanceId: 'i-bp1other' }, { key: 'key-2' })
    await attacked.open.raise({ ...toOpenEntry(pending, 'start'), digest: digestProposal(approved) })
    await expectOneStart(attacked, approved, signWith('jws', 'bob', { proposal: approved, at: attacked.clock.now() }))
    await attacked.provoke(pending)
    expect(attacked.starts()).toBe(1)
    expect(attacked.instances.statusOf(INSTANCE)).toBe('Stopped')
  })
})

describe('attack: self-approval across entrances', () => {
  const ENTRANCES = [
    ['alice', 'by the API', { principal: 'alice', via: 'api' }, {}],
    ['alice', 'by a machine', { principal: 'deploy-bot', via: 'webhook' }, { onBehalfOf: 'alice' }],
    ['alice', 'by her schedule', { principal: 'nightly', via: 'timer' }, {}],
    ['bob', 'by the API', { principal: 'bob', via: 'api' }, {}],
    ['bob', 'by a machine', { principal: 'deploy-bot', via: 'webhook' }, { onBehalfOf: 'bob' }],
  ] as const

  test.each(ENTRANCES.flatMap((entrance) => KINDS.map((kind) => [...entrance, kind] as const)))(
    '%s asks %s, and approves it too',
    async (who, _how, asker, wish, kind) => {
      const attacked = createAttacked()
      const proposal = await attacked.asked(wish, asker)
      const at = attacked.clock.now()
      await expectWorthless(attacked, proposal, signWith(kind, who, { proposal, at }), 'is_the_requester')
      await attacked.plant(proposal, signWith(kind, who, { proposal, at }), signWith(kind, 'carol', { proposal, at }))
      await expectOneStart(attacked, proposal)
    },
  )

  test('a machine approves nothing, not even what another asked', async () => {
    const attacked = createAttacked()
    const proposal = await attacked.asked()
    const statement = sound(proposal, { approver: 'deploy-bot' }, attacked.clock.now())
    const evidence = { kind: 'jws', token: signJws(statement, 'deploy-bot') } as const
    await expectWorthless(attacked, proposal, evidence, 'not_an_approver')
  })

  test.each(KINDS)('a machine with nobody behind it takes two, and one by %s is not enough', async (kind) => {
    const attacked = createAttacked()
    const proposal = await attacked.asked({}, { principal: 'deploy-bot', via: 'webhook' })
    const at = attacked.clock.now()
    expect((await attacked.decide(proposal, signWith(kind, 'bob', { proposal, at }))).status).toBe(200)
    await attacked.provoke(proposal)
    expect(attacked.starts()).toBe(0)
    await expectOneStart(attacked, proposal, signWith(kind, 'carol', { proposal, at }))
  })

  test.each(['dave', 'erin', 'nobody', 'nightly', 'deploy-bot'])('a machine hides behind %s in vain', async (who) => {
    const attacked = createAttacked()
    const asked = attacked.ask({ ...WISH, onBehalfOf: who }, { principal: 'deploy-bot', via: 'webhook' })
    await expect(asked).rejects.toThrow('may_not_act_for')
    expect(attacked.record()).toBe('[[],[],[]]')
  })
})
