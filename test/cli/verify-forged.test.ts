import { describe, expect, it } from 'vitest'
import type { Row } from '#core/row.ts'
import type { Receipt } from '#lib/cli/answers.ts'
import { publicJwk, type Holder } from '#support/keys.ts'
import {
  accepted,
  aPolicy,
  aPolicyDocument,
  aProposal,
  approved,
  aRule,
  aStatement,
  AUDIENCE,
  denied,
  evidenceOf,
  EXPIRES,
  NOW,
  stopped,
} from '#support/samples.ts'
import { judge, wrongs } from './judge.ts'
import { aReceipt, aRun, aRunningReceipt, attemptedOn, rechain, RUNNING, type At } from './receipts.ts'

const proposal = aProposal()
const yes = approved(proposal, 'bob', NOW + 61_000)
const again = { do: 'again', at: NOW + 130_000 } as const

describe('a receipt that was tampered with', () => {
  const sound = aRunningReceipt()
  const withAsks = (change: (rows: readonly Row[]) => readonly (Row | undefined)[]): Receipt => ({
    ...sound,
    asks: change(sound.asks).filter((row) => row !== undefined),
  })

  it.each<[string, Receipt, string]>([
    [
      'a changed entry',
      withAsks(([one, two]) => [one && { ...one, at: one.at + 1 }, two]),
      'Entry 1 of asks is missing',
    ],
    ['a deleted first entry', withAsks(([, two]) => [two]), 'Entry 1 of asks is missing'],
    ['a deleted entry', { ...sound, runs: sound.runs.toSpliced(1, 1) }, 'Entry 2 of runs is missing'],
    ['an entry twice', withAsks(([one, two]) => [one, two, two]), 'Entry 3 of asks is missing'],
    ['entries in another order', withAsks(([one, two]) => [two, one]), 'Entry 1 of asks is missing'],
    ['a cut-off end', { ...sound, runs: sound.runs.slice(0, 2) }, 'It has not ended (starting)'],
    ['no approval any more', withAsks(([one]) => [one]), 'the entry of asks that it rests on is missing'],
    [
      'rows of another request',
      { ...sound, runs: rechain(sound.runs, () => ({ stream: 'f'.repeat(64) })) },
      'belongs to runs of ffff',
    ],
    ['another deployment’s name', { ...sound, audience: `${AUDIENCE}-x` }, 'The receipt is from'],
  ])('is found: %s', async (_name, receipt, why) => {
    const judgement = await judge(receipt)

    expect(judgement.verified).toBe(false)
    expect(wrongs(judgement)).toContain(why)
  })
})

