// When a rule allows a start: its hours, and the freeze windows of the whole policy. Outside of them a start waits; nothing is
// refused for it.
import type { Freeze, Hours } from './calendar-form.ts'
import { DAY, MINUTE } from './durations.ts'
import type { SayInstant } from './words.ts'

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

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
  const { hours } = rule
  // Most rules: making a calendar of a time zone takes longer than all the rest of a judgement.
  if (hours === undefined) return undefined
  return isWithin(hours, createWallClock(calendar.timeZone)(at)) ? undefined : 'hours'
}

/** The earliest instant from `from` on at which the rule allows a start, epoch ms; undefined if there is none in 30 days. */
export function opensAt(calendar: Calendar, rule: TimedRule, from: number): number | undefined {
  const { hours = ALWAYS } = rule
  // Here too.
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
