import { describe, expect, it } from 'vitest'
import type { Receipt } from '#lib/cli/answers.ts'
import { accepted, aPolicy, aProposal, approved, cancelled, denied, NOW, stopped } from '#support/samples.ts'
import { judge, wrongs } from './judge.ts'
import { aReceipt, aRun, aRunningReceipt, attemptedOn } from './receipts.ts'

const proposal = aProposal()
const yes = approved(proposal, 'bob', NOW + 61_000)
const none = { do: 'none' } as const
const look = { do: 'look' } as const
const again = { do: 'again', at: NOW + 130_000 } as const

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
