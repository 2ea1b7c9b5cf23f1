// Sound signatures, used again, used elsewhere, or used for what has changed since.
import { describe, expect, test } from 'vitest'
import { digestProposal, type Proposal } from '#core/proposal.ts'
import type { Evidence } from '#core/statement.ts'
import { approve } from '#flow/decide.ts'
import { start } from '#flow/start.ts'
import { sweep } from '#support/sweep.ts'
import { createAttacked, expectOneStart, expectWorthless } from '#support/attacked.ts'
import { FLAWED_STATEMENTS } from '#support/flawed-tokens.ts'
import { changeEachLeaf } from '#support/leaves.ts'
import { createSeededRandom } from '#support/memory/random.ts'
import { mirror, mirrorPasskey, mirrorSsh, respell } from '#support/odd-tokens.ts'
import { armedDocument, KINDS, signWith } from '#support/signers.ts'
import { teamPolicy } from '#support/team.ts'
import { accepted, INSTANCE } from '#support/world.ts'

const SCRATCH = 'i-bp1scratch'

function begin() {
  const attacked = createAttacked()
  attacked.instances.add({ instanceId: SCRATCH, tags: { team: 'scratch' } })
  return attacked
}

/** What anybody can make of a token without its key: some of it is refused, none of it may count again. */
function spellingsOf(evidence: Evidence): readonly Evidence[] {
  switch (evidence.kind) {
    case 'jws':
      return [respell(evidence.token), `${evidence.token}=`, ` ${evidence.token}`].map((token) => ({
        kind: 'jws',
        token,
      }))
    case 'ssh': {
      const { signature } = evidence
      const lines = signature.replaceAll('\n', '\r\n')
      const spellings = [lines, signature.trimEnd(), signature.replace(/(?<=[A-Za-z0-9])\n(?=[A-Za-z0-9])/g, '')]
      return spellings.map((each) => ({ ...evidence, signature: each }))
    }
    case 'passkey':
      return [
        { ...evidence, signature: respell(evidence.signature) },
        { ...evidence, clientData: `${evidence.clientData}=` },
      ]
  }
}

describe.each(KINDS)('attack: replay of an approval by %s', (kind) => {
  test('in every spelling, to two gates and two starters at once, and after the end: one start', async () => {
    const attacked = begin()
    const proposal = await attacked.asked()
    const { id } = proposal.request
    const evidence = signWith(kind, 'bob', { proposal, at: attacked.clock.now() })
    const all = Array.from({ length: 5 }, () => [evidence, ...spellingsOf(evidence)]).flat()
    const another = { ...attacked.gate, random: createSeededRandom(2) }
    const starter = { ...attacked.starter, random: createSeededRandom(3) }
    const flood = async () =>
      Promise.all(
        all.flatMap((each, n) => [
          n % 2 === 0 ? attacked.decide(proposal, each) : approve(another, id, each),
          ...(n % 4 === 0 ? [attacked.start(id), start(starter, id), sweep(starter), attacked.sweep()] : []),
        ]),
      )
    await flood()
    await attacked.provoke(proposal)
    expect(attacked.starts()).toBe(1)
    expect((await attacked.load(id)).asks.approvals).toHaveLength(1)
    attacked.instances.change(INSTANCE, { status: 'Stopped' })
    await flood()
    await attacked.plant(proposal, evidence, ...spellingsOf(evidence))
    await attacked.provoke(proposal)
    expect(attacked.starts()).toBe(1)
  })
})

describe('attack: one person approves twice', () => {
  test('by replay, by (r, n - s), and by every kind of key, where two must approve', async () => {
    const attacked = begin()
    const proposal = await attacked.asked({ instanceId: SCRATCH })
    const at = attacked.clock.now()
    const erins = signWith('jws', 'erin', { proposal, at })
    const all = KINDS.map((kind) => signWith(kind, 'erin', { proposal, at, change: { reason: kind } }))
    const mirrored = [erins, ...all].map(mirrorOf).filter((each) => each !== undefined)
    expect(mirrored.map(({ kind }) => kind)).toEqual(['jws', 'jws', 'ssh', 'passkey'])
    for (const each of [erins, ...mirrored, ...all, erins])
      expect((await attacked.decide(proposal, each)).status).toBe(200)
    await attacked.plant(proposal, erins, ...mirrored, ...all)
    await attacked.provoke(proposal)
    expect(attacked.starts()).toBe(0)
    expect(attacked.runs.rows()).toEqual([])
    await attacked.plant(proposal, erins, signWith('passkey', 'bob', { proposal, at }))
    await expectOneStart(attacked, proposal)
  })

  function mirrorOf(evidence: Evidence): Evidence | undefined {
    switch (evidence.kind) {
      case 'jws':
        return { ...evidence, token: mirror(evidence.token) }
      case 'ssh':
        return evidence.signature.startsWith(P256)
          ? { ...evidence, signature: mirrorSsh(evidence.signature) }
          : undefined
      case 'passkey':
        return { ...evidence, signature: mirrorPasskey(evidence.signature) }
    }
  }
  // How an SSH signature by a key on P-256 begins, whose blob is 104 bytes long.
  const P256 = '-----BEGIN SSH SIGNATURE-----\nU1NIU0lHAAAAAQAAAGg'
})

