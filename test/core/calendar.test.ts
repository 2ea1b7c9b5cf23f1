import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Freeze, Hours } from '#core/calendar-form.ts'
import { opensAt, sayInstantIn, whyClosed, type Calendar } from '#core/calendar.ts'
import { DAY, HOUR, MINUTE } from '#core/durations.ts'
import { aPolicy, aRule, NOW } from '#support/samples.ts'

const EVERY_DAY: Hours['days'] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const WORKDAYS: Hours['days'] = ['mon', 'tue', 'wed', 'thu', 'fri']
const SHANGHAI: Calendar = { timeZone: 'Asia/Shanghai', freezes: [] }

/** `'08:00-20:00'` of each of the days. */
function hours(text: string, days = EVERY_DAY): readonly Hours[] {
  const [from = 0, to = 0] = text.split('-').map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)))
  return [{ days, from, to }]
}

function opening(calendar: Calendar, open: readonly Hours[] | undefined, from: string): string | undefined {
  const at = opensAt(calendar, { name: 'workers', hours: open }, Date.parse(from))
  return at === undefined ? undefined : new Date(at).toISOString().replace('.000Z', 'Z')
}

function freeze(from: string, until: string, rules?: string[]): Freeze {
  return { name: 'year-end', from: Date.parse(from), until: Date.parse(until), rules }
}

describe('opensAt, by hours', () => {
  test('without hours it is at once, to the millisecond', () => {
    expect(opensAt(SHANGHAI, { name: 'workers' }, NOW + 7)).toBe(NOW + 7)
  })

  // 2026-11-23 is a Monday; Shanghai is eight hours ahead.
  test.each([
    ['inside, it is at once', '2026-11-23T04:00:00.123Z', '2026-11-23T04:00:00.123Z'],
    ['at the first instant', '2026-11-23T00:00:00Z', '2026-11-23T00:00:00Z'],
    ['before it, at its beginning', '2026-11-22T23:59:59.999Z', '2026-11-23T00:00:00Z'],
    ['at the end it is closed until the next morning', '2026-11-23T12:00:00Z', '2026-11-24T00:00:00Z'],
    ['over a weekend', '2026-11-27T12:00:00Z', '2026-11-30T00:00:00Z'],
  ])('%s', (_what, from, expected) => {
    expect(opening(SHANGHAI, hours('08:00-20:00', WORKDAYS), from)).toBe(expected)
  })

  test('of several hours the next', () => {
    const both = [...hours('08:00-09:07', ['mon']), ...hours('13:38-14:00', ['mon'])]

    expect(opening(SHANGHAI, both, '2026-11-23T01:07:00Z')).toBe('2026-11-23T05:38:00Z')
    expect(opening(SHANGHAI, both, '2026-11-23T06:00:00Z')).toBe('2026-11-30T00:00:00Z')
  })

  test('two entries make a night', () => {
    const night = [...hours('22:00-24:00'), ...hours('00:00-06:00')]

    expect(opening(SHANGHAI, night, '2026-11-23T13:59:00Z')).toBe('2026-11-23T14:00:00Z')
    expect(opening(SHANGHAI, night, '2026-11-23T16:00:00Z')).toBe('2026-11-23T16:00:00Z')
    expect(opening(SHANGHAI, night, '2026-11-23T22:00:00Z')).toBe('2026-11-24T14:00:00Z')
  })

  test('hours that begin nowhere in thirty days are none', () => {
    expect(opening(SHANGHAI, [{ days: ['mon'], from: 600, to: 600 }], '2026-11-23T00:00:00Z')).toBeUndefined()
  })
})

describe('opensAt, where clocks are changed', () => {
  const zone = (timeZone: string): Calendar => ({ timeZone, freezes: [] })

  test.each([
    // Berlin, 2027-03-28: at 02:00 the clocks show 03:00.
    ['Europe/Berlin', '08:00-20:00', '2027-03-27T19:00:00Z', '2027-03-28T06:00:00Z'],
    ['Europe/Berlin', '02:30-05:00', '2027-03-28T00:00:00Z', '2027-03-28T01:00:00Z'],
    ['Europe/Berlin', '02:00-03:00', '2027-03-28T00:00:00Z', '2027-03-29T00:00:00Z'],
    // Berlin, 2026-10-25: at 03:00 the clocks show 02:00 once more.
    ['Europe/Berlin', '08:00-20:00', '2026-10-24T18:00:00Z', '2026-10-25T07:00:00Z'],
    ['Europe/Berlin', '01:00-02:30', '2026-10-25T00:30:00Z', '2026-10-25T01:00:00Z'],
    ['Europe/Berlin', '02:40-05:00', '2026-10-25T01:00:00Z', '2026-10-25T01:40:00Z'],
    // Half an hour, and half an hour with a change.
    ['Asia/Kolkata', '08:00-20:00', '2026-11-23T00:00:00Z', '2026-11-23T02:30:00Z'],
    ['America/St_Johns', '08:00-20:00', '2027-03-13T23:45:00Z', '2027-03-14T10:30:00Z'],
    ['America/St_Johns', '08:00-20:00', '2026-10-31T23:00:00Z', '2026-11-01T11:30:00Z'],
    // Half an hour is what the change itself is here: 2027-04-04, at 02:00 the clocks show 01:30 once more.
    ['Australia/Lord_Howe', '01:30-01:45', '2027-04-03T14:50:00Z', '2027-04-03T15:00:00Z'],
  ])('%s, %s, from %s: %s', (timeZone, open, from, expected) => {
    expect(opening(zone(timeZone), hours(open), from)).toBe(expected)
  })

  test('is the first minute that is open, in whatever zone and at whatever time', () => {
    const zones = fc.constantFrom('Europe/Berlin', 'Asia/Kolkata', 'America/St_Johns', 'Asia/Shanghai', 'UTC')
    const entry = fc.record({
      days: fc.subarray<Hours['days'][number]>(EVERY_DAY, { minLength: 1 }),
      from: fc.integer({ min: 0, max: 1439 }),
      to: fc.integer({ min: 1, max: 1440 }),
    })
    const from = fc.date({
      min: new Date('2026-01-01T00:00:00Z'),
      max: new Date('2027-12-31T00:00:00Z'),
      noInvalidDate: true,
    })

    fc.assert(
      fc.property(zones, fc.array(entry, { minLength: 1, maxLength: 3 }), from, (timeZone, open, date) => {
        const rule = { name: 'workers', hours: open }
        const at = Math.floor(date.getTime() / MINUTE) * MINUTE
        const opens = opensAt(zone(timeZone), rule, at)
        const minutes = Array.from({ length: 26 * 60 }, (_, n) => at + n * MINUTE)
        const first = minutes.find((each) => whyClosed(zone(timeZone), rule, each) === undefined)
        expect(opens !== undefined && opens < at + 26 * HOUR ? opens : undefined).toBe(first)
      }),
      { numRuns: 15 },
    )
  })
})

