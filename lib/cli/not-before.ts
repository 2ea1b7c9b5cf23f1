// A time as people type it: an instant with its zone, or a while from now.
import { DAY, HOUR, MINUTE } from '#core/durations.ts'
import * as z from '#core/zod.ts'
import { EXIT, Failure } from './failure.ts'

const UNITS = { m: MINUTE, h: HOUR, d: DAY } as const

/** Epoch ms. An instant without a zone is refused: it would mean another time on another machine. */
export function parseNotBefore(text: string, now: number): number {
  const [, amount, unit] = /^\+([1-9][0-9]{0,4})([mhd])$/.exec(text) ?? []
  if (amount !== undefined) return now + Number(amount) * UNITS[unit as keyof typeof UNITS]
  const instant = z.iso.datetime({ offset: true }).safeParse(text)
  if (instant.success) return Date.parse(instant.data)
  throw new Failure(EXIT.usage, `${text} is no time.`, {
    next: ['Give one with its zone like 2026-11-23T18:00:00Z, or a while like +30m, +2h or +1d.'],
  })
}
