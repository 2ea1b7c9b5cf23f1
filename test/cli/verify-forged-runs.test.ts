// Forged receipts in which every signature is sound, and what was said or done about them is not.
import { expect, it } from 'vitest'
import type { AskEntry } from '#core/asks.ts'
import type { Head } from '#core/row.ts'
import type { RunEntry } from '#core/runs.ts'
import type { Receipt } from '#lib/cli/answers.ts'
import { accepted, aProposal, approved, denied, NOW } from '#support/samples.ts'
import { judge, wrongs } from './judge.ts'
import { aReceipt, aRun, aRunningReceipt, attemptedOn, rechain, type At } from './receipts.ts'

const proposal = aProposal()
const yes = approved(proposal, 'bob', NOW + 61_000)
const no = denied(proposal, 'carol', NOW + 119_000)
const forCarol = aProposal({ rule: { approvers: ['carol'] } })
const sound = aRunningReceipt()
const none = { do: 'none' } as const
const throttled = refused({ do: 'again', at: NOW + 130_000 })

function refused(next: Extract<RunEntry, { type: 'refused' }>['body']['next']): RunEntry {
  return { type: 'refused', body: { answer: { code: 'Throttling', status: 400 }, next } }
}

function stoppedOn(runs: Head): At<AskEntry> {
  return { type: 'stopped', body: { runs }, at: NOW + 119_500, actor: { function: 'gate' } }
}

function posted(upto: { readonly asks: number; readonly runs: number }): AskEntry {
  return { type: 'posted', body: { upto, state: 'starting', to: { log: 'delivered' } } }
}

/** Denied while an attempt was there, which stood down later; `stopped` rests on this entry of `runs`. */
function aStoppedReceipt(rest: (runs: Receipt['runs']) => Head): Receipt {
  const stood: RunEntry = { type: 'stood_down', body: { why: 'stopped', next: none } }
  const runs = (acted: Head): readonly At<RunEntry>[] => [attemptedOn(proposal, acted), stood]
  const draft = { actedOn: 2, runs }
  const { runs: rows } = aReceipt({ ...draft, asks: [yes, no] })
  return aReceipt({ ...draft, asks: [yes, no, stoppedOn(rest(rows))] })
}

it.each<[string, Receipt, string]>([
  [
    'an approval by somebody whom the rule does not name',
    aReceipt({ proposal: forCarol, asks: [approved(forCarol, 'bob', NOW + 61_000)] }),
    'the rule takes no approval from them',
  ],
  [
    'more attempts than the rule allows',
    aRunningReceipt({
      runs: (acted) => [
        ...[1, 2, 3].flatMap(() => [attemptedOn(proposal, acted), throttled]),
        ...aRun(proposal)(acted),
      ],
    }),
    'There were 4 attempts, and rule workers allows 3',
  ],
  [
    'a refusal of what may have been sent already',
    aRunningReceipt({
      runs: (acted) => [
        attemptedOn(proposal, acted),
        { type: 'unclear', body: { answer: { code: 'NoAnswer' }, next: { do: 'look' } } },
        refused(none),
      ],
    }),
    'refuses what was sent already',
  ],
  [
    'an accepted start that nobody looked after',
    aRunningReceipt({ runs: (acted) => [attemptedOn(proposal, acted), accepted(NOW + 121_000, 'none')] }),
    'is accepted, and yet not looked after',
  ],
  [
    '"stopped" while a start may have been under way',
    aStoppedReceipt(([first]) => ({ n: 1, hash: first?.hash ?? '' })),
    'while a start may have been under way',
  ],
  ['"stopped" that rests on nothing', aStoppedReceipt(() => ({ n: 5, hash: 'f'.repeat(64) })), 'rests on is missing'],
  ['news of what came later', aRunningReceipt({ asks: [yes, posted({ asks: 3, runs: 0 })] }), 'that come after it'],
  ['news of what is missing', aRunningReceipt({ asks: [yes, posted({ asks: 2, runs: 4 })] }), 'some are missing'],
  [
    'an approval out of another stream',
    { ...sound, asks: rechain(sound.asks, ({ n }) => (n === 2 ? { stream: `req_${'3'.repeat(32)}` } : {})) },
    'Entry 2 belongs to asks of req_3333',
  ],
  [
    'entries of the other book',
    { ...sound, runs: rechain(sound.runs, () => ({ book: 'asks' })) },
    'belongs to asks of',
  ],
])('is found: %s', async (_name, receipt, why) => {
  const judgement = await judge(receipt)

  expect(judgement.verified).toBe(false)
  expect(wrongs(judgement)).toContain(why)
})
