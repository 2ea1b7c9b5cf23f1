// Makes a history that went wrong shorter and duller, for as long as it goes wrong in the same way.

export interface ShrinkOptions {
  /** Histories to play at most. */
  readonly budget: number
  readonly onTry?: (tried: number, length: number) => void
}

/** `isBad` is asked about each candidate. */
export async function shrink(
  choices: readonly number[],
  isBad: (candidate: readonly number[]) => Promise<boolean>,
  { budget, onTry }: ShrinkOptions,
): Promise<readonly number[]> {
  let best = choices
  let tried = 0
  const attempt = async (candidate: readonly number[]): Promise<boolean> => {
    if (tried >= budget) return false
    tried += 1
    onTry?.(tried, best.length)
    if (!(await isBad(candidate))) return false
    best = trimEnd(candidate)
    return true
  }

  for (let before = -1; before !== weigh(best) && tried < budget;) {
    before = weigh(best)
    for (const size of halves(best.length))
      for (let from = best.length - size; from >= 0; from -= size)
        await attempt([...best.slice(0, from), ...best.slice(from + size)])
    for (const size of halves(best.length))
      for (let from = best.length - size; from >= 0; from -= size) {
        const block = best.slice(from, from + size)
        if (block.some((choice) => choice > 0)) await attempt([...best].fill(0, from, from + size))
      }
  }
  return best
}

/** Nothing is left out of the history by it: after its end every choice is 0. */
function trimEnd(choices: readonly number[]): readonly number[] {
  return choices.slice(0, choices.findLastIndex((choice) => choice > 0) + 1)
}

const weigh = (choices: readonly number[]): number => choices.length + choices.filter((choice) => choice > 0).length

function halves(length: number): readonly number[] {
  const sizes: number[] = []
  for (let size = Math.floor(length / 2); size >= 1; size = Math.floor(size / 2)) sizes.push(size)
  return sizes
}
