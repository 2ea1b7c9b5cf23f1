// Every cloud call of the starter fails in every way, once, and the sweep goes on. `npm test` plays a part of it, in which
// every call and every kind is; STARTGATE_FAULTS=all plays the whole.
import { expect, test } from 'vitest'
import { STARTER_FLOWS } from '#support/fault-flows.ts'
import type { Ending } from '#support/fault-judge.ts'
import type { Cell } from '#support/fault-matrix.ts'
import { playMatrix } from '#support/fault-run.ts'

const whole = process.env['STARTGATE_FAULTS'] === 'all'

/** Cloud calls by flow: what is counted here is failed, and a call more must be counted here. */
const CALLS = {
  'start by hint, and following it': 11,
  'a new starter': 1,
  sweep: 9,
  'following a start by sweep': 5,
}
/** Calls and kinds, those left out that make no difference: a call that only reads fails before and after alike. */
const SIZE = { all: 319, played: whole ? 319 : 39, calls: 26, kinds: 15 }

const STARTED: Ending = { state: 'running', calls: 1, starts: 1 }
/** Refused for certain, and tried again. */
const STARTED_AT_LAST: Ending = { state: 'running', calls: 2, starts: 1 }
/** It may have been sent, for all that anybody can know. */
const NEVER_SENT: Ending = { state: 'stuck', calls: 0, starts: 0 }
const NEVER_ARRIVED: Ending = { state: 'stuck', calls: 1, starts: 0 }

/** By the call and by how it failed; all others end as if nothing had happened. */
const ENDINGS: Readonly<Record<string, Readonly<Record<string, Ending>>>> = {
  'PutRow runs 1': { 'killed after it': NEVER_SENT },
  'GetRange asks 2': {
    'refused its token from here on': NEVER_SENT,
    'killed after it': NEVER_SENT,
  },
  'StartInstance 1': {
    'lost before it': NEVER_ARRIVED,
    throttled: STARTED_AT_LAST,
    broken: NEVER_ARRIVED,
    'refused its token once': STARTED_AT_LAST,
    'refused its token from here on': NEVER_ARRIVED,
    'killed before it': NEVER_ARRIVED,
  },
}

function endOf({ call, kind, flow }: Cell): Ending {
  const isStart = flow.name.startsWith('start') || flow.name === 'sweep'
  return (isStart && ENDINGS[call.name]?.[kind.name]) || STARTED
}

test('no call of the starter that fails leads to a wrong end', { timeout: 440_000, retry: 0 }, async () => {
  const { calls, size, wrongs } = await playMatrix(STARTER_FLOWS, { expected: CALLS, whole, endOf })
  expect(wrongs).toEqual([])
  expect(calls).toEqual(CALLS)
  expect(size).toEqual(SIZE)
})
