// A receipt outlives the policy that it was made under: it is judged by the one that is given, at the times of the record.
import { describe, expect, it } from 'vitest'
import { publicJwk } from '#support/keys.ts'
import { aPolicy, aPolicyDocument, aProposal, approved, aRule, NOW } from '#support/samples.ts'
import { judge, wrongs } from './judge.ts'
import { aReceipt, aRunningReceipt } from './receipts.ts'

const people = aPolicyDocument()['people'] as object
const SIGNED = NOW + 60_000
const ATTEMPTED = NOW + 120_000

/** Bob signed a minute after the request was made, and the start was attempted a minute later. */
async function judgeWith(change: Readonly<Record<string, unknown>>, receipt = aRunningReceipt()): Promise<string> {
  return wrongs(await judge(receipt, aPolicy(change)))
}

function bobUntil(at: number, ...more: readonly object[]): object {
  const revoked = { ...publicJwk('bob'), until: new Date(at).toISOString() }
  return { people: { ...people, bob: { keys: [revoked, ...more] } } }
}

describe('a receipt, after a key was revoked', () => {
  it.each([
    ['right after the start', ATTEMPTED + 1],
    ['long after it', ATTEMPTED + 86_400_000],
  ])('%s, is as sound as before', async (_when, until) => {
    expect(await judgeWith({ ...bobUntil(until) })).toBe('')
  })

  it('is sound with the key that came instead beside it', async () => {
    const next = { ...publicJwk('dave'), from: new Date(ATTEMPTED + 1000).toISOString() }
    expect(await judgeWith({ ...bobUntil(ATTEMPTED + 1000, next) })).toBe('')
  })

  it('is not proven when the key was revoked before the start', async () => {
    const text = await judgeWith({ ...bobUntil(ATTEMPTED) })
    expect(text).toContain('was not allowed: it did not have enough valid approvals')
    expect(text).not.toContain('Not proven')
  })

  it('is not proven when the key was revoked before it signed', async () => {
    expect(await judgeWith({ ...bobUntil(SIGNED) })).toContain('the key was not valid then')
  })
})

describe('a receipt, after a group changed', () => {
  const rules = [aRule({ requesters: ['alice'], approvers: ['leads'] })]

  it('is judged by the members that the given policy names', async () => {
    expect(await judgeWith({ groups: { leads: ['bob', 'carol'] }, rules })).toBe('')
    expect(await judgeWith({ groups: { leads: ['carol'] }, rules })).toContain('asks for other or more approvals')
  })

  it('is judged by the groups that the given policy asks a yes of', async () => {
    const change = { groups: { leads: ['bob'], finance: ['carol', 'erin'] } }
    const both = [aRule({ requesters: ['alice'], oneOfEach: ['leads', 'finance'] })]
    const asks = ['bob', 'erin'] as const
    const twice = aRunningReceipt({ asks: asks.map((name) => approved(aProposal(), name, SIGNED + 1000)) })

    expect(await judgeWith({ ...change, rules: both }, twice)).toBe('')
    expect(await judgeWith({ ...change, rules: both })).toContain('asks for other or more approvals')
  })
})

describe('a receipt, by hours and freezes', () => {
  const hours = (from: string, to: string): object => ({ rules: [aRule({ hours: [{ days: ['mon'], from, to }] })] })
  const freeze = (until: number): object => ({
    freezes: [{ name: 'audit', from: new Date(NOW).toISOString(), until: new Date(until).toISOString() }],
  })

  // The start was attempted at 09:02 UTC on a Monday.
  it.each([
    ['outside of the hours', hours('09:03', '20:00'), 'it was outside of the hours of its rule'],
    ['in a freeze', freeze(ATTEMPTED + 1), 'it was in a freeze'],
  ])('of a start %s', async (_what, change, expected) => {
    expect(await judgeWith({ ...change })).toContain(expected)
  })

  it.each([
    ['within the hours', hours('09:02', '09:03')],
    ['just after a freeze', freeze(ATTEMPTED)],
  ])('of a start %s', async (_what, change) => {
    expect(await judgeWith({ ...change })).toBe('')
  })
})

describe('a receipt of a request that has not ended', () => {
  it('waits for the hours that the given policy has', async () => {
    const proposal = aProposal()
    const receipt = aReceipt({ asks: [approved(proposal, 'bob', SIGNED + 1000)] })
    const rules = [aRule({ hours: [{ days: ['mon'], from: '10:00', to: '12:00' }] })]
    const now = ATTEMPTED

    expect((await judge(receipt, aPolicy(), { now })).outcome).toMatchObject({ state: 'ready' })
    expect((await judge(receipt, aPolicy({ rules }), { now })).outcome).toEqual({
      state: 'waiting',
      headline: 'Approved; it will be started at 2026-11-23 10:00:00 UTC.',
    })
  })
})
