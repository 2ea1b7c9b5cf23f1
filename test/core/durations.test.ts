import { describe, expect, test } from 'vitest'
import { durationFaults, DURATIONS, MINUTE, scaleDurations, SECOND, type Durations } from '#core/durations.ts'

describe('durationFaults', () => {
  test('finds nothing wrong with the table, nor with it twenty times faster', () => {
    expect(durationFaults(DURATIONS)).toEqual([])
    expect(durationFaults(scaleDurations(DURATIONS, 20))).toEqual([])
  })

  test.each<[Partial<Durations>, string]>([
    [{ startTimeout: 50 * SECOND }, 'startTimeout must be less than startDeadline'],
    [{ lookTimeout: 50 * SECOND }, 'lookTimeout must be less than startDeadline'],
    [{ recordTimeout: 50 * SECOND }, 'recordTimeout must be less than startDeadline'],
    [{ lookAgain: 80 * SECOND }, 'lookAgain must be less than sweepLast'],
    [{ sweepLast: 2 * MINUTE }, 'sweepLast must be less than functionTimeout'],
    [{ ownerGone: 4 * MINUTE - 1 }, 'ownerGone must be at least clockSkew + functionTimeout'],
    [{ stillStopped: 30 * MINUTE }, 'stillStopped must be less than giveUpLooking'],
    [{ expiryGrace: 4 * MINUTE }, 'expiryGrace must be more than clockSkew + functionTimeout'],
    [{ follow: 70 * SECOND }, 'startDeadline + follow must be less than functionTimeout'],
  ])('finds %o', (change, fault) => {
    expect(durationFaults({ ...DURATIONS, ...change })).toEqual([fault])
  })

  test.each<[Partial<Durations>, string]>([
    [{ startDeadline: 2 * MINUTE }, 'startDeadline must be less than functionTimeout'],
    [{ follow: 2 * MINUTE }, 'follow must be less than functionTimeout'],
  ])('finds %o, and what follows from it', (change, fault) => {
    expect(durationFaults({ ...DURATIONS, ...change })).toContain(fault)
  })

  test.each<[keyof Durations, number]>([
    ['startTimeout', 50 * SECOND - 1],
    ['lookTimeout', 50 * SECOND - 1],
    ['recordTimeout', 50 * SECOND - 1],
    ['lookAgain', 80 * SECOND - 1],
    ['sweepLast', 2 * MINUTE - 1],
    ['ownerGone', 4 * MINUTE],
    ['stillStopped', 30 * MINUTE - 1],
    ['expiryGrace', 4 * MINUTE + 1],
    ['follow', 70 * SECOND - 1],
  ])('%s may be %i', (name, value) => {
    expect(durationFaults({ ...DURATIONS, [name]: value })).toEqual([])
  })
})

describe('scaleDurations', () => {
  test('divides every length, those in a list too', () => {
    const scaled = scaleDurations(DURATIONS, 20)

    expect(Object.keys(scaled)).toEqual(Object.keys(DURATIONS))
    expect(scaled.startTimeout).toBe(2300)
    expect(scaled.functionTimeout).toBe(6000)
    expect(scaled.tellAgain.slice(0, 3)).toEqual([3000, 6000, 15_000])
    expect(scaled.tellAgain).toHaveLength(DURATIONS.tellAgain.length)
  })

  test('bounds of single calls stay above a second, where a busy machine would look like a broken service', () => {
    const { recordTimeout, lookTimeout, deliverTimeout, attemptedToCall } = scaleDurations(DURATIONS, 20)

    expect({ recordTimeout, lookTimeout, deliverTimeout, attemptedToCall }).toEqual({
      recordTimeout: SECOND,
      lookTimeout: SECOND,
      deliverTimeout: SECOND,
      attemptedToCall: SECOND,
    })
    expect(scaleDurations(DURATIONS, 2).recordTimeout).toBe(2500)
  })

  test('leaves the bounds of single calls a second at least', () => {
    const { recordTimeout, lookTimeout, deliverTimeout, attemptedToCall } = scaleDurations(DURATIONS, 20)

    expect({ recordTimeout, lookTimeout, deliverTimeout, attemptedToCall }).toEqual({
      recordTimeout: SECOND,
      lookTimeout: SECOND,
      deliverTimeout: SECOND,
      attemptedToCall: SECOND,
    })
    expect(scaleDurations(DURATIONS, 2).recordTimeout).toBe(2500)
  })

  test('a chat is answered in time at any pace', () => {
    expect(scaleDurations(DURATIONS, 20).handOnTimeout).toBe(SECOND)
    expect(DURATIONS.handOnTimeout).toBeLessThan(2 * SECOND)
  })

  test('at 1 nothing changes', () => {
    expect(scaleDurations(DURATIONS, 1)).toEqual(DURATIONS)
  })
})
