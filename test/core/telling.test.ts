import { describe, expect, test } from 'vitest'
import type { AskEntry, Asks } from '#core/asks.ts'
import { DAY, DURATIONS, HOUR, MINUTE } from '#core/durations.ts'
import type { Standing, State } from '#core/standing.ts'
import {
  findHeard,
  findNews,
  findUntold,
  isTellingDue,
  isTellingOver,
  isWorthALook,
  numberOf,
  type News,
} from '#core/telling.ts'
import { accepted, approved, aProposal, attempted, NOW, someAsks, someRuns } from '#support/samples.ts'

const PROPOSAL = aProposal()
const YES = approved(PROPOSAL, 'bob', NOW + 1000)

function posted(
  upto: { readonly asks: number; readonly runs: number },
  state: State,
  ...to: readonly string[]
): AskEntry {
  return { type: 'posted', body: { upto, state, to: Object.fromEntries(to.map((each) => [each, 'delivered'])) } }
}

function standing(state: State, final = false, since = NOW): Standing {
  const head = { n: 0, hash: '' }
  return { state, final, since, startsFrom: 0, heads: { asks: head, runs: head } }
}

describe('findNews', () => {
  const asks = someAsks(PROPOSAL, [YES, { ...posted({ asks: 2, runs: 0 }, 'ready', 'log'), at: NOW + 9000 }])
  const none = someRuns(PROPOSAL, [])

  test('goes up to the last thing that people would want to know, and not to what they were told', () => {
    expect(findNews(asks, none, standing('ready'))).toEqual({
      upto: { asks: 2, runs: 0 },
      state: 'ready',
      final: false,
      changedAt: NOW + 1000,
    })
  })

  test('the last of many is the one that counts', () => {
    const many = someAsks(PROPOSAL, [
      YES,
      approved(PROPOSAL, 'carol', NOW + 2000),
      approved(PROPOSAL, 'erin', NOW + 4000),
    ])

    expect(findNews(many, none, standing('ready'))).toMatchObject({
      upto: { asks: 4, runs: 0 },
      changedAt: NOW + 4000,
    })
  })

  test('counts what the starter did', () => {
    const runs = someRuns(PROPOSAL, [attempted(PROPOSAL, NOW + 2000), accepted(NOW + 3000)])

    expect(findNews(asks, runs, standing('starting'))).toMatchObject({
      upto: { asks: 2, runs: 2 },
      changedAt: NOW + 3000,
    })
  })

  test('an end that time made changed at that time', () => {
    expect(findNews(asks, none, standing('expired', true, NOW + HOUR))).toMatchObject({ changedAt: NOW + HOUR })
    expect(findNews(asks, none, standing('ready', false, NOW + HOUR))).toMatchObject({ changedAt: NOW + 1000 })
  })

  test('an end that rows made after its own beginning changed with the last row', () => {
    const runs = someRuns(PROPOSAL, [accepted(NOW + 3000)])

    expect(findNews(asks, runs, standing('denied', true, NOW))).toMatchObject({ changedAt: NOW + 3000 })
  })

  test('of an empty stream there is none', () => {
    const empty: Asks = { ...asks, rows: [] }

    expect(findNews(empty, none, standing('pending'))).toMatchObject({ upto: { asks: 0, runs: 0 }, changedAt: 0 })
  })
})

describe('numberOf', () => {
  test.each([
    [1, 0, false, 1],
    [1, 0, true, 2],
    [3, 2, false, 5],
    [3, 3, true, 7],
  ])('of news up to row %i of asks and %i of runs, an end: %s', (asks, runs, final, number) => {
    expect(numberOf({ upto: { asks, runs }, final })).toBe(number)
  })
})

describe('findHeard', () => {
  const nothing = { upto: { asks: 0, runs: 0 }, state: '' }

  test('is the telling that knew the most, of two that knew as much the later', () => {
    const asks = someAsks(PROPOSAL, [
      posted({ asks: 1, runs: 2 }, 'starting', 'ops-room'),
      posted({ asks: 2, runs: 1 }, 'ready', 'ops-room'),
      posted({ asks: 1, runs: 0 }, 'pending', 'ops-room'),
      posted({ asks: 4, runs: 4 }, 'running', 'log'),
    ])

    expect(findHeard(asks, 'ops-room')).toMatchObject({ upto: { asks: 2, runs: 1 }, state: 'ready' })
  })

  test('is nothing for whom no telling names', () => {
    expect(findHeard(someAsks(PROPOSAL, [YES]), 'log')).toEqual(nothing)
    expect(findHeard(someAsks(PROPOSAL, [posted({ asks: 1, runs: 0 }, 'pending', 'log')]), 'toString')).toEqual(nothing)
  })
})