describe('a forged receipt with whole chains', () => {
  const by = (approver: Holder, signer: Holder, change = {}): At<typeof yes & { type: 'approved' }> =>
    ({
      ...yes,
      actor: { principal: approver },
      body: { approver, evidence: evidenceOf(aStatement(proposal, approver, change), signer) },
    }) as never
  const other = aProposal({ request: { instanceId: 'i-bp1otherinstance' } })
  const wipe = aProposal({ request: { initLocalDisk: true } })
  const lasting = aProposal({ request: { expiresAt: EXPIRES + 1 } })
  const digestless = aRunningReceipt()

  it.each<[string, Receipt, string]>([
    [
      'an approval by a key that somebody else holds',
      aRunningReceipt({ asks: [by('bob', 'carol')] }),
      'somebody else’s',
    ],
    [
      'an approval by a key of nobody',
      aRunningReceipt({ asks: [by('bob', 'deploy-bot')] }),
      'Not proven: approved by bob',
    ],
    [
      'an approval of another line',
      aRunningReceipt({ asks: [by('bob', 'bob', { says: 'start nothing' })] }),
      'the line that was signed',
    ],
    [
      'an approval for another deployment',
      aRunningReceipt({ asks: [by('bob', 'bob', { audience: `${AUDIENCE}-x` })] }),
      'another deployment',
    ],
    [
      'a denial taken for an approval',
      aRunningReceipt({ asks: [by('bob', 'bob', { decision: 'deny' })] }),
      'another decision',
    ],
    [
      'an approval that was given for something else',
      aRunningReceipt({ proposal: other, asks: [yes], runs: aRun(other) }),
      'another proposal',
    ],
    [
      'an approval from before the request',
      aRunningReceipt({ asks: [by('bob', 'bob', { iat: NOW / 1000 - 3600 })] }),
      'before the request',
    ],
    [
      'words that the approver did not sign',
      aRunningReceipt({ asks: [{ ...yes, body: { ...yes.body, reason: 'Sure' } } as never] }),
      'Not what was signed',
    ],
    ['an approval of one’s own', aRunningReceipt({ asks: [approved(proposal, 'alice', NOW + 61_000)] }), 'their own'],
    ['a start without an approval', aRunningReceipt({ asks: [] }), 'did not have enough valid approvals'],
    ['an approval after the attempt', aRunningReceipt({ actedOn: 1 }), 'did not have enough valid approvals'],
    [
      'an approval that was moved before the attempt',
      aRunningReceipt({ asks: [{ ...yes, at: NOW + 600_000 }] }),
      'entries that were made after it',
    ],
    [
      'a start after a no',
      aRunningReceipt({ asks: [yes, denied(proposal, 'carol', NOW + 70_000)] }),
      'somebody had said no',
    ],
    [
      'a start after it was stopped',
      aRunningReceipt({ asks: [yes, denied(proposal, 'carol', NOW + 70_000), stopped(NOW + 71_000)], actedOn: 2 }),
      'came after it was stopped',
    ],
    ['"stopped" without a no', aReceipt({ asks: [stopped()] }), 'before any no'],
    [
      'a denial that nobody signed',
      aReceipt({
        asks: [
          {
            ...denied(proposal, 'bob'),
            body: {
              ...denied(proposal, 'bob').body,
              evidence: evidenceOf(aStatement(proposal, 'bob', { decision: 'deny', reason: 'Not today' }), 'carol'),
            },
          } as never,
          stopped(),
        ],
      }),
      'Not proven: denied by bob',
    ],
    [
      'a start after the end of its time',
      aRunningReceipt({ runs: (acted) => [attemptedOn(proposal, acted, EXPIRES)] }),
      'it had expired',
    ],
    [
      'a wipe that the rule does not allow',
      aRunningReceipt({ proposal: wipe, asks: [approved(wipe, 'bob', NOW + 61_000)], runs: aRun(wipe) }),
      'does not allow initLocalDisk',
    ],
    [
      'a longer time than the rule allows',
      aRunningReceipt({ proposal: lasting, asks: [approved(lasting, 'bob', NOW + 61_000)], runs: aRun(lasting) }),
      'valid for longer',
    ],
    ['an attempt at another instance', aRunningReceipt({ runs: aRun(other) }), 'its instance was i-bp1otherinstance'],
    [
      'a second start that could have been one too many',
      aRunningReceipt({ runs: (acted) => [...aRun(proposal)(acted).slice(0, 2), ...aRun(proposal)(acted)] }),
      'second start while the first',
    ],
    [
      'an end after the end',
      aRunningReceipt({ runs: (acted) => [...aRun(proposal)(acted), RUNNING] }),
      'comes after the end',
    ],
    [
      'a refusal that proves nothing, and another attempt',
      aRunningReceipt({
        runs: (acted) => [
          attemptedOn(proposal, acted),
          { type: 'refused', body: { answer: { code: 'InternalError', status: 500 }, next: again } },
          ...aRun(proposal)(acted),
        ],
      }),
      'no proof that nothing happened',
    ],
    ['an outcome of no attempt', aReceipt({ asks: [yes], runs: () => [RUNNING] }), 'tells the end of no attempt'],
    ['an answer to no attempt', aReceipt({ asks: [yes], runs: () => [accepted(), RUNNING] }), 'answers no attempt'],
    [
      'another digest',
      {
        ...digestless,
        asks: rechain(digestless.asks, ({ n, body }) =>
          n === 1 ? { body: { ...(body as object), digest: 'c'.repeat(64) } } : {},
        ),
      },
      'no request that fits',
    ],
    [
      'another author',
      { ...digestless, asks: rechain(digestless.asks, () => ({ actor: { function: 'starter' } })) },
      'names somebody else as its author',
    ],
    [
      'runs that the gate wrote',
      { ...digestless, runs: rechain(digestless.runs, () => ({ actor: { function: 'gate' } })) },
      'is not the starter’s',
    ],
    [
      'a row of an unknown kind',
      { ...digestless, runs: rechain(digestless.runs, ({ n }) => (n === 2 ? { type: 'odd' } : {})) },
      'cannot be relied on',
    ],
    [
      'another end than people were told',
      aReceipt({ asks: [yes, { type: 'posted', body: { upto: { asks: 2, runs: 3 }, state: 'running', to: {} } }] }),
      'People were told that it ended as running',
    ],
  ])('is found: %s', async (_name, receipt, why) => {
    const judgement = await judge(receipt)

    expect(judgement.verified).toBe(false)
    expect(wrongs(judgement)).toContain(why)
  })

  it.each<[string, Record<string, unknown>, string]>([
    [
      'without that key',
      { people: { ...(aPolicyDocument()['people'] as object), bob: { keys: [publicJwk('dave')] } } },
      'no key of this policy',
    ],
    [
      'whose key was not valid any more at the attempt',
      {
        people: {
          ...(aPolicyDocument()['people'] as object),
          bob: { keys: [{ ...publicJwk('bob'), until: '2026-11-23T09:01:30Z' }] },
        },
      },
      'the key was not valid then',
    ],
    ['that asks for two', { rules: [aRule({ approvals: 2 })] }, 'asks for other or more approvals'],
    ['that asks for others', { rules: [aRule({ approvers: ['carol', 'erin'] })] }, 'asks for other or more approvals'],
    [
      'that knows no such rule',
      { rules: [aRule({ instances: { ids: ['i-bp1otherinstance'] } })] },
      'no rule allows it',
    ],
  ])('is found by a policy %s', async (_name, change, why) => {
    const judgement = await judge(aRunningReceipt(), aPolicy(change))

    expect(judgement.verified).toBe(false)
    expect(wrongs(judgement)).toContain(why)
  })

  it('is found by what people hold, where it is cut off or rewritten to the last row', async () => {
    const before = aRunningReceipt({ asks: [yes, denied(proposal, 'carol', NOW + 125_000)], actedOn: 2 })
    const after = aRunningReceipt()
    const held = { book: 'asks', n: 3, hash: before.asks[2]?.hash ?? '' } as const
    const rewritten = aRunningReceipt({ asks: [{ ...yes, at: NOW + 62_000 }] })
    const first = { book: 'asks', n: 2, hash: after.asks[1]?.hash ?? '' } as const

    expect((await judge(before, aPolicy(), { heads: [held, first] })).verified).toBe(true)
    expect(wrongs(await judge(after, aPolicy(), { heads: [held] }))).toContain('which somebody holds, is missing')
    expect((await judge(rewritten)).verified).toBe(true)
    expect(wrongs(await judge(rewritten, aPolicy(), { heads: [first] }))).toContain(
      'is not the one that somebody holds',
    )
  })
})
