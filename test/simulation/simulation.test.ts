import { expect, test } from 'vitest'
import { PLANTED } from './planted.ts'
import { playSeeds } from './play-seeds.ts'
import { replay, runSeed } from './run.ts'
import { shrink } from './shrink.ts'

test(
  'thousands of histories, and nothing was started without approval, twice, or not at all',
  { timeout: 240_000 },
  async () => {
    const { runs, states, wrong } = await playSeeds({ from: 1, runs: 2000, threads: 1 })

    expect(wrong).toBeUndefined()
    expect(runs).toBe(2000)
    // They lead everywhere: a history in which nothing happens holds whatever the code does.
    for (const [state, least] of Object.entries({
      running: 400,
      expired: 400,
      denied: 150,
      cancelled: 80,
      failed: 15,
    }))
      expect([state, states[state]]).toEqual([state, expect.toSatisfy((count: number) => count >= least)])
    for (const state of ['stuck', 'satisfied', 'dry_run_passed']) expect(states).toHaveProperty(state)
  },
)

test.each(PLANTED)('planted: $name', { timeout: 120_000 }, async (planted) => {
  const { from = 1, weather } = planted
  const { wrong } = await playSeeds({ from, runs: 10_000, threads: 1, planted, weather })

  expect(wrong?.violation).toEqual(expect.any(String))
  // A plant that only breaks is no fault that anybody could have made.
  expect(wrong?.violation).not.toMatch(/^\w*Error:/)
})

test('one seed, one history; and its choices play it again', async () => {
  const lengths: number[] = []
  for (let seed = 1; seed <= 10; seed += 1) {
    const [one, other] = [await runSeed(seed), await runSeed(seed)]
    lengths.push(one.trace.length)
    expect(other.trace).toEqual(one.trace)
    expect((await replay(one.choices)).trace).toEqual(one.trace)
  }
  expect(Math.max(...lengths)).toBeGreaterThan(100)
})

test('what goes wrong is made as short as it can be', async () => {
  const isBad = async (choices: readonly number[]) =>
    choices.includes(5) && choices.filter((each) => each > 0).length > 1

  const shortest = await shrink([1, 2, 3, 4, 5, 6, 7, 8, 0, 0], isBad, { budget: 500 })

  expect(await isBad(shortest)).toBe(true)
  expect(shortest).toHaveLength(2)
})
