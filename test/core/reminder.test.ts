import { describe, expect, test } from 'vitest'
import { DURATIONS, HOUR, MINUTE } from '#core/durations.ts'
import { findUnreminded, isReminderDue, isTimeToRemind, remindsAt, toReminder } from '#core/reminder.ts'
import { foldStanding, type Standing } from '#core/standing.ts'
import type { AskEntry } from '#core/asks.ts'
import { parseAsks } from '#core/asks.ts'
import { approved, aPolicy, aPolicyDocument, aProposal, NOW, someAsks, someRuns } from '#support/samples.ts'

const times = (validFor: number, notBefore: number | null = null) => ({
  createdAt: NOW,
  notBefore,
  expiresAt: (notBefore ?? NOW) + validFor,
})

describe('remindsAt', () => {
  test.each([
    ['half an hour', 30 * MINUTE, 22.5 * MINUTE],
    ['two hours', 2 * HOUR, 90 * MINUTE],
    ['four hours', 4 * HOUR, 3 * HOUR],
    ['a day', 24 * HOUR, 23 * HOUR],
    ['a minute', MINUTE, MINUTE - 15_000],
    ['no round time', 10, 8],
  ])('of %s', (_name, validFor, after) => {
    expect(remindsAt(times(validFor), DURATIONS)).toBe(NOW + after)
  })

  test('counts from the time at which it may start', () => {
    const later = NOW + 3 * 24 * HOUR
    expect(remindsAt(times(2 * HOUR, later), DURATIONS)).toBe(later + 90 * MINUTE)
    // As `open` has it where there is none.
    expect(remindsAt({ ...times(2 * HOUR), notBefore: 0 }, DURATIONS)).toBe(NOW + 90 * MINUTE)
  })
})

describe('isTimeToRemind', () => {
  test.each([
    [90 * MINUTE - 1, false],
    [90 * MINUTE, true],
    [2 * HOUR - 1, true],
    [2 * HOUR, false],
  ])('%i ms after it was asked: %s', (age, is) => {
    expect(isTimeToRemind(times(2 * HOUR), NOW + age, DURATIONS)).toBe(is)
  })
})

describe('isReminderDue', () => {
  test.each([
    [-1, false],
    [0, true],
    [3 * MINUTE - 1, true],
    [3 * MINUTE, false],
    [5 * MINUTE, true],
    [6 * MINUTE, false],
    [15 * MINUTE, true],
    [16 * MINUTE, false],
    [30 * MINUTE, false],
  ])('%i ms after its time: %s', (age, due) => {
    expect(isReminderDue(times(2 * HOUR), NOW + 90 * MINUTE + age, DURATIONS)).toBe(due)
  })

  test('is not when it has expired, whatever the offsets say', () => {
    expect(isReminderDue(times(4 * HOUR), NOW + 4 * HOUR, DURATIONS)).toBe(false)
  })
})

describe('findUnreminded', () => {
  const chat = { bob: ['slack:T1/UB'], carol: ['slack:T1/UC', 'feishu:tk/ou_c'], dave: ['slack:T1/UD'] }
  const people = Object.fromEntries(
    Object.entries(aPolicyDocument()['people'] as Readonly<Record<string, object>>).map(([name, person]) => [
      name,
      { ...person, chat: chat[name as keyof typeof chat] ?? [] },
    ]),
  )
  const policy = aPolicy({
    people,
    chats: { slack: { team: 'T1', app: 'A1' }, feishu: { tenant: 'tk', app: 'cli_1' } },
  })
  const two = aProposal({ rule: { approvals: 2 } })
  const slack = (id: string) => ({ platform: 'slack', kind: 'person', id })
  const reminded = (target: string, as = 'm7'): AskEntry => ({
    type: 'posted',
    body: { upto: { asks: 1, runs: 0 }, state: 'pending', to: { [target]: as } },
  })
  const find = (asks = someAsks(two), now = NOW, by = policy) =>
    findUnreminded(by, asks, foldStanding(asks, someRuns(two, []), now, DURATIONS))

  test('approvers with a chat, each alone', () => {
    expect(find()).toEqual([slack('UB'), slack('UC')])
  })

  test('but those who have said yes', () => {
    expect(find(someAsks(two, [approved(two, 'bob')]))).toEqual([slack('UC')])
  })

  test('but those who were', () => {
    expect(find(someAsks(two, [reminded(toReminder('slack/person/UC'))]))).toEqual([slack('UB')])
    expect(find(someAsks(two, [reminded('slack/person/UC')]))).toEqual([slack('UB'), slack('UC')])
  })

  test('nobody once no yes is needed any more, or none counts', () => {
    expect(find(someAsks(two, [approved(two, 'bob'), approved(two, 'carol')]))).toEqual([])
    expect(find(someAsks(two), two.request.expiresAt)).toEqual([])
    const stopping = { state: 'stopping' } as Standing
    expect(findUnreminded(policy, someAsks(two), stopping)).toEqual([])
    expect(findUnreminded(policy, parseAsks([]), { ...stopping, state: 'pending' })).toEqual([])
  })

  test('nobody on a platform that is not connected any more', () => {
    expect(find(someAsks(two), NOW, { ...policy, chats: {} })).toEqual([])
  })
})
