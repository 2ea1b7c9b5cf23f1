// Hours and freezes in the fold: what is approved waits for them, and nothing that is final depends on them.
import { describe, expect, test } from 'vitest'
import type { Asks } from '#core/asks.ts'
import { DURATIONS, HOUR, MINUTE } from '#core/durations.ts'
import { foldStanding } from '#core/standing.ts'
import {
  accepted,
  approved,
  aProposal,
  attempted,
  cancelled,
  EXPIRES,
  NOW,
  someAsks,
  someRuns,
  stopped,
} from '#support/samples.ts'

const PROPOSAL = aProposal()
const OPENS = NOW + HOUR
const APPROVED = someAsks(PROPOSAL, [approved(PROPOSAL, 'bob', NOW + 1000)])
const NO_RUNS = someRuns(PROPOSAL, [])

type Opening = (from: number) => number | undefined
const fromOpening: Opening = (from) => Math.max(from, OPENS)

function stand(asks: Asks, now: number, opening: Opening = fromOpening, runs = NO_RUNS): object {
  const { state, since, startsFrom } = foldStanding(asks, runs, now, DURATIONS, opening)
  return { state, since, startsFrom }
}

describe('foldStanding, with an opening', () => {
  test('what is approved waits for it, and is ready since then', () => {
    expect(stand(APPROVED, OPENS - 1)).toEqual({ state: 'waiting', since: NOW + 1000, startsFrom: OPENS })
    expect(stand(APPROVED, OPENS)).toEqual({ state: 'ready', since: OPENS, startsFrom: 0 })
    expect(stand(APPROVED, OPENS + MINUTE)).toEqual({ state: 'ready', since: OPENS, startsFrom: 0 })
  })

  test('people who have not decided yet see when it would start', () => {
    expect(stand(someAsks(PROPOSAL), NOW + MINUTE)).toEqual({ state: 'pending', since: NOW, startsFrom: OPENS })
  })

  test('without one it may start at any time', () => {
    expect(foldStanding(APPROVED, NO_RUNS, NOW + MINUTE, DURATIONS)).toMatchObject({ state: 'ready', startsFrom: 0 })
  })

  test.each([
    ['the time that was asked for, if it is later', NOW + 90 * MINUTE, NOW + 90 * MINUTE],
    ['the opening, if that is later', NOW + 30 * MINUTE, OPENS],
  ])('starts from %s', (_what, notBefore, startsFrom) => {
    const later = aProposal({ request: { notBefore } })
    const asks = someAsks(later, [approved(later, 'bob', NOW + 1000)])

    expect(stand(asks, NOW + MINUTE)).toMatchObject({ state: 'waiting', startsFrom })
    expect(stand(asks, startsFrom)).toMatchObject({ state: 'ready', since: startsFrom })
  })

  test('the pause after a refusal may end outside of the hours', () => {
    const again = { do: 'again', at: NOW + 30 * MINUTE } as const
    const refused = { type: 'refused', body: { answer: { code: 'Throttling' }, next: again }, at: NOW + 5000 } as const
    const runs = someRuns(PROPOSAL, [attempted(PROPOSAL, NOW + 3000), refused])

    expect(stand(APPROVED, NOW + 31 * MINUTE, fromOpening, runs)).toMatchObject({ state: 'waiting', startsFrom: OPENS })
    expect(stand(APPROVED, OPENS + 1, fromOpening, runs)).toMatchObject({ state: 'ready', since: OPENS })
  })

  test('a freeze that comes while it is ready makes it wait again', () => {
    const frozen: Opening = (from) => (from < NOW + MINUTE ? from : Math.max(from, OPENS))

    expect(stand(APPROVED, NOW + 2000, frozen)).toMatchObject({ state: 'ready', since: NOW + 1000 })
    expect(stand(APPROVED, NOW + MINUTE, frozen)).toMatchObject({ state: 'waiting', startsFrom: OPENS })
  })

  test('what never opens is not started before it expires', () => {
    expect(stand(APPROVED, NOW + MINUTE, () => undefined)).toMatchObject({ state: 'waiting', startsFrom: EXPIRES })
  })

  test('what opened longer ago than one can tell is ready since now', () => {
    const late: Opening = (from) => (from < NOW + MINUTE ? undefined : from)

    expect(stand(APPROVED, NOW + MINUTE, late)).toEqual({ state: 'ready', since: NOW + MINUTE, startsFrom: 0 })
  })

  test.each<[string, Asks, number, typeof NO_RUNS, string]>([
    ['stopped', someAsks(PROPOSAL, [cancelled('alice', NOW + 2000), stopped()]), NOW + MINUTE, NO_RUNS, 'cancelled'],
    ['stopping', someAsks(PROPOSAL, [cancelled('alice', NOW + 2000)]), NOW + MINUTE, NO_RUNS, 'stopping'],
    ['expiring', APPROVED, EXPIRES, NO_RUNS, 'expiring'],
    ['expired', APPROVED, EXPIRES + HOUR, NO_RUNS, 'expired'],
    [
      'under way',
      APPROVED,
      NOW + MINUTE,
      someRuns(PROPOSAL, [attempted(PROPOSAL, NOW + 3000), accepted()]),
      'starting',
    ],
  ])('what is %s asks for no opening', (_what, asks, now, runs, state) => {
    const asked: Opening = () => {
      throw new Error('asked for the opening')
    }

    expect(stand(asks, now, asked, runs)).toMatchObject({ state, startsFrom: 0 })
  })
})

describe('foldStanding, with groups', () => {
  const oneOfEach = [
    { group: 'leads', approvers: ['bob'] },
    { group: 'finance', approvers: ['carol', 'erin'] },
  ]
  const proposal = aProposal({ rule: { oneOfEach } })
  const stateOf = (...holders: readonly ('bob' | 'carol' | 'erin')[]): unknown =>
    foldStanding(
      someAsks(
        proposal,
        holders.map((holder) => approved(proposal, holder)),
      ),
      someRuns(proposal, []),
      NOW + MINUTE,
      DURATIONS,
    ).state

  test('is pending while a group is missing', () => {
    expect(stateOf()).toBe('pending')
    expect(stateOf('bob')).toBe('pending')
    expect(stateOf('carol', 'erin')).toBe('pending')
    expect(stateOf('bob', 'erin')).toBe('ready')
  })
})
