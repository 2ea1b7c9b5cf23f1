// What was measured, as data and as one table.
import { arch, cpus } from 'node:os'
import type { Bench } from './bench.ts'
import type { Series } from './cold.ts'
import type { FlowsInMemory } from './flows-in-memory.ts'
import type { Flows } from './flows.ts'
import { lowerQuartile, median } from './stats.ts'

/** The share of the naive product's time that each may take. */
const NAIVE_TARGET = 0.45

interface Pair {
  readonly lowerQuartile: number
  readonly median: number
}

interface Line {
  readonly name: string
  /** Times as long as the smallest function. */
  readonly toSmallest: Pair & { readonly target?: number }
  /** Times as long as the same product, built naively. */
  readonly toNaive?: Pair & { readonly target: number }
  readonly ms: Pair
  readonly cpuMs: Pair
  readonly rssMb: Pair
  readonly code: { readonly files: number; readonly bytes: number }
}

export interface Report {
  readonly machine: string
  readonly runs: number
  /** False: the files were in the page cache. */
  readonly evicted: boolean
  readonly missed: readonly string[]
  readonly coldStarts: readonly Line[]
  readonly flows: readonly Flows[]
  readonly inMemory: FlowsInMemory
  readonly artifactBytes: number
}

export function toReport({ runs, cold, flows, inMemory, artifact }: Bench): Report {
  const base = toPair(cold.smallest, 'ms')
  const smallest: Line = {
    name: 'smallest function',
    toSmallest: { lowerQuartile: 1, median: 1 },
    ...toFigures(cold.smallest),
  }
  const lines = cold.cases.flatMap(({ measured: { name, target }, built, naive }): Line[] => {
    const toNaive = { ...divide(toPair(built, 'ms'), toPair(naive, 'ms')), target: NAIVE_TARGET }
    return [
      { name, toSmallest: { ...divide(toPair(built, 'ms'), base), target }, toNaive, ...toFigures(built) },
      { name: `${name}, naive`, toSmallest: divide(toPair(naive, 'ms'), base), ...toFigures(naive) },
    ]
  })
  const coldStarts = [smallest, ...lines]
  const missed = lines.flatMap(({ name, toSmallest, toNaive }) => [
    ...(isMissed(toSmallest) ? [`${name}: ${times(toSmallest.lowerQuartile)} the smallest function`] : []),
    ...(isMissed(toNaive) ? [`${name}: ${times(toNaive?.lowerQuartile)} the naive product`] : []),
  ])
  const artifactBytes = artifact.reduce((sum, { bytes }) => sum + bytes, 0)
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? arch()}, Node ${process.version}`
  return { machine, runs, evicted: cold.evicted, missed, coldStarts, flows, inMemory, artifactBytes }
}

export function toText(report: Report): string {
  const { machine, runs, evicted, missed, coldStarts, flows, inMemory, artifactBytes } = report
  return [
    `Process start to first answer, ${runs} interleaved runs, ${evicted ? 'files out of the page cache' : 'FILES IN THE PAGE CACHE: this machine offers no way to evict them'}`,
    machine,
    '',
    table([
      [
        '',
        '× smallest',
        'median',
        'target',
        '× naive',
        'median',
        'target',
        'ms',
        'CPU ms',
        'RSS MB',
        'code KiB',
        'files',
      ],
      ...coldStarts.map(toCells),
    ]),
    '',
    table([
      ['whole flows', 'a second', 'ms', 'p95', 'ask ms', 'decide ms', 'gate CPU ms', 'starter CPU ms', 'cloud calls'],
      ...flows.map(toFlowCells),
    ]),
    '',
    `over memory   ${inMemory.cpuMs.toFixed(1)} ms CPU for each flow, the mean of ${inMemory.flows}; cloud calls: ${sayCounts(inMemory.calls)}`,
    `artifact      ${kib(artifactBytes)} KiB, both functions with all they ever load`,
    missed.length === 0
      ? 'All targets are met.'
      : `${missed.length} targets are missed:\n${missed.map((each) => `  ${each}`).join('\n')}`,
    '',
  ].join('\n')
}

function toCells({ name, toSmallest, toNaive, ms, cpuMs, rssMb, code }: Line): string[] {
  const ratios = [toSmallest, toNaive].flatMap((ratio) =>
    ratio === undefined
      ? ['', '', '']
      : [
          ratio.lowerQuartile.toFixed(2),
          ratio.median.toFixed(2),
          ratio.target === undefined ? '' : `≤ ${ratio.target}${isMissed(ratio) ? ' !' : '  '}`,
        ],
  )
  const figures = [ms, cpuMs, rssMb].map((each) => each.lowerQuartile.toFixed(0))
  return [name, ...ratios, ...figures, kib(code.bytes), String(code.files)]
}

function toFlowCells({ inFlight, perSecond, flowMs, askMs, decideMs, cpuMs, calls }: Flows): string[] {
  const figures = [flowMs.median, flowMs.p95, askMs, decideMs, cpuMs['gate'] ?? 0, cpuMs['starter'] ?? 0]
  return [`${inFlight} in flight`, perSecond.toFixed(1), ...figures.map((each) => each.toFixed(0)), sayCounts(calls)]
}

function sayCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${round(count)}`)
    .join(', ')
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
  return rows.map((row) => line(row).trimEnd()).join('\n')
}

function toFigures(series: Series): Pick<Line, 'ms' | 'cpuMs' | 'rssMb' | 'code'> {
  const { loaded, bytes } = series
  return {
    ms: toPair(series, 'ms'),
    cpuMs: toPair(series, 'cpuMs'),
    rssMb: toPair(series, 'rssMb'),
    code: { files: loaded.length, bytes },
  }
}

function toPair({ samples }: Series, figure: 'ms' | 'cpuMs' | 'rssMb'): Pair {
  const values = samples.map((each) => each[figure])
  return { lowerQuartile: lowerQuartile(values), median: median(values) }
}

function divide(one: Pair, other: Pair): Pair {
  return { lowerQuartile: one.lowerQuartile / other.lowerQuartile, median: one.median / other.median }
}

function isMissed(ratio: { readonly lowerQuartile: number; readonly target?: number } | undefined): boolean {
  return ratio?.target !== undefined && ratio.lowerQuartile > ratio.target
}

function times(ratio = Number.NaN): string {
  return `${ratio.toFixed(2)} ×`
}

function kib(bytes: number): string {
  return (bytes / 1024).toFixed(0)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
