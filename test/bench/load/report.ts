// The figures of a load, as data and as text.
import type { Violation } from './audit.ts'
import type { Loaded } from './run.ts'
import { total, type Counts } from './tally.ts'

/** Milliseconds of real time; `n` is how many were measured. */
export interface Latency {
  readonly n: number
  readonly median: number
  readonly p95: number
  readonly p99: number
}

export interface Report {
  readonly seed: number
  readonly requests: number
  readonly rate: number
  readonly faultPercent: number
  readonly passed: boolean
  /** Final and told within the time of the arrivals, per second of it. */
  readonly flowsPerSecond: number
  readonly seconds: Readonly<Record<'arrivals' | 'decisions' | 'drain' | 'audit', number>>
  readonly latency: Readonly<Record<'ask' | 'decide' | 'start', Latency>>
  readonly cloudCalls: Counts
  readonly faults: Counts
  readonly repeats: Counts
  readonly warnings: Counts
  readonly messages: number
  /** Of the process with the local cloud and the people in it. */
  readonly peakMemoryMb: number
  readonly audit: {
    readonly accepted: number
    readonly dropped: number
    readonly ends: Counts
    readonly violations: readonly Violation[]
  }
}

export function toReport({ options, audited, played, tally, messages, times }: Loaded): Report {
  const { seed, requests, rate, faultPercent } = options
  const { accepted, dropped, ends, violations, startMs, toldAt } = audited
  const { begun, arrived, decided, drained } = times
  const inTime = toldAt.filter((at) => at <= arrived).length
  return {
    seed,
    requests,
    rate,
    faultPercent,
    passed: violations.length === 0,
    flowsPerSecond: round(inTime / ((arrived - begun) / 1000)),
    seconds: {
      arrivals: round((arrived - begun) / 1000),
      decisions: round((decided - arrived) / 1000),
      drain: round((drained - decided) / 1000),
      audit: round((times.audited - drained) / 1000),
    },
    latency: {
      ask: toLatency(played.flatMap(({ askMs }) => askMs ?? [])),
      decide: toLatency(played.flatMap(({ decideMs }) => decideMs)),
      start: toLatency(startMs),
    },
    cloudCalls: tally.calls,
    faults: tally.faults,
    repeats: tally.repeats,
    warnings: tally.warnings,
    messages,
    peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
    audit: { accepted, dropped, ends, violations },
  }
}

export function toText(report: Report): string {
  const { seed, requests, rate, faultPercent, seconds, latency, audit } = report
  const { accepted, dropped, ends, violations } = audit
  return [
    `${requests} requests, ${rate} a second, ${faultPercent} % faults, seed ${seed}`,
    '',
    `  flows        ${report.flowsPerSecond} a second were final and told while requests came in`,
    `  time         ${seconds.arrivals} s of arrivals, ${seconds.decisions} s until the last decision, ${seconds.drain} s to drain, ${seconds.audit} s to audit`,
    `  latency          median      p95      p99  ms`,
    ...Object.entries(latency).map(([name, each]) => `    ${name.padEnd(11)}${toColumns(each)}  (${each.n})`),
    `  cloud calls  ${total(report.cloudCalls)}: ${toList(report.cloudCalls)}`,
    `  faults       ${total(report.faults)}: ${toList(report.faults)}`,
    `  sent again   ${total(report.repeats)}: ${toList(report.repeats)}`,
    `  warnings     ${total(report.warnings)}: ${toList(report.warnings)}`,
    `  messages     ${report.messages} to receivers`,
    `  memory       ${report.peakMemoryMb} MB at most, without the functions`,
    `  ended as     ${toList(ends)}`,
    '',
    ...(dropped > 0 ? [`${dropped} asks by timers were dropped by the platform, which said so.`] : []),
    violations.length === 0
      ? `AUDIT PASSED: ${accepted} accepted; each is final and told, its chain and proofs verified; nothing unapproved, nothing twice.`
      : toViolations(report),
    '',
  ].join('\n')
}

const MOST_SHOWN = 20

function toViolations({ seed, requests, rate, faultPercent, audit: { violations } }: Report): string {
  const shown = violations.slice(0, MOST_SHOWN)
  return [
    `AUDIT FAILED: ${violations.length} findings.`,
    ...shown.map(({ what, request, detail }) => `  ${what.padEnd(14)}${request}: ${detail}`),
    ...(violations.length > shown.length ? ['  …'] : []),
    ...(violations.some(({ what }) => what === 'not accepted')
      ? ['What was not accepted may only say that the machine did not keep up: see whether it is so at a lower --rate.']
      : []),
    `Again: npm run load -- --requests ${requests} --rate ${rate} --faults ${faultPercent} --seed ${seed}`,
    'The seed repeats the arrivals and the drawn faults; which call a fault meets depends on the machine.',
  ].join('\n')
}

function toLatency(samples: readonly number[]): Latency {
  const sorted = samples.toSorted((one, other) => one - other)
  const at = (share: number): number => Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0)
  return { n: sorted.length, median: at(0.5), p95: at(0.95), p99: at(0.99) }
}

function toColumns({ median, p95, p99 }: Latency): string {
  return [median, p95, p99].map((ms) => String(ms).padStart(9)).join('')
}

function toList(counts: Counts): string {
  const entries = Object.entries(counts).toSorted(([, one], [, other]) => other - one)
  return entries.length === 0 ? 'none' : entries.map(([name, count]) => `${name} ${count}`).join(', ')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
