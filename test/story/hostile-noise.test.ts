// The gate is taken over: it drowns the starter in rows, pointers and events, and withholds what it can.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { digestProposal, type Proposal } from '#core/proposal.ts'
import type { RequestId } from '#core/request-id.ts'
import {
  approvalBy,
  approved,
  chain,
  deployHostile,
  NOTHING,
  pointTo,
  putOf,
  requested,
  type Entry,
  type Hostile,
  type SignedRequest,
} from '#support/hostile.ts'
import { expectNoStart, expectOneStart, expectOneStartOnceHonest } from '#support/hostile-steps.ts'

let gate: Hostile
beforeAll(async () => {
  gate = await deployHostile(50)
})
afterAll(async () => gate.close())

const anyId = (): RequestId => `req_${randomBytes(16).toString('hex')}`

/** Asked, approved and started by the API alone, its hint included. */
async function expectHonestStart(): Promise<void> {
  const signed = await gate.askAndSign()
  expect((await gate.decide(signed.id, 'approve', signed.evidence)).status).toBe(200)
  await gate.functions.idle()
  await expectOneStart(gate, signed)
}

test('two hundred pointers to nowhere: a sweep still finds the honest one', async () => {
  const { cloud, askAndSign, carryOut, decide, sweep, until } = gate
  const finished = await askAndSign()
  await expectOneStartOnceHonest(gate, finished)
  const unsigned = await askAndSign()
  const signed = await askAndSign()
  const digests = [
    digestProposal(finished.proposal),
    digestProposal(signed.proposal),
    'starter',
    '',
    'd'.repeat(2000),
    7,
  ]
  const pointers = [
    ...Array.from({ length: 80 }, (_, n) => pointTo(anyId(), { digest: digests[n % digests.length] ?? '' })),
    ...Array.from({ length: 40 }, (_, n) => pointTo(unsigned.id, { shard: `u${n}` })),
    ...Array.from({ length: 40 }, (_, n) => pointTo(signed.id, { shard: `s${n}`, digest: digests[n % 4] ?? '' })),
    ...Array.from({ length: 40 }, (_, n) => pointTo(`nobody ${n}`, { phase: n, notBefore: -n, expiresAt: 'never' })),
  ]
  expect(new Set(await carryOut(pointers.map((put) => ({ put }))))).toEqual(new Set(['done']))
  cloud.spine.faults.add({ service: 'fc', subject: 'starter', fault: { kind: 'lost', applied: false } })
  expect((await decide(signed.id, 'approve', signed.evidence)).status).toBe(200)
  await until('a sweep has found it', async () => {
    await Promise.all([sweep(), sweep()])
    return cloud.ecs.instances.starts(signed.instanceId).length > 0 ? true : undefined
  })
  expect(cloud.ecs.instances.starts(unsigned.instanceId)).toEqual([])
  await carryOut(pointers.map(({ table, key }) => ({ remove: { table, key } })))
  await expectOneStart(gate, signed)
})

describe('a flooded stream neither starts nor keeps the starter from other work', () => {
  const flood = async (entry: (signed: SignedRequest) => Entry): Promise<void> => {
    const signed = await gate.askAndSign()
    const fill = Array.from({ length: 298 }, () => entry(signed))
    await gate.forge(signed.id, [requested(signed.proposal), approved(signed.evidence), ...fill])
    const begun = Date.now()
    await expectNoStart(gate, signed)
    expect(Date.now() - begun).toBeLessThan(10_000)
    // Nothing of it was verified: that is what a limit on the rows is for.
    const refused = gate.functions.logs('starter').filter(({ text }) => text.includes('approval.refused'))
    expect(refused.filter(({ text }) => text.includes(signed.id))).toEqual([])
    await expectHonestStart()
    await gate.forget(signed.id)
  }

  test('300 rows that mean nothing', async () => flood(() => NOTHING))
  test('300 approvals', async () => flood(({ evidence }) => approved(evidence)))
  test('300 approvals that are none', async () => flood(() => approved({ kind: 'jws', token: 'a.b.c' })))

  test('a row that is nested a hundred thousand levels deep', async () => {
    const signed = await gate.askAndSign()
    const entries = [requested(signed.proposal), approved(signed.evidence), NOTHING]
    await gate.forge(signed.id, entries)
    const last = chain(signed.id, entries).at(-1)
    if (last === undefined) throw new Error('there are three rows')
    const { put } = putOf(last)
    const body = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    expect(await gate.carryOut([{ put: { ...put, columns: { ...put.columns, body } } }])).toEqual(['done'])
    await expectNoStart(gate, signed)
    await expectHonestStart()
    await expectOneStartOnceHonest(gate, signed)
  })
})

