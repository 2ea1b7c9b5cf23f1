// Every cloud call of the gate fails in every way, once. People repeat what got no answer, and the timers go on. `npm test`
// plays a part of it, in which every call and every kind is; STARTGATE_FAULTS=all plays the whole.
import { expect, test } from 'vitest'
import { GATE_FLOWS } from '#support/fault-flows.ts'
import type { Ending } from '#support/fault-judge.ts'
import type { Cell } from '#support/fault-matrix.ts'
import { playMatrix } from '#support/fault-run.ts'

const whole = process.env['STARTGATE_FAULTS'] === 'all'

/** Cloud calls by flow: what is counted here is failed, and a call more must be counted here. */
const CALLS = {
  ask: 4,
  'repeat of ask': 4,
  approve: 4,
  deny: 6,
  cancel: 6,
  'tell by hint': 5,
  'tell by timer': 6,
}
/** Calls and kinds, those left out that make no difference: a call that only reads fails before and after alike. */
const SIZE = { all: 427, played: whole ? 427 : 53, calls: 35, kinds: 15 }

function endOf({ flow }: Cell): Ending {
  const starts = flow.ends === 'running' ? 1 : 0
  return { state: flow.ends, calls: starts, starts }
}

test('no call of the gate that fails leads to a wrong end', { timeout: 440_000, retry: 0 }, async () => {
  const { calls, size, wrongs } = await playMatrix(GATE_FLOWS, { expected: CALLS, whole, endOf })
  expect(wrongs).toEqual([])
  expect(calls).toEqual(CALLS)
  expect(size).toEqual(SIZE)
})