describe('opensAt, by freezes', () => {
  const frozen: Calendar = {
    timeZone: 'Asia/Shanghai',
    freezes: [
      freeze('2026-12-24T00:00:00+08:00', '2027-01-02T00:00:00+08:00'),
      freeze('2027-01-01T00:00:00+08:00', '2027-01-04T10:30:00+08:00', ['workers']),
    ],
  }

  test('opens when the last of those that meet is over', () => {
    expect(opening(frozen, undefined, '2026-12-23T16:00:00Z')).toBe('2027-01-04T02:30:00Z')
    expect(opening(frozen, undefined, '2026-12-23T15:59:59.999Z')).toBe('2026-12-23T15:59:59.999Z')
  })

  test('one that names other rules is not about this one', () => {
    expect(opensAt(frozen, { name: 'others' }, Date.parse('2026-12-31T00:00:00Z'))).toBe(
      Date.parse('2027-01-01T16:00:00Z'),
    )
  })

  test('the hours count when it is over', () => {
    expect(opening(frozen, hours('08:00-10:00'), '2026-12-25T00:00:00Z')).toBe('2027-01-05T00:00:00Z')
  })

  test('what does not open in thirty days does not open', () => {
    const [from, days30] = [NOW, NOW + 30 * DAY]
    const until = (end: number): Calendar => ({ ...SHANGHAI, freezes: [{ name: 'long', from, until: end }] })

    expect(opensAt(until(days30), { name: 'workers' }, NOW)).toBe(days30)
    expect(opensAt(until(days30 + 1), { name: 'workers' }, NOW)).toBeUndefined()
  })
})

test('whatever opens while a request may be good is found', () => {
  const validFor = aPolicy({ rules: [aRule({ validFor: '30d' })] }).rules[0]?.validFor ?? expect.fail()
  const lastMoment = NOW + validFor - 1

  expect(
    opensAt({ ...SHANGHAI, freezes: [{ name: 'long', from: NOW, until: lastMoment }] }, { name: 'workers' }, NOW),
  ).toBe(lastMoment)
})

describe('whyClosed', () => {
  const calendar: Calendar = { ...SHANGHAI, freezes: [{ name: 'audit', from: NOW, until: NOW + HOUR }] }

  // 2026-11-23T09:00Z is 17:00 on a Monday in Shanghai.
  test.each([
    ['nothing, before the freeze', '08:00-20:00', NOW - 1, undefined],
    ['the freeze', '08:00-20:00', NOW, 'freeze'],
    ['the freeze, whatever the hours', '08:00-16:00', NOW + HOUR - 1, 'freeze'],
    ['the hours, after it', '08:00-18:00', NOW + HOUR, 'hours'],
    ['nothing, after it', '08:00-18:01', NOW + HOUR, undefined],
  ])('%s', (_what, open, at, why) => {
    expect(whyClosed(calendar, { name: 'workers', hours: hours(open) }, at)).toBe(why)
  })

  test('a rule without hours has no hours to be outside of', () => {
    expect(whyClosed(SHANGHAI, { name: 'workers' }, NOW)).toBeUndefined()
  })
})

test.each([
  ['Asia/Shanghai', '2026-11-23T16:51:59Z', '2026-11-24 00:51 Asia/Shanghai'],
  ['UTC', '2026-01-02T00:00:00Z', '2026-01-02 00:00 UTC'],
  ['America/New_York', '2026-07-01T03:07:00Z', '2026-06-30 23:07 America/New_York'],
])('the clocks on the wall in %s show %s as %s', (timeZone, at, said) => {
  expect(sayInstantIn({ timeZone })(Date.parse(at))).toBe(said)
})

describe('the calendar of a policy', () => {
  test('is read as it is written', () => {
    const policy = aPolicy({
      timeZone: 'Asia/Shanghai',
      freezes: [{ name: 'year-end', from: '2026-12-24T00:00:00+08:00', until: '2027-01-02T00:00:00+08:00' }],
      rules: [aRule({ hours: [{ days: ['mon', 'fri'], from: '08:07', to: '24:00' }] })],
    })

    expect(policy.rules[0]?.hours).toEqual([{ days: ['mon', 'fri'], from: 487, to: 1440 }])
    expect(policy.freezes).toEqual([freeze('2026-12-24T00:00:00+08:00', '2027-01-02T00:00:00+08:00')])
  })

  test('is UTC and always open, unless it says otherwise', () => {
    expect(aPolicy()).toMatchObject({ timeZone: 'UTC', freezes: [] })
  })
})
