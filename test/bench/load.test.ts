// A small load with many faults, and what the load would say if something were wrong.
import { describe, expect, test } from 'vitest'
import { readOptions } from './load/options.ts'
import { planArrivals } from './load/plan.ts'
import { toReport, toText } from './load/report.ts'
import { runLoad } from './load/run.ts'
import { findStartFaults } from './load/start-faults.ts'

const REQUESTS = 60

test(
  'sixty requests over all entrances, with faults: every one is final and told, approved, and started once',
  {
    timeout: 300_000,
  },
  async () => {
    const loaded = await runLoad({ requests: REQUESTS, rate: 10, faultPercent: 2, seed: 4 })
    const report = toReport(loaded)
    expect(report.audit.violations).toEqual([])
    expect(report.passed).toBe(true)
    expect(report.audit.accepted + report.audit.dropped).toBe(REQUESTS)
    expect(Object.keys(report.audit.ends)).toEqual(expect.arrayContaining(['running', 'denied', 'cancelled']))
    // A load without faults, or without a start to be judged, would pass as easily.
    expect(Object.values(report.faults).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(10)
    expect(report.latency.start.n).toBeGreaterThan(REQUESTS / 3)
    expect(toText(report)).toContain('AUDIT PASSED')
  },
)

describe('the plan', () => {
  const plan = planArrivals({ requests: 2000, rate: 50, seed: 9 })

  test('is the same for the same seed, and another one for another', () => {
    expect(planArrivals({ requests: 2000, rate: 50, seed: 9 })).toEqual(plan)
    expect(planArrivals({ requests: 2000, rate: 50, seed: 10 })).not.toEqual(plan)
  })

  test('comes at the rate, unevenly, over all entrances and with every course', () => {
    const gaps = plan.map(({ at }, n) => at - (plan[n - 1]?.at ?? 0))
    const mean = (plan.at(-1)?.at ?? 0) / plan.length
    expect(mean).toBeGreaterThan(18)
    expect(mean).toBeLessThan(22)
    expect(gaps.filter((gap) => gap < mean).length / gaps.length).toBeGreaterThan(0.58)
    expect(new Set(plan.map(({ entrance }) => entrance)).size).toBe(3)
    expect(new Set(plan.map(({ course }) => course)).size).toBe(4)
    expect(new Set(plan.map(({ instanceId }) => instanceId)).size).toBe(plan.length)
  })
})

describe('options', () => {
  test('have defaults', () => {
    expect(readOptions([], 3)).toEqual({
      requests: 10_000,
      rate: 8,
      faultPercent: 1,
      seed: 3,
      json: false,
      help: false,
    })
  })

  test.each([
    ['--requests', '0'],
    ['--rate', '0'],
    ['--rate', '-1'],
    ['--faults', '51'],
    ['--seed', 'x'],
    ['--what', ''],
  ])('%s %s is refused with a sentence', (name, value) => {
    expect(readOptions([name, value], 3)).toEqual({ problem: expect.stringContaining(name) })
  })
})

describe('what ECS saw', () => {
  const [arrival] = planArrivals({ requests: 1, rate: 1, seed: 1 }).map((one) => ({ ...one, entrance: 'api' as const }))
  if (arrival === undefined) throw new Error('nobody arrives')
  const played = { arrival, yeses: new Map([['bob', 10] as const]), stopped: false }
  const call = { at: 20 }
  const turnedAway = { at: 15, code: 'Throttling' }
  const find = (change: object, calls: readonly { at: number; code?: string }[], starts = 1): readonly string[] =>
    findStartFaults({ ...played, ...change }, { calls, starts: Array.from({ length: starts }, () => call) }).map(
      ({ what }) => what,
    )

  test('one start after an approval is right, also after a call that was turned away', () => {
    expect(find({}, [call])).toEqual([])
    expect(find({}, [turnedAway, call])).toEqual([])
    expect(find({}, [], 0)).toEqual([])
  })

  test.each([
    ['a second call, whatever became of the first', {}, [{ at: 15, code: 'InternalError' }, call], 1, 'twice'],
    ['a call that was turned away after one that was not', {}, [call, turnedAway], 1, 'twice'],
    ['two starts', {}, [call], 2, 'twice'],
    ['a call before the approval', { yeses: new Map([['bob', 30]]) }, [call], 1, 'unapproved'],
    [
      'a call that was turned away before the approval',
      { yeses: new Map([['bob', 18]]) },
      [turnedAway, call],
      1,
      'unapproved',
    ],
    ['a call without any approval, without effect', { yeses: new Map() }, [call], 0, 'unapproved'],
    [
      'one approval where two are needed',
      { arrival: { ...arrival, entrance: 'webhook', forSomebody: false } },
      [call],
      1,
      'unapproved',
    ],
    ['a start after somebody was told that it is stopped', { stopped: true }, [call], 1, 'contradiction'],
  ] as const)('%s is found', (_, change, calls, starts, what) => {
    expect(find(change, calls, starts)).toEqual([what])
  })
})
