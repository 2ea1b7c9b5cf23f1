import type { Random } from '#ports/world.ts'

export interface SeededRandom extends Random {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number
}

/** The same seed, the same draws (xorshift32). */
export function createSeededRandom(seed = 1): SeededRandom {
  let state = (Math.imul(seed, 2_654_435_761) ^ 0x9e3779b9) >>> 0 || 1
  const draw = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state
  }
  const below = (limit: number): number => draw() % limit
  return {
    below,
    id: () => Array.from({ length: 4 }, () => draw().toString(16).padStart(8, '0')).join(''),
    shuffle: (items) => shuffle(items, below),
  }
}

export function shuffle<Item>(items: readonly Item[], below: SeededRandom['below']): readonly Item[] {
  const shuffled = [...items]
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = below(last + 1)
    const [one, two] = [shuffled[last], shuffled[other]]
    if (one !== undefined && two !== undefined) [shuffled[last], shuffled[other]] = [two, one]
  }
  return shuffled
}
