// How the policy writes hours, freeze windows and its time zone.
import { DAYS } from './calendar.ts'
import { nameSchema } from './words.ts'
import * as z from './zod.ts'

export const timeZoneSchema = z.string().check(
  z.regex(/^[A-Z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/, {
    error: 'a time zone looks like Asia/Shanghai',
    abort: true,
  }),
  z.refine(isTimeZone, { error: 'no time zone of this name is known', abort: true }),
  z.refine((name) => name === 'UTC' || name.includes('/'), {
    error: ({ input }) => `${String(input)} is ${resolveZone(String(input))} here, and may be meant for another`,
  }),
)

const clockTime = (latest: RegExp, message: string) =>
  z.pipe(
    z.string().check(z.regex(latest, message)),
    z.transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))),
  )

export const hoursSchema = z.strictObject({
  days: z.array(z.enum(DAYS)).check(z.minLength(1), z.describe('The days of the week.')),
  from: clockTime(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, 'a time of day looks like 08:00').check(
    z.describe('Open from here on.'),
  ),
  to: clockTime(/^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$/, 'a time of day looks like 20:00, the latest is 24:00').check(
    z.describe('Closed from here on; 24:00 is the end of the day.'),
  ),
})
/** `from` and `to` in minutes of the day. */
export type Hours = z.infer<typeof hoursSchema>

const instant = z.pipe(
  z.iso.datetime({ offset: true }),
  z.transform((text) => Date.parse(text)),
)

export const freezeSchema = z.strictObject({
  name: nameSchema.check(z.describe('What people know it by.')),
  from: instant.check(
    z.describe('Nothing is started from here on: an instant with its offset, 2026-12-24T00:00:00+08:00.'),
  ),
  until: instant.check(z.describe('The first instant after it.')),
  rules: z
    .optional(z.array(nameSchema).check(z.minLength(1)))
    .check(z.describe('The rules that it closes; all of them when left out.')),
})
/** Epoch ms. */
export type Freeze = z.infer<typeof freezeSchema>

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
