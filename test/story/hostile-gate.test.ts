// The gate is taken over: it writes whatever it likes, under the role of the gate. It can withhold; it cannot start.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createStatement } from '#core/statement.ts'
import { digestProposal, type Proposal } from '#core/proposal.ts'
import { createRow, NO_HEAD } from '#core/row.ts'
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
import { signAs, signStatement } from '#support/team.ts'

let gate: Hostile
beforeAll(async () => {
  gate = await deployHostile(100)
})
afterAll(async () => gate.close())

type Change = (proposal: Proposal) => Proposal

const inRequest =
  (change: Partial<Proposal['request']>): Change =>
  (proposal) => ({ ...proposal, request: { ...proposal.request, ...change } })
const inRule =
  (change: Partial<Proposal['rule']>): Change =>
  (proposal) => ({ ...proposal, rule: { ...proposal.rule, ...change } })

const REWRITES: readonly (readonly [string, Change])[] = [
  ['another instance', inRequest({ instanceId: 'i-bp1prey099' })],
  ['the wiping of local disks', inRequest({ initLocalDisk: true })],
  ['another region', inRequest({ regionId: 'cn-beijing' })],
  ['another account', inRequest({ accountId: '9999999999999999' })],
  ['a later end', (proposal) => inRequest({ expiresAt: proposal.request.expiresAt + 60_000 })(proposal)],
  ['another requester', inRequest({ requester: { principal: 'bob', via: 'api' } })],
  ['another reason', inRequest({ reason: 'Something harmless' })],
  ['another rule', inRule({ name: 'scratch' })],
  ['other approvers', inRule({ approvers: ['bob'] })],
  ['another audience', (proposal) => ({ ...proposal, audience: '1234567890123456/cn-hangzhou/other' })],
]

describe('under a sound approval it rewrites what was approved', () => {
  beforeAll(() => {
    gate.cloud.ecs.instances.change('i-bp1prey099', { tags: { team: 'reporting', startgate: 'allowed' } })
  })

  test.each(REWRITES)('%s', async (_what, change) => {
    const signed = await gate.askAndSign()
    const forged = change(signed.proposal)
    const entries = [requested(forged), approved(signed.evidence)]
    await gate.forge(signed.id, entries, [digestProposal(forged), digestProposal(signed.proposal)])
    await expectNoStart(gate, signed)
    await expectOneStartOnceHonest(gate, signed)
  })

  test('a dry run that becomes a start', async () => {
    const signed = await gate.askAndSign({ dryRun: true })
    await gate.forge(signed.id, [requested(inRequest({ dryRun: false })(signed.proposal)), approved(signed.evidence)])
    await expectNoStart(gate, signed)
    await gate.forge(signed.id, [requested(signed.proposal), approved(signed.evidence)])
    await gate.hint(signed.id)
    await gate.hint(signed.id)
    expect((await gate.show(signed.id)).state).toBe('dry_run_passed')
    expect(gate.cloud.ecs.instances.starts(signed.instanceId)).toEqual([])
  })

  test('another proposal under the old digest', async () => {
    const signed = await gate.askAndSign()
    const { body } = requested(signed.proposal)
    const forged = inRequest({ instanceId: 'i-bp1prey099' })(signed.proposal)
    const entry = { type: 'requested', body: { ...(body as object), proposal: forged } }
    await gate.forge(signed.id, [entry, approved(signed.evidence)])
    await expectNoStart(gate, signed)
    await expectOneStartOnceHonest(gate, signed)
  })

  test('a chain of hashes that is not made anew', async () => {
    const signed = await gate.askAndSign()
    const rows = chain(signed.id, [requested(signed.proposal), approved(signed.evidence)])
    const puts = rows.map((row) => putOf({ ...row, at: 1 }))
    await gate.carryOut([...puts, { put: pointTo(signed.id) }])
    await expectNoStart(gate, signed)
    await expectOneStartOnceHonest(gate, signed)
  })
})

type Fake = (signed: SignedRequest) => Promise<readonly Entry[]>

const forge = async ({ proposal }: SignedRequest, change: object) =>
  signStatement('bob', {
    ...createStatement(proposal, 'approve', 'bob', Math.floor(Date.now() / 1000)),
    ...change,
  })

const FAKES: readonly (readonly [string, Fake])[] = [
  ['nothing at all', async () => []],
  ['garbage', async () => [approved({ kind: 'jws', token: 'a.b.c' })]],
  [
    'a statement without its signature',
    async ({ evidence }) => [approved({ kind: 'jws', token: evidence.token.replace(/[^.]*$/, 'AAAA') })],
  ],
  ['a kind of evidence that there is not', async ({ evidence }) => [approved({ ...evidence, kind: 'word' })]],
  ['the signature of an outsider', async ({ proposal }) => [approved(await approvalBy('erin', proposal))]],
  ['the requester’s own signature', async ({ proposal }) => [approved(await approvalBy('alice', proposal), 'alice')]],
  ['one whom the rule does not name', async ({ proposal }) => [approved(await approvalBy('dave', proposal), 'dave')]],
  ['a machine’s signature', async ({ proposal }) => [approved(await approvalBy('deploy-bot', proposal), 'deploy-bot')]],
  [
    'a signed denial',
    async ({ proposal }) => [approved(await signAs('bob', { proposal, decision: 'deny', at: Date.now() }))],
  ],
  ['other words under the signature', async (signed) => [approved(await forge(signed, { says: 'start nothing' }))]],
  [
    'a signature for another deployment',
    async (signed) => [approved(await forge(signed, { audience: '12345678/a/b' }))],
  ],
  ['a statement of a newer version', async (signed) => [approved(await forge(signed, { v: 2 }))]],
  ['a signature from tomorrow', async (signed) => [approved(await forge(signed, { iat: Date.now() / 1000 + 86_400 }))]],
  ['a signature from before it was asked', async (signed) => [approved(await forge(signed, { iat: 1_700_000_000 }))]],
]

