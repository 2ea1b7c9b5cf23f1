import { writeFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { createEvidenceVerifier } from '#adapters/evidence/verifier.ts'
import { DURATIONS } from '#core/durations.ts'
import type { Policy } from '#core/policy.ts'
import type { Row } from '#core/row.ts'
import type { Receipt } from '#lib/cli/answers.ts'
import { judgeReceipt, type Judgement, type ReceiptQuestion } from '#lib/cli/judge/judge-receipt.ts'
import { publicJwk, type Holder } from '#support/keys.ts'
import {
  aPolicy,
  aPolicyDocument,
  aProposal,
  approved,
  aRule,
  aStatement,
  AUDIENCE,
  cancelled,
  denied,
  evidenceOf,
  EXPIRES,
  NOW,
  stopped,
} from '#support/samples.ts'
import { accepted } from '#support/samples.ts'
import { aReceipt, aRun, aRunningReceipt, attemptedOn, rechain, RUNNING, type At } from './receipts.ts'
import { useTerminal } from './terminal.ts'

const proposal = aProposal()
const yes = approved(proposal, 'bob', NOW + 61_000)
const none = { do: 'none' } as const
const look = { do: 'look' } as const
const again = { do: 'again', at: NOW + 130_000 } as const

function judge(receipt: Receipt, policy: Policy = aPolicy(), more: Partial<ReceiptQuestion> = {}): Promise<Judgement> {
  const verifier = createEvidenceVerifier()
  const now = EXPIRES + 600_000
  return judgeReceipt({ receipt, policy, verifier, heads: [], audience: undefined, now, durations: DURATIONS, ...more })
}

function wrongs({ checks }: Judgement): string {
  return checks.flatMap(({ verdict, text }) => (verdict === 'wrong' ? [text] : [])).join('\n')
}

describe('a sound receipt', () => {
  const dry = aProposal({ request: { dryRun: true } })
  const unclear = { type: 'unclear', body: { answer: { code: 'NoAnswer' }, next: look } } as const
  const throttled = { type: 'refused', body: { answer: { code: 'Throttling', status: 400 }, next: again } } as const

  it.each<[string, Receipt, string]>([
    ['an approved start', aRunningReceipt(), 'running'],
    ['an approval with a P-256 key', aRunningReceipt({ asks: [approved(proposal, 'erin', NOW + 61_000)] }), 'running'],
    [
      'a surplus approval afterwards',
      aRunningReceipt({ asks: [yes, approved(proposal, 'carol', NOW + 125_000)], actedOn: 2 }),
      'running',
    ],
    [
      'a denial that came too late',
      aRunningReceipt({ asks: [yes, denied(proposal, 'carol', NOW + 125_000)], actedOn: 2 }),
      'running',
    ],
    ['a denial', aReceipt({ asks: [denied(proposal, 'bob'), stopped()] }), 'denied'],
    ['a cancellation', aReceipt({ asks: [yes, cancelled('alice', NOW + 70_000), stopped(NOW + 71_000)] }), 'cancelled'],
    ['nobody’s approval', aReceipt(), 'expired'],
    [
      'a dry run',
      aRunningReceipt({
        proposal: dry,
        asks: [approved(dry, 'bob', NOW + 61_000)],
        runs: (acted) => [attemptedOn(dry, acted), accepted(NOW + 121_000, 'none')],
      }),
      'dry_run_passed',
    ],
    [
      'a second attempt after a proven refusal',
      aRunningReceipt({
        runs: (acted) => [attemptedOn(proposal, acted), throttled, ...aRun(proposal)(acted)],
      }),
      'running',
    ],
    [
      'an unclear answer that was looked into',
      aRunningReceipt({
        runs: (acted) => [
          attemptedOn(proposal, acted),
          unclear,
          { type: 'running', body: { inferred: true, status: 'Running', next: none } },
        ],
      }),
      'running',
    ],
    [
      'an attempt that stood down for a no',
      aReceipt({
        asks: [yes, denied(proposal, 'carol', NOW + 119_000), stopped(NOW + 119_500)],
        actedOn: 2,
        runs: (acted) => [attemptedOn(proposal, acted), { type: 'stood_down', body: { why: 'stopped', next: none } }],
      }),
      'denied',
    ],
    [
      'what people were told',
      aRunningReceipt({
        asks: [
          yes,
          { type: 'posted', body: { upto: { asks: 2, runs: 3 }, state: 'running', to: { log: 'delivered' } } },
        ],
        actedOn: 2,
      }),
      'running',
    ],
  ])('of %s is verified', async (_name, receipt, state) => {
    const judgement = await judge(receipt)

    expect(wrongs(judgement)).toBe('')
    expect(judgement).toMatchObject({ verified: true, outcome: { state } })
  })

  it('says when it was made under another policy, without a doubt', async () => {
    const { checks } = await judge(aRunningReceipt())
    const here = aProposal({ policy: aPolicy().digest })
    const same = await judge(aRunningReceipt({ proposal: here, asks: [approved(here, 'bob', NOW + 61_000)] }))

    expect(checks).toContainEqual({ key: 'policy', verdict: 'note', text: expect.stringContaining('aaaaaaaaaaaa…') })
    expect(same.checks.every(({ verdict }) => verdict === 'ok')).toBe(true)
  })
})

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

describe('verify', () => {
  const terminal = useTerminal()
  const receipt = aRunningReceipt()
  let args: string[] = []

  beforeAll(async () => {
    await writeFile(terminal.file('receipt.json'), JSON.stringify(receipt))
    await writeFile(terminal.file('policy.yaml'), stringify(aPolicyDocument(), { aliasDuplicateObjects: false }))
    args = ['verify', terminal.file('receipt.json'), '--policy', terminal.file('policy.yaml')]
  })

  it('lists its checks and the outcome', async () => {
    const { code, out } = await terminal.run(args)

    expect(code).toBe(0)
    expect(out).toContain('  ok     Signed: approved by bob (entry 2).')
    expect(out).toContain('VERIFIED  Outcome: running. The instance runs.')
    expect(out).toContain('--head')
  })

  it('reads the receipt from a pipe, and takes heads', async () => {
    const head = `asks:2:${receipt.asks[1]?.hash}`
    const pipe = [
      'verify',
      '-',
      '--policy',
      terminal.file('policy.yaml'),
      '--head',
      head,
      '--head',
      `r:3:${receipt.runs[2]?.hash}`,
    ]
    const { code, out } = await terminal.run([...pipe, '--json'], { input: JSON.stringify(receipt) })
    const checks = (JSON.parse(out) as Judgement).checks.filter(({ key }) => key === 'head')

    expect(code).toBe(0)
    expect(checks).toHaveLength(2)
    expect((await terminal.run([...pipe, '--head', 'asks:2:zz'], { input: JSON.stringify(receipt) })).code).toBe(2)
  })

  it('ends with 4 when something is wrong', async () => {
    const input = JSON.stringify({ ...receipt, runs: receipt.runs.slice(1) })
    const { code, out } = await terminal.run(['verify', '-', ...args.slice(2)], { input })

    expect(code).toBe(4)
    expect(out).toContain('NOT VERIFIED')
    expect((await terminal.run([...args, '--audience', `${AUDIENCE}-staging`])).code).toBe(4)
  })

  it.each([['{}'], ['not json'], [JSON.stringify({ ...aRunningReceipt(), asks: [{ n: 1 }] })]])(
    'takes %s for no receipt',
    async (input) => {
      expect((await terminal.run(['verify', '-', ...args.slice(2)], { input })).code).toBe(4)
    },
  )

  it('needs a receipt and a sound policy', async () => {
    await writeFile(terminal.file('broken.yaml'), 'people: {}\nrules: []\n')
    await writeFile(terminal.file('no.yaml'), '{')

    expect((await terminal.run(['verify', terminal.file('none.json'), ...args.slice(2)])).code).toBe(2)
    expect((await terminal.run([...args, '--policy', terminal.file('none.yaml')])).code).toBe(2)
    expect((await terminal.run([...args, '--policy', terminal.file('broken.yaml')])).err).toContain('rules')
    expect((await terminal.run([...args, '--policy', terminal.file('no.yaml')])).err).toContain('not YAML')
  })
})
