// A no and a start both write first and read second. In no history is anybody told "stopped" of what was or will be started.
import { describe, expect, test } from 'vitest'
import { SECOND } from '#core/durations.ts'
import { readsAsksOnce, readsRunsFirst } from './bends.ts'
import { explore } from './explore.ts'
import { beginAsked, tellTimer } from './scenes.ts'

const { setting, starts, sweeps, denies, cancels, tells } = await beginAsked({ approved: ['bob'] })
const AHEAD = 120 * SECOND

describe('a no against a start, in every history', { timeout: 60_000 }, () => {
  test('of a denial, two starters and a gate that tells', async () => {
    const processes = [denies('carol'), starts('starter'), sweeps(), tells()]
    const { breach, histories } = await explore({ ...setting, processes })
    expect(breach).toBeUndefined()
    expect(histories).toBeGreaterThan(1e12)
  })

  test('of a denial, a cancellation and a starter', async () => {
    const processes = [denies('carol'), cancels(), starts('starter')]
    const { breach, histories } = await explore({ ...setting, processes })
    expect(breach).toBeUndefined()
    expect(histories).toBeGreaterThan(1e7)
  })

  test('of a start whose owner is gone when somebody cancels after a denial', async () => {
    const processes = [denies('carol'), starts('starter'), sweeps({ after: 1, skew: AHEAD }), cancels({ after: 1 })]
    const { breach, histories } = await explore({ ...setting, processes, passes: [241 * SECOND] })
    expect(breach).toBeUndefined()
    expect(histories).toBeGreaterThan(5e10)
  })

  test('of a start that nobody needs any more, as the instance runs', async () => {
    const { setting: runs, ...people } = await beginAsked({ approved: ['bob'], status: 'Running' })
    const processes = [people.denies('carol'), people.starts('starter'), people.tells()]
    const { breach, histories } = await explore({ ...runs, processes })
    expect(breach).toBeUndefined()
    expect(histories).toBeGreaterThan(1e8)
  })

  test('of a gate that stalls for as long as it may live, and a sweep whose clock is ahead', async () => {
    // `ownerGone` has room for both, and for an attempt that lands as late as its owner may live.
    const landing = 119 * SECOND
    const processes = [starts('starter'), denies('carol', { after: 1 }), sweeps({ after: 2, skew: AHEAD })]
    const { breach, histories } = await explore({ ...setting, processes, passes: [landing, 119 * SECOND] })
    expect(breach).toBeUndefined()
    expect(histories).toBeGreaterThan(5e8)
  })

  test('of decisions and starts that land when the time is up, by clocks that are behind', async () => {
    const { setting: late, ...people } = await beginAsked({ approved: ['bob'], passed: (300 + 118) * SECOND })
    const behind = { skew: -AHEAD }
    const processes = [people.starts('starter', behind), people.denies('carol', behind), tellTimer({ after: 2 })]
    const { breach, histories } = await explore({ ...late, processes, passes: [119 * SECOND, 63 * SECOND] })
    expect(breach).toBeUndefined()
    expect(histories).toBeGreaterThan(1e8)
  })
})

describe('it notices', () => {
  test('a starter that does not read again', async () => {
    const processes = [denies('carol'), starts('starter')]
    const { breach } = await explore({ ...setting, processes, bendStarter: readsAsksOnce })
    expect(breach?.law).toBe('it was stopped, and it was started')
  })

  test('a starter that ends without an attempt, and does not read again', async () => {
    const { setting: runs, ...people } = await beginAsked({ approved: ['bob'], status: 'Running' })
    const processes = [people.denies('carol'), people.starts('starter')]
    const { breach } = await explore({ ...runs, processes, bendStarter: readsAsksOnce })
    expect(breach?.law).toBe('it was satisfied for good, and is denied')
  })

  test('a gate that reads `runs` before it puts the no', async () => {
    const processes = [denies('carol'), starts('starter')]
    const { breach } = await explore({ ...setting, processes, bendGate: readsRunsFirst })
    expect(breach?.law).toBe('it was stopped, and it was started')
  })

  test('a sweep that takes the owner of an attempt for gone too soon', async () => {
    const processes = [starts('starter'), denies('carol'), sweeps({ after: 1, skew: AHEAD })]
    const durations = { ownerGone: 30 * SECOND }
    const { breach } = await explore({ ...setting, processes, passes: [119 * SECOND], durations })
    expect(breach?.law).toBe('it was stuck for good, and is denied')
  })

  test('an expiry that is told without the grace', async () => {
    const { setting: late, starts: startsLate } = await beginAsked({ approved: ['bob'], passed: (300 + 118) * SECOND })
    const processes = [startsLate('starter', { skew: -AHEAD }), tellTimer({ after: 1 })]
    const { breach } = await explore({ ...late, processes, passes: [63 * SECOND], durations: { expiryGrace: 0 } })
    expect(breach?.law).toMatch(/^it was expired for good, and is (starting|running)/)
  })
})
