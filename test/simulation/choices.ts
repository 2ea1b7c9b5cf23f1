// A history is a list of numbers: whatever could go one way or another is drawn from it. Kept, it is played again exactly;
// with numbers taken out or made smaller, it is another history, and mostly a simpler one: 0 is the dullest choice.
import { createSeededRandom, shuffle, type SeededRandom } from '#support/memory/random.ts'

export interface Choices extends SeededRandom {
  /** So far, in order. */
  readonly made: readonly number[]
}

export function drawChoices(seed: number): Choices {
  const random = createSeededRandom(seed)
  return record((limit) => random.below(limit))
}

/** After the last of them every choice is 0. */
export function replayChoices(given: readonly number[]): Choices {
  let next = 0
  return record((limit) => {
    next += 1
    return (given[next - 1] ?? 0) % limit
  })
}

function record(choose: (limit: number) => number): Choices {
  const made: number[] = []
  // Names of rows and requests are no choices: taking one of those out must not change all that follow.
  const names = createSeededRandom()
  const below = (limit: number): number => {
    const choice = choose(limit)
    made.push(choice)
    return choice
  }
  return { made, below, id: names.id, shuffle: (items) => shuffle(items, below) }
}

export function oneIn(random: Pick<SeededRandom, 'below'>, many: number): boolean {
  return random.below(many) === many - 1
}