describe('without a sound approval it puts an approved row with', () => {
  test.each(FAKES)('%s', async (_what, fake) => {
    const signed = await gate.askAndSign()
    const entries = [requested(signed.proposal), ...(await fake(signed))]
    await gate.forge(signed.id, entries)
    await expectNoStart(gate, signed)
    await expectOneStartOnceHonest(gate, signed)
  })

  test('the approval of another request for the same instance', async () => {
    const first = await gate.askAndSign()
    const { body } = await gate.ask({ instanceId: first.instanceId })
    const { proposal } = await gate.show(body.id)
    await gate.forge(body.id, [requested(proposal), approved(first.evidence)])
    await expectNoStart(gate, { id: body.id })
    await expectOneStartOnceHonest(gate, first)
  })

  test('one approver’s signatures under two names, where two must approve', async () => {
    const signed = await gate.askAndSign({ team: 'scratch' })
    const twice = [approved(signed.evidence), approved(await forge(signed, { reason: 'again' }), 'carol')]
    await gate.forge(signed.id, [requested(signed.proposal), ...twice])
    await expectNoStart(gate, signed)
    const carols = approved(await approvalBy('carol', signed.proposal), 'carol')
    await gate.forge(signed.id, [requested(signed.proposal), approved(signed.evidence), carols])
    await expectOneStart(gate, signed)
  })
})

describe('of one approval it makes two', () => {
  const copy = async ({ proposal, evidence }: SignedRequest, other: Proposal): Promise<void> =>
    gate.forge(other.request.id, [requested(proposal), approved(evidence)])

  test('by copying the whole stream to another request', async () => {
    const signed = await gate.askAndSign()
    const { proposal: other } = await gate.askAndSign()
    await copy(signed, other)
    await expectNoStart(gate, { id: other.request.id })
    await expectOneStartOnceHonest(gate, signed)
    await copy(signed, other)
    await expectNoStart(gate, { id: other.request.id })
  })

  test.each<readonly [string, (signed: SignedRequest) => readonly Entry[]]>([
    ['by writing the same history anew', ({ proposal, evidence }) => [requested(proposal), approved(evidence)]],
    [
      'by a history in which it was approved later',
      ({ proposal, evidence }) => [requested(proposal), NOTHING, NOTHING, approved(evidence)],
    ],
    [
      'by a denial that it takes back',
      ({ proposal, evidence }) => [requested(proposal), approved(evidence), NOTHING, NOTHING],
    ],
  ])('%s, once it was carried out', async (_how, history) => {
    const signed = await gate.askAndSign()
    const { id, proposal, evidence } = signed
    await expectOneStartOnceHonest(gate, signed)
    const no = { type: 'cancelled', body: { by: 'alice' } }
    const stopped = { type: 'stopped', body: { runs: NO_HEAD } }
    await gate.forge(id, [requested(proposal), approved(evidence), no, stopped])
    await expectNoStart(gate, signed)
    await gate.forge(id, history(signed), ['f'.repeat(64), digestProposal(proposal)])
    await expectNoStart(gate, signed)
    await gate.forget(id)
    expect(gate.cloud.ecs.instances.starts(signed.instanceId)).toHaveLength(1)
  })

  test('by taking back the denial for which the starter stood down', async () => {
    const { cloud, functions, until } = gate
    const signed = await gate.askAndSign()
    const { id, proposal, evidence } = signed
    // Right after it has put `attempted`: it stands still until the denial is there.
    const fault = { kind: 'freeze', applied: true, ms: 10_000 } as const
    cloud.spine.faults.add({ role: 'starter', operation: 'PutRow', subject: digestProposal(proposal), fault })
    await gate.forge(id, [requested(proposal), approved(evidence)])
    const hinted = gate.hint(id)
    const stopped = await until('the starter stands still', () =>
      functions.instances().find(({ state }) => state === 'stopped'),
    )
    await gate.forge(id, [requested(proposal), approved(evidence), { type: 'denied', body: 'no' }])
    functions.thaw(stopped.id)
    await hinted
    expect(gate.runsOf(proposal)).toEqual(['attempted', 'stood_down'])
    await gate.forge(id, [requested(proposal), approved(evidence), NOTHING])
    await expectNoStart(gate, signed)
    await gate.forget(id)
  })
})

test('its role starts nothing, puts no run, and removes nothing from a book', async () => {
  const signed = await gate.askAndSign()
  const digest = digestProposal(signed.proposal)
  const again = { answer: { code: 'Throttling' }, next: { do: 'again', at: 0 } }
  const content = { book: 'runs', id: 'a', at: 1, actor: { function: 'starter' } } as const
  const runs = [
    createRow({ ...content, stream: digest, type: 'refused', body: again }, NO_HEAD),
    createRow({ ...content, stream: 'starter', type: 'deployed', body: { build: '', policy: digest } }, NO_HEAD),
  ]
  const outcomes = await gate.carryOut([
    { start: signed.instanceId },
    ...runs.map(putOf),
    { remove: { table: 'runs', key: { digest, n: 1 } } },
    { remove: { table: 'asks', key: { request: signed.id, seq: 1 } } },
  ])
  expect(outcomes).toEqual(['Forbidden.RAM', ...Array.from({ length: 4 }, () => 'OTSNoPermissionAccess')])
  expect(gate.cloud.ecs.instances.starts(signed.instanceId)).toEqual([])
  await expectOneStartOnceHonest(gate, signed)
})
