import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { createEvidenceVerifier } from '#adapters/evidence/verifier.ts'
import { toCanonicalJson } from '#core/canonical-json.ts'
import { DURATIONS } from '#core/durations.ts'
import type { Row } from '#core/row.ts'
import { receiptSchema, type Receipt } from '#lib/cli/answers.ts'
import { judgeReceipt } from '#lib/cli/judge/judge-receipt.ts'
import { aPolicy, EXPIRES } from '#support/samples.ts'
import { aRunningReceipt } from './receipts.ts'

const sound = aRunningReceipt()
const rows = [...sound.asks, ...sound.runs]
const policy = aPolicy()

it('any single changed character in any row of a receipt is found', async () => {
  const change = fc.record({
    row: fc.nat(rows.length - 1),
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    to: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  })
  await fc.assert(
    fc.asyncProperty(change, async ({ row, at, to }) => {
      const text = JSON.stringify(rows[row])
      const index = Math.floor(at * text.length)
      const changed = parse(text.slice(0, index) + to + text.slice(index + 1))
      // Another spelling of the same data is no change.
      fc.pre(changed === undefined || toCanonicalJson(changed) !== toCanonicalJson(rows[row]))
      const receipt = receiptSchema.safeParse(replace(row, changed))
      // What is no receipt any more is refused before it is judged.
      if (receipt.success) expect(await isVerified(receipt.data)).toBe(false)
    }),
    { numRuns: 300 },
  )
})

it('the receipt is sound as it is', async () => {
  expect(await isVerified(sound)).toBe(true)
})

function replace(index: number, changed: unknown): unknown {
  const swap = (before: readonly Row[], offset: number): readonly unknown[] =>
    before.map((row, at) => (at + offset === index ? changed : row))
  return { ...sound, asks: swap(sound.asks, 0), runs: swap(sound.runs, sound.asks.length) }
}

async function isVerified(receipt: Receipt): Promise<boolean> {
  const question = { receipt, policy, heads: [], audience: undefined, now: EXPIRES + 600_000, durations: DURATIONS }
  return (await judgeReceipt({ ...question, verifier: createEvidenceVerifier() })).verified
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