describe('what the starter does not know', () => {
  test('events of any form do nothing, be the request ever so ready', async () => {
    const signed = await gate.askAndSign()
    const { id, proposal, evidence } = signed
    await gate.forge(id, [requested(proposal), approved(evidence)])
    const timer = { triggerTime: '2026-11-23T00:00:00Z', triggerName: 'sweep' }
    const events = [
      { v: 2, hint: id },
      { hint: id, force: true },
      { hint: [id] },
      { hint: anyId() },
      { hint: 'starter' },
      { hint: `${id}/../${id}` },
      { start: id },
      { job: 'sweep' },
      { ...timer, payload: '{"job":"sweep","v":2}' },
      { ...timer, payload: '{"job":"tell"}' },
      { ...timer, payload: '{"ask":"nightly"}' },
      { version: 'v1', rawPath: '/', requestContext: { http: { method: 'POST' } }, body: JSON.stringify({ hint: id }) },
      { deeds: [{ start: signed.instanceId }] },
      [{ hint: id }],
      null,
      id,
    ].map((event) => JSON.stringify(event))
    const mark = gate.cloud.spine.operations.mark()
    const invoke = (event: string) => ({ invoke: { function: 'starter', event } }) as const
    const outcomes = await gate.carryOut([...events, '', '{', `{"hint":"${id}"`].map(invoke))
    expect(new Set(outcomes)).toEqual(new Set(['done']))
    await gate.functions.idle()
    expect(gate.startCalls(mark)).toEqual([])
    // It was ready all the while: one true hint starts it.
    await gate.carryOut([invoke(JSON.stringify({ hint: id }))])
    await gate.functions.idle()
    expect(gate.startCalls(mark)).toHaveLength(1)
    await expectOneStart(gate, signed)
  })

  const newer = (change: object) => (proposal: Proposal) => ({ ...proposal, ...change }) as Proposal
  const body = ({ proposal, evidence }: SignedRequest) => ({
    asked: requested(proposal).body as object,
    said: approved(evidence).body as object,
  })

  test.each<readonly [string, (signed: SignedRequest) => readonly Entry[]]>([
    [
      'a type of row',
      ({ proposal, evidence }) => [requested(proposal), approved(evidence), { type: 'paused', body: {} }],
    ],
    ['a newer proposal', ({ proposal, evidence }) => [requested(newer({ v: 2 })(proposal)), approved(evidence)]],
    [
      'one entry more in the proposal',
      ({ proposal, evidence }) => [requested(newer({ also: 1 })(proposal)), approved(evidence)],
    ],
    [
      'one entry more in the request',
      (signed) => [{ type: 'requested', body: { ...body(signed).asked, v: 2 } }, approved(signed.evidence)],
    ],
    [
      'one entry more in the approval',
      (signed) => [requested(signed.proposal), { type: 'approved', body: { ...body(signed).said, v: 2 } }],
    ],
    ['another start to the stream', ({ proposal, evidence }) => [NOTHING, requested(proposal), approved(evidence)]],
    [
      'a no that nobody signed',
      ({ proposal, evidence }) => [requested(proposal), approved(evidence), { type: 'denied', body: null }],
    ],
  ])('%s starts nothing', async (_what, entries) => {
    const signed = await gate.askAndSign()
    await gate.forge(signed.id, entries(signed))
    await expectNoStart(gate, signed)
    await expectOneStartOnceHonest(gate, signed)
  })
})

describe('a hostile gate can', () => {
  test('withhold: hide an approval, and nothing starts until it shows it', async () => {
    const signed = await gate.askAndSign()
    await gate.forge(signed.id, [requested(signed.proposal), NOTHING])
    await expectNoStart(gate, signed)
    await expectOneStartOnceHonest(gate, signed)
  })

  test('hide a denial, and so start what was signed, approved and then denied', async () => {
    const signed = await gate.askAndSign()
    expect((await gate.deny(signed.id, 'carol')).body).toMatchObject({ state: 'denied', outcome: 'stopped' })
    await expectNoStart(gate, signed)
    await expectOneStartOnceHonest(gate, signed)
    // Whoever was told "stopped" holds a head that this record no longer has.
    const { asks } = await gate.receipt(signed.id)
    expect(asks.map(({ type }) => type)).not.toContain('denied')
  })

  test('misstate who asked, so that whoever asked approves', async () => {
    const signed = await gate.askAndSign({}, 'bob')
    await gate.forge(signed.id, [requested(signed.proposal), approved(signed.evidence)])
    await expectNoStart(gate, signed)
    const { request, rule } = signed.proposal
    const proposal = {
      ...signed.proposal,
      request: { ...request, requester: { ...request.requester, principal: 'alice' } },
      rule: { ...rule, approvers: ['bob', 'carol'] },
    }
    const told = { ...signed, proposal, evidence: await approvalBy('bob', proposal) }
    await expectOneStartOnceHonest(gate, told)
  })
})