describe.each(KINDS)('attack: cross-request and cross-environment reuse of a statement by %s', (kind) => {
  test.each(FLAWED_STATEMENTS)('%s', async (_what, change, flaw) => {
    const attacked = begin()
    const other = await attacked.asked({ reason: 'Another report is due' }, { key: 'key-2' })
    const target = await attacked.asked()
    const at = attacked.clock.now()
    const evidence = signWith(kind, 'bob', { proposal: target, at, change: change({ target, other, at }) })
    await expectWorthless(attacked, target, evidence, flaw)
  })

  const STAGING = '1234567890123456/cn-hangzhou/staging-starter'
  test.each<readonly [string, (proposal: Proposal) => Proposal]>([
    ['the staging deployment', (proposal) => ({ ...proposal, audience: STAGING })],
    ['the same instance id in another region', inRequest({ regionId: 'cn-beijing' })],
    ['the same instance id in another account', inRequest({ accountId: '9999999999999999' })],
  ])('what bob approved for %s, planted with the proposal that it is for', async (_where, change) => {
    const attacked = begin()
    const target = await attacked.asked()
    const elsewhere = change(target)
    const evidence = signWith(kind, 'bob', { proposal: elsewhere, at: attacked.clock.now() })
    expect((await attacked.decide(target, evidence)).status).toBe(403)
    await attacked.plant(elsewhere, evidence)
    await attacked.provoke(target)
    expect(attacked.starts()).toBe(0)
  })
})

describe.each(KINDS)('attack: TOCTOU, approved by %s', (kind) => {
  test('each value of the stored proposal, changed after the approval, starts nothing', async () => {
    const attacked = begin()
    const proposal = await attacked.asked()
    const { id } = proposal.request
    const evidence = signWith(kind, 'bob', { proposal, at: attacked.clock.now() })
    const all = changeEachLeaf(proposal).filter(({ path }) => path !== 'request.id')
    expect(all.length).toBeGreaterThan(25)
    for (const { value } of all) {
      await attacked.plant(value as Proposal, evidence)
      await attacked.start(id)
      await attacked.sweep()
    }
    expect(attacked.starts()).toBe(0)
    expect(attacked.runs.rows()).toEqual([])
    await attacked.plant(proposal, evidence)
    await expectOneStart(attacked, proposal)
  })

  test.each<readonly [string, Readonly<Record<string, unknown>>]>([
    ['no longer lets alice ask', { requesters: ['bob'] }],
    ['is for other instances', { instances: { tags: { team: 'payroll' } } }],
    ['is for another region', { instances: { regions: ['cn-beijing'], tags: { team: 'reporting' } } }],
    ['does not name bob any more', { approvers: ['alice', 'carol'] }],
    ['asks for two', { approvals: 2 }],
    ['lets a request live for a shorter time', { validFor: '1m' }],
  ])('today’s rule %s', async (_what, change) => {
    const attacked = begin()
    const proposal = await attacked.asked()
    const document = armedDocument()
    const [reporting = {}, scratch = {}] = document.rules
    const policy = teamPolicy({ ...document, rules: [{ ...reporting, ...change }, scratch] })
    const evidence = signWith(kind, 'bob', { proposal, at: attacked.clock.now() })
    accepted(await approve(attacked.gate, proposal.request.id, evidence))
    await start({ ...attacked.starter, policy }, proposal.request.id)
    expect(attacked.starts()).toBe(0)
    expect((await attacked.load(proposal.request.id)).runs.last).toMatchObject({
      type: 'refused',
      body: { answer: { code: change['validFor'] === undefined ? 'PolicyChanged' : 'OutOfBounds' } },
    })
  })
})

describe('attack: a reason that looks alike', () => {
  test('composed and decomposed letters are two proposals', async () => {
    const attacked = begin()
    const target = await attacked.asked({ reason: 'caf\u{e9}' })
    const alike = inRequest({ reason: 'cafe\u{301}' })(target)
    expect(digestProposal(alike)).not.toBe(digestProposal(target))
    const evidence = signWith('jws', 'bob', { proposal: alike, at: attacked.clock.now() })
    await expectWorthless(attacked, target, evidence, 'another_proposal')
  })
})

function inRequest(change: Partial<Proposal['request']>): (proposal: Proposal) => Proposal {
  return (proposal) => ({ ...proposal, request: { ...proposal.request, ...change } })
}
