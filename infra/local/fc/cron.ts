// When a timer fires next. Only the forms that are documented for Function Compute, read strictly: a typing mistake in a
// schedule is found when it is read, not when it does not fire.

export interface Schedule {
  /** The first instant after `after` at which it fires; both in epoch milliseconds. */
  next(after: number): number
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
/** No zone's offset is finer than this, so a step of this length lands on every zone's hours. */
const QUARTER = 15 * MINUTE
const FURTHEST = 5 * 366 * 24 * HOUR

/**
 * Six fields (second, minute, hour, day of month, month, day of week: 0 or 7 = Sunday) in UTC, the same after
 * `CRON_TZ=<zone> `, or `@every <n>s|m|h`. A field is `*`, `?`, or a list of numbers and ranges, with steps.
 * Throws with a sentence that names the field.
 */
export function parseCron(expression: string): Schedule {
  const every = /^@every ([1-9]\d{0,5})([smh])$/.exec(expression)
  if (every !== null) {
    const interval = Number(every[1]) * { s: SECOND, m: MINUTE, h: HOUR }[every[2] as 's' | 'm' | 'h']
    return { next: (after) => after + interval }
  }
  const [, zone, text] = /^(?:CRON_TZ=(\S+) )?(.*)$/.exec(expression) ?? []
  const fields = (text ?? '').split(' ')
  if (fields.length !== FIELDS.length) {
    throw new Error(`"${expression}" must have ${FIELDS.length} fields, seconds first, and has ${fields.length}`)
  }
  const [seconds, minutes, hours, days, months, weekdays] = FIELDS.map((field, at) => toSet(field, fields[at] ?? ''))
  if (!seconds || !minutes || !hours || !days || !months || !weekdays) throw new Error('unreachable')
  // As in every cron: when both days are restricted, either of them is enough.
  const either = !isAny(fields[3] ?? '') && !isAny(fields[5] ?? '')
  const isDay = (t: Wall) => {
    const [inMonth, inWeek] = [days.has(t.day), weekdays.has(t.weekday)]
    return months.has(t.month) && (either ? inMonth || inWeek : inMonth && inWeek)
  }
  const toWall = zone === undefined ? utcWall : zonedWall(zone)

  return {
    next(after) {
      let at = (Math.floor(after / SECOND) + 1) * SECOND
      while (at < after + FURTHEST) {
        const wall = toWall(at)
        if (!isDay(wall) || !hours.has(wall.hour)) at = nextMultiple(at, QUARTER)
        else if (!minutes.has(wall.minute)) at = nextMultiple(at, MINUTE)
        else if (!seconds.has(wall.second)) at += SECOND
        else return at
      }
      throw new Error(`"${expression}" never fires`)
    },
  }
}

interface Field {
  readonly name: string
  readonly least: number
  readonly most: number
}

const FIELDS: readonly Field[] = [
  { name: 'second', least: 0, most: 59 },
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day of month', least: 1, most: 31 },
  { name: 'month', least: 1, most: 12 },
  { name: 'day of week', least: 0, most: 7 },
]

function isAny(text: string): boolean {
  return text === '*' || text === '?'
}

function toSet(field: Field, text: string): ReadonlySet<number> {
  const values = text.split(',').flatMap((part) => toValues(field, part))
  // Sunday has two numbers.
  return new Set(field.most === 7 ? values.map((value) => value % 7) : values)
}

function toValues({ name, least, most }: Field, part: string): number[] {
  const [, any, from, to, step] = /^(?:([*?])|(\d{1,2})(?:-(\d{1,2}))?)(?:\/([1-9]\d?))?$/.exec(part) ?? []
  if (any === undefined && from === undefined) throw new Error(`"${part}" is not a valid ${name}`)
  const first = any === undefined ? Number(from) : least
  // `5/10` means every tenth from 5 on.
  const last = any !== undefined || (to === undefined && step !== undefined) ? most : Number(to ?? from)
  if (first < least || last > most || first > last)
    throw new Error(`"${part}" is not a valid ${name} (${least} to ${most})`)
  return Array.from({ length: last - first + 1 }, (_, at) => first + at).filter(
    (n) => (n - first) % Number(step ?? 1) === 0,
  )
}

function nextMultiple(at: number, of: number): number {
  return (Math.floor(at / of) + 1) * of
}

/** A clock on the wall of some zone. */
interface Wall {
  readonly month: number
  readonly day: number
  readonly weekday: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

function utcWall(at: number): Wall {
  const date = new Date(at)
  return {
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  }
}

function zonedWall(zone: string): (at: number) => Wall {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (at) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts
    return utcWall(Date.UTC(year, month - 1, day, hour, minute, second))
  }
}
