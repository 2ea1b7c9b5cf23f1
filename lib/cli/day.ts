// Days as the gate counts them: in UTC, by the time a request was made.
import { DAY } from '#core/durations.ts'
import { EXIT, Failure } from './failure.ts'

export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

export function parseDay(text: string): string {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN
  // 2026-02-31 would be taken for a day in March.
  if (Number.isNaN(at) || dayOf(at) !== text) {
    throw new Failure(EXIT.usage, `${text} is no day.`, { next: ['Give it like 2026-11-23.'] })
  }
  return text
}

/** Every day of a period, both ends with it; none when it ends before it begins. */
export function daysBetween(from: string, to: string): readonly string[] {
  const [first, last] = [Date.parse(from), Date.parse(to)]
  return Array.from({ length: Math.max(0, (last - first) / DAY + 1) }, (_, n) => dayOf(first + n * DAY))
}

/** `2026-11-01, 2026-11-03 to 2026-11-05`: neighbours together. */
export function sayDays(days: readonly string[]): string {
  const spans: { from: string; to: string }[] = []
  for (const day of days) {
    const last = spans.at(-1)
    if (last !== undefined && Date.parse(day) === Date.parse(last.to) + DAY) last.to = day
    else spans.push({ from: day, to: day })
  }
  return spans.map(({ from, to }) => (from === to ? from : `${from} to ${to}`)).join(', ')
}