describe('findUntold', () => {
  const news = (change: Partial<News> = {}): News => ({
    upto: { asks: 2, runs: 1 },
    state: 'starting',
    final: false,
    changedAt: NOW,
    ...change,
  })
  const told = (...posts: readonly AskEntry[]): Asks => someAsks(PROPOSAL, [YES, ...posts])

  test('at first nobody was told', () => {
    expect(findUntold(told(), news(), ['log', 'ops-room'])).toEqual(['log', 'ops-room'])
  })

  test('whoever was told up to here is left out', () => {
    expect(findUntold(told(posted({ asks: 2, runs: 1 }, 'starting', 'log')), news(), ['log', 'ops-room'])).toEqual([
      'ops-room',
    ])
  })

  test('several tellings together tell everybody', () => {
    const asks = told(
      posted({ asks: 2, runs: 1 }, 'starting', 'log'),
      posted({ asks: 3, runs: 2 }, 'running', 'ops-room'),
    )

    expect(findUntold(asks, news(), ['log', 'ops-room'])).toEqual([])
  })

  test.each([
    ['asks', { asks: 1, runs: 1 }],
    ['runs', { asks: 2, runs: 0 }],
  ])('one who was told less of %s is to be told', (_book, upto) => {
    expect(findUntold(told(posted(upto, 'ready', 'log')), news(), ['log'])).toEqual(['log'])
  })

  test('one who was given up counts as told', () => {
    const post: AskEntry = {
      type: 'posted',
      body: { upto: { asks: 2, runs: 1 }, state: 'starting', to: { log: 'gave_up' } },
    }

    expect(findUntold(told(post), news(), ['log'])).toEqual([])
  })

  test('a state that time alone made is news when it is the end', () => {
    const asks = told(posted({ asks: 2, runs: 0 }, 'ready', 'log'))
    const expired = news({ upto: { asks: 2, runs: 0 }, state: 'expired', final: true })

    expect(findUntold(asks, expired, ['log'])).toEqual(['log'])
    expect(findUntold(asks, { ...expired, state: 'expiring', final: false }, ['log'])).toEqual([])
    expect(findUntold(told(posted({ asks: 2, runs: 0 }, 'expired', 'log')), expired, ['log'])).toEqual([])
  })

  test('a target by a name that every object has was not told', () => {
    expect(findUntold(told(posted({ asks: 2, runs: 1 }, 'starting')), news(), ['toString'])).toEqual(['toString'])
  })
})

describe('isTellingDue', () => {
  test.each([
    [0, false],
    [MINUTE - 1, false],
    [MINUTE, true],
    [5 * MINUTE - 1, true],
    [5 * MINUTE, true],
    [8 * MINUTE - 1, true],
    [8 * MINUTE, false],
    [15 * MINUTE, true],
    [18 * MINUTE, false],
    [HOUR, true],
    [HOUR + 3 * MINUTE, false],
    [3 * HOUR, true],
    [8 * HOUR, true],
    [DAY - 1, false],
    [DAY, true],
    [5 * DAY, true],
  ])('%i ms after the change: %s', (age, due) => {
    expect(isTellingDue(NOW, NOW + age, DURATIONS)).toBe(due)
  })

  test('gates that take turns every tick, their clocks two minutes apart, miss no offset', () => {
    for (const offset of DURATIONS.tellAgain) {
      const ticks = Array.from({ length: 6 }, (_, tick) => NOW + offset + (tick - 2) * MINUTE + 123)
      const clocks = ticks.map((now, tick) => now + (tick % 2) * DURATIONS.clockSkew)
      expect(clocks.some((now) => isTellingDue(NOW, now, DURATIONS))).toBe(true)
    }
  })
})

describe('isWorthALook', () => {
  test.each([
    [0, true],
    [MINUTE, true],
    [3 * MINUTE, false],
    [5 * MINUTE, true],
    [14 * MINUTE, false],
    [2 * HOUR, true],
    [2 * HOUR + MINUTE, false],
    [5 * DAY + 15 * MINUTE, true],
    [5 * DAY + 16 * MINUTE, false],
  ])('%i ms after: %s', (age, worth) => {
    // No round time: the quarters are counted from it, not from the hour.
    const at = NOW + 4 * MINUTE
    expect(isWorthALook(at, at + age, DURATIONS)).toBe(worth)
  })
})

describe('isTellingOver', () => {
  test.each([
    [DAY - 1, false],
    [DAY, true],
  ])('%i ms after the change: %s', (age, over) => {
    expect(isTellingOver(NOW, NOW + age, DURATIONS)).toBe(over)
  })
})
