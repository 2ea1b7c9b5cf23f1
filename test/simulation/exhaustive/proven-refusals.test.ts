// A further start follows only an answer that proves that the last did nothing. In no history are two sent that could have
// had an effect, whatever became of each and whoever died.
import { describe, expect, test } from 'vitest'
import { SECOND } from '#core/durations.ts'
import { startsAlways, takesLostForNotSent } from './bends.ts'
import { explore } from './explore.ts'
import type { Fate } from './ports.ts'
import { beginAsked } from './scenes.ts'

const { setting, starts, sweeps, denies } = await beginAsked({ approved: ['bob'] })
const FATES: readonly Fate[] = ['answered', 'throttled', 'not_sent', 'lost', 'on_its_way', 'unsettled']
/** A rate limit is waited out for a minute. */
const passes = [61 * SECOND]

describe('starts that may be refused, in every history', { timeout: 60_000 }, () => {
  test('of two starters at once, and a sweep when a refusal has been waited out', async () => {
    const processes = [starts('one'), starts('other'), sweeps({ after: 1 })]
    const { breach, histories } = await explore({
      ...setting,
      processes,
      passes,
      fates: ['answered', 'throttled', 'lost'],
    })
    expect(breach).toBeUndefined()
    expect(histories).toBeGreaterThan(5e9)
  })

  test('of two starters at once when a refusal has been waited out, whatever becomes of a start', async () => {
    const processes = [starts('first'), starts('one', { after: 1 }), sweeps({ after: 1 })]
    const { breach, histories } = await explore({ ...setting, processes, passes, fates: FATES })
    expect(breach).toBeUndefined()
    expect(histories).toBeGreaterThan(2e8)
  })

  test('of a denial between two attempts', async () => {
    const processes = [starts('starter'), denies('carol', { after: 1 }), sweeps({ after: 1 })]
    const { breach, histories } = await explore({ ...setting, processes, passes, fates: FATES })
    expect(breach).toBeUndefined()
    expect(histories).toBeGreaterThan(1e7)
  })
})

describe('it notices', () => {
  test('an unclear answer that passes for a connection that was never opened', async () => {
    const processes = [starts('one'), starts('other', { after: 1 })]
    const model = { ...setting, processes, passes, fates: ['on_its_way'] as const }
    const { breach } = await explore({ ...model, bendStarter: takesLostForNotSent })
    expect(breach?.law).toMatch(/^it was started, and is said to be|^a start was sent after one/)
  })

  test('a starter whose puts have no condition', async () => {
    const processes = [starts('one'), starts('other')]
    const { breach } = await explore({ ...setting, processes, bendStarter: startsAlways })
    expect(breach?.law).toMatch(/^a row does not belong|^a start was sent after one/)
  })
})
