// When a rule allows a start: its hours, and the freeze windows of the whole policy. Outside of them a start waits; nothing is
// refused for it.
import * as z from 'zod'
import { DAY, MINUTE } from './durations.ts'
import { nameSchema, type SayInstant } from './words.ts'

export const timeZoneSchema = z
  .string()
  .regex(/^[A-Z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/, {
    error: 'a time zone looks like Asia/Shanghai',
    abort: true,
  })
  .refine(isTimeZone, { error: 'no time zone of this name is known', abort: true })
  .refine((name) => name === 'UTC' || name.includes('/'), {
    error: ({ input }) => `${String(input)} is ${resolveZone(String(input))} here, and may be meant for another`,
  })

const clockTime = (latest: RegExp, message: string) =>
  z
    .string()
    .regex(latest, message)
    .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)))

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

export const hoursSchema = z.strictObject({
  days: z.array(z.enum(DAYS)).min(1).describe('The days of the week.'),
  from: clockTime(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, 'a time of day looks like 08:00').describe('Open from here on.'),
  to: clockTime(
    /^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$/,
    'a time of day looks like 20:00, the latest is 24:00',
  ).describe('Closed from here on; 24:00 is the end of the day.'),
})
/** `from` and `to` in minutes of the day. */
export type Hours = z.infer<typeof hoursSchema>

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))

export const freezeSchema = z.strictObject({
  name: nameSchema.describe('What people know it by.'),
  from: instant.describe('Nothing is started from here on: an instant with its offset, 2026-12-24T00:00:00+08:00.'),
  until: instant.describe('The first instant after it.'),
  rules: z.array(nameSchema).min(1).optional().describe('The rules that it closes; all of them when left out.'),
})
/** Epoch ms. */
export type Freeze = z.infer<typeof freezeSchema>

export interface Calendar {
  readonly timeZone: string
  readonly freezes: readonly Freeze[]
}

interface TimedRule {
  readonly name: string
  readonly hours?: readonly Hours[] | undefined
}

const ALWAYS: readonly Hours[] = [{ days: [...DAYS], from: 0, to: DAY / MINUTE }]
/** An opening further ahead than this is none; no request is good for longer. */
export const HORIZON = 30 * DAY
/** Wherever clocks are changed, they are changed at a quarter of an hour. */
const QUARTER = 15 * MINUTE

/** What keeps the rule from a start at this instant, epoch ms; undefined when nothing does. */
export function whyClosed(calendar: Calendar, rule: TimedRule, at: number): 'hours' | 'freeze' | undefined {
  if (findFreeze(calendar, rule, at) !== undefined) return 'freeze'
  return isWithin(rule.hours ?? ALWAYS, createWallClock(calendar.timeZone)(at)) ? undefined : 'hours'
}

/** The earliest instant from `from` on at which the rule allows a start, epoch ms; undefined if there is none in 30 days. */
export function opensAt(calendar: Calendar, rule: TimedRule, from: number): number | undefined {
  const { hours = ALWAYS } = rule
  // Most rules: making a calendar of a time zone takes longer than all the rest of a fold.
  if (hours === ALWAYS && calendar.freezes.length === 0) return from
  const readWall = createWallClock(calendar.timeZone)
  for (let at = from; at <= from + HORIZON;) {
    const freeze = findFreeze(calendar, rule, at)
    const wall = readWall(at)
    if (freeze === undefined && isWithin(hours, wall)) return at
    at = freeze?.until ?? nextChange(hours, at, wall)
  }
  return undefined
}

function findFreeze({ freezes }: Calendar, { name }: TimedRule, at: number): Freeze | undefined {
  return freezes.find(({ from, until, rules }) => from <= at && at < until && (rules?.includes(name) ?? true))
}

interface Wall {
  readonly day: string
  /** Of the day. */
  readonly minute: number
}

function isWithin(hours: readonly Hours[], { day, minute }: Wall): boolean {
  return hours.some(({ days, from, to }) => days.some((each) => each === day) && from <= minute && minute < to)
}

/** The next instant at which hours could begin: at one of their times, or where the clocks are changed. */
function nextChange(hours: readonly Hours[], at: number, { minute }: Wall): number {
  const waits = hours.map(({ from }) => from - minute).filter((wait) => wait > 0)
  const wholeMinute = Math.floor(at / MINUTE) * MINUTE
  return Math.min((Math.floor(at / QUARTER) + 1) * QUARTER, wholeMinute + Math.min(...waits) * MINUTE)
}

/** What the clocks on the wall show there. */
function createWallClock(timeZone: string): (at: number) => Wall {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
  })
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]))
    return {
      day: String(parts.get('weekday')).toLowerCase(),
      minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
    }
  }
}

/** Instants as the clocks on the wall show them there, to the minute: `2026-11-24 00:51 Asia/Shanghai`. */
export function sayInstantIn({ timeZone }: Pick<Calendar, 'timeZone'>): SayInstant {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  return (at) => {
    const parts = new Map<string, string>(format.formatToParts(at).map(({ type, value }) => [type, value]))
    const part = (type: string): string => String(parts.get(type))
    return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')} ${timeZone}`
  }
}

function isTimeZone(timeZone: string): boolean {
  try {
    return resolveZone(timeZone) !== ''
  } catch {
    return false
  }
}

function resolveZone(timeZone: string): string {
  return new Intl.DateTimeFormat('en-US', { timeZone }).resolvedOptions().timeZone
}
