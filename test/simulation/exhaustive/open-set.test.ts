// The timers find work only by the open set. In no history does a request leave it before it is final and told, nor is an
// approved one kept from the sweep.
import { describe, expect, test } from 'vitest'
import { MINUTE } from '#core/durations.ts'
import { raisesLate, removesRenewed, removesUntold } from './bends.ts'
import { explore } from './explore.ts'
import { asks, beginAsked, beginHalfAsked, tellTimer } from './scenes.ts'

const { setting, approves, starts, denies, cancels, tells } = await beginAsked()

describe('removal from the open set, in every history', { timeout: 60_000 }, () => {
  test('of an approval, a cancellation, a start and a gate that tells', async () => {
    const processes = [approves('bob'), cancels(), starts('starter'), tells()]
    const { breach, histories } = await explore({ ...setting, processes })
    expect(breach).toBeUndefined()
    expect(histories).toBeGreaterThan(1e10)
  })

  test('of an ask that is repeated while its request is denied and told', async () => {
    const processes = [asks('alice asks again'), denies('carol'), tells()]
    const { breach, histories } = await explore({ ...setting, processes })
    expect(breach).toBeUndefined()
    expect(histories).toBeGreaterThan(1e6)
  })

  test('of two repeats of an ask that died, and the timer that clears it away', async () => {
    const half = await beginHalfAsked(11 * MINUTE)
    const processes = [asks('one repeat'), asks('another'), tellTimer()]
    const { breach, histories } = await explore({ ...half.setting, processes })
    expect(breach).toBeUndefined()
    expect(histories).toBeGreaterThan(5e5)
  })
})

describe('it notices', () => {
  test('a timer that removes what somebody has renewed', async () => {
    const half = await beginHalfAsked(11 * MINUTE)
    const processes = [asks('a repeat'), tellTimer()]
    const { breach } = await explore({ ...half.setting, processes, bendGate: removesRenewed })
    expect(breach?.law).toMatch(/left the open set when it was pending/)
  })

  test('an approval that is put before the entry is raised', async () => {
    const { breach } = await explore({ ...setting, processes: [approves('bob')], bendGate: raisesLate })
    expect(breach?.law).toBe('it is approved, and no sweep looks at it')
  })

  test('a request that leaves before everybody was told', async () => {
    const { breach } = await explore({ ...setting, processes: [cancels(), tells()], bendGate: removesUntold })
    expect(breach?.law).toMatch(/left the open set when it was cancelled/)
  })
})
