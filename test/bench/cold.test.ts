// The bench in one round: every line is there, and every answer was the right one. How long anything takes is not judged:
// a machine that runs tests says nothing about that.
import { beforeAll, describe, expect, test } from 'vitest'
import { RUNTIME } from '#lib/runtime.ts'
import { bench, type Bench } from './cold/bench.ts'
import { CASES } from './cold/cases.ts'
import { readOptions } from './cold/options.ts'
import { toReport, toText } from './cold/report.ts'
import { lowerQuartile, median, quantile } from './cold/stats.ts'

describe('one round', () => {
  let measured: Bench
  const progress: string[] = []
  beforeAll(async () => {
    measured = await bench({
      runs: 1,
      flows: [{ inFlight: 2, count: 4 }],
      inMemory: 3,
      onProgress: (text) => progress.push(text),
    })
  }, 400_000)

  test('measures every case as built and naively, and each answered rightly', () => {
    const { smallest, cases } = measured.cold
    const all = [smallest, ...cases.flatMap(({ built, naive }) => [built, naive])]
    expect(cases.map(({ measured: { name } }) => name)).toEqual(CASES.map(({ name }) => name))
    for (const { samples, loaded, bytes } of all) {
      expect(samples.length).toBeGreaterThan(0)
      expect(loaded.length).toBeGreaterThan(1)
      expect(bytes).toBeGreaterThan(10_000)
      for (const { ms, cpuMs, rssMb } of samples) expect(Math.min(ms, cpuMs, rssMb)).toBeGreaterThan(0)
    }
  })

  test('loads a small part of what the naive product loads', () => {
    for (const { built, naive } of measured.cold.cases) expect(built.bytes).toBeLessThan(naive.bytes / 3)
  })

  test('loads an SDK only where it is needed', () => {
    const sdksOf = (name: string): readonly string[] => {
      const { built } = measured.cold.cases.find((each) => each.measured.name === name) ?? {}
      const names = built?.loaded.map((file) => /@alicloud\/(\w+)\/sdk\.js$/.exec(file)?.[1])
      return names?.filter((each) => each !== undefined).toSorted() ?? ['no such case']
    }
    expect(sdksOf('gate: 401 to a bad signature')).toEqual([])
    expect(sdksOf('gate: “looking…” to a chat command')).toEqual(['fc2'])
    expect(sdksOf('gate: /healthz')).toEqual(['tablestore'])
    expect(sdksOf('gate: an approval')).toEqual(['fc2', 'tablestore'])
    expect(sdksOf('gate: an ask')).toEqual(['ecs20140526', 'fc2', 'tablestore'])
    expect(sdksOf('starter: an idle sweep')).toEqual(['tablestore'])
  })

  test('counts the bytecode of all that brings it along', () => {
    for (const { built } of measured.cold.cases) {
      const code = built.loaded.filter((file) => /\/((gate|starter)(-record|-later)?\.cjs|sdk\.js)$/.test(file))
      expect(code).not.toEqual([])
      expect(built.loaded.filter((file) => file.endsWith('.cache'))).toEqual(
        code.map((file) => `${file}.${RUNTIME}.cache`),
      )
    }
  })

  test('plays whole flows at once, and counts their calls and processor time', () => {
    expect(measured.flows.map(({ inFlight }) => inFlight)).toEqual([2])
    for (const { calls, cpuMs, perSecond } of measured.flows) {
      expect(Object.keys(calls).toSorted()).toEqual(['ecs', 'fc', 'ots'])
      expect(calls['ecs']).toBeGreaterThanOrEqual(3)
      expect(calls['ots']).toBeGreaterThan(10)
      expect(Math.min(cpuMs['gate'] ?? 0, cpuMs['starter'] ?? 0, perSecond)).toBeGreaterThan(0)
    }
  })

  test('plays whole flows over memory, and counts what each call is', () => {
    const { flows, cpuMs, calls } = measured.inMemory
    expect(flows).toBe(3)
    expect(cpuMs).toBeGreaterThan(0)
    expect(calls).toMatchObject({ 'asks PutRow': expect.any(Number) as number, 'ecs StartInstance': 1 })
  })

  test('is one table with a line and a target for each, and says how far it is meanwhile', () => {
    const text = toText(toReport(measured))
    for (const { name, target } of CASES) {
      expect(text).toMatch(new RegExp(`^${name} .*≤ ${target}.*≤ 0.45`, 'm'))
      expect(text).toMatch(new RegExp(`^${name}, naive `, 'm'))
    }
    expect(text).toMatch(/^2 in flight .*ots /m)
    expect(text).toMatch(/^over memory .*ecs StartInstance 1/m)
    expect(text).toMatch(/^artifact +\d+ KiB/m)
    expect(text).toMatch(/page cache/i)
    expect(progress.at(0)).toContain('building')
    expect(progress).toContain(`cold starts: 1 of ${2 + 2 * CASES.length}`)
  })
})

test('a target that is missed is named', () => {
  const once = (ms: number) => ({ ms, cpuMs: 1, rssMb: 1, answer: '', loaded: [] })
  const series = (ms: number) => ({ samples: [once(ms)], loaded: [], bytes: 1 })
  const cold = {
    evicted: false,
    smallest: series(10),
    cases: CASES.map((measured, index) => ({ measured, built: series(index === 0 ? 30 : 12), naive: series(60) })),
  }
  const report = toReport({ runs: 1, cold, flows: [], inMemory: { flows: 1, cpuMs: 1, calls: {} }, artifact: [] })
  const [first] = CASES
  expect(report.missed).toEqual([
    `${first?.name}: 3.00 × the smallest function`,
    `${first?.name}: 0.50 × the naive product`,
  ])
  expect(toText(report)).toContain('FILES IN THE PAGE CACHE')
})

describe('options', () => {
  test('have defaults, and JSON is for whoever reads no terminal', () => {
    expect(readOptions([], true)).toEqual({ runs: 15, json: false, help: false })
    expect(readOptions([], false)).toMatchObject({ json: true })
    expect(readOptions(['--json', '--runs', '40'], true)).toMatchObject({ runs: 40, json: true })
  })

  test.each([
    ['--runs', '0'],
    ['--runs', 'many'],
    ['--what', ''],
  ])('%s %s is refused with a sentence', (name, value) => {
    expect(readOptions([name, value], true)).toEqual({ problem: expect.stringContaining(name) })
  })
})

test('quantiles are samples', () => {
  const samples = [5, 1, 4, 2, 3, 8, 7, 6]
  expect([lowerQuartile(samples), median(samples), quantile(samples, 0.95)]).toEqual([2, 4, 8])
})
