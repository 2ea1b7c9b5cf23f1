// What can go wrong at a call of a port, and how likely it is in this run.
import type { SeededRandom } from '#support/memory/random.ts'

/**
 * `lost_before`, `applied_then_lost`: the port cannot settle what became of the call, and throws. `settled`: the answer
 * was lost, and the port finds out by itself. `late`: it takes as long as it may. `crash_before`, `crash_after`: the
 * process dies there.
 */
export const FAULTS = [
  'lost_before',
  'applied_then_lost',
  'settled',
  'late',
  'crash_before',
  'crash_after',
  'stall',
] as const
export type SimulatedFault = (typeof FAULTS)[number]

export interface Weather {
  /** Of a thousand calls so many go wrong. */
  readonly perMille: number
  /** In these ways: a history with one way only leads deeper than one with all. */
  readonly faults: readonly SimulatedFault[]
  /** How ECS takes a StartInstance: `rough` is one in two that goes another way. */
  readonly starts: 'smooth' | 'rough'
  readonly hints: 'kept' | 'mixed' | 'lost'
  /** Clocks differ by at most this much, ms. */
  readonly skew: number
  /** A gate in somebody else's hands takes part. */
  readonly hostile: boolean
  /** People start, stop, lock and change instances by hand. */
  readonly hands: boolean
  readonly redeploys: boolean
  /** A gate of a newer version takes part. */
  readonly newer: boolean
}

export const CALM: Weather = {
  perMille: 0,
  faults: [],
  starts: 'smooth',
  hints: 'kept',
  skew: 0,
  hostile: false,
  hands: false,
  redeploys: false,
  newer: false,
}

export function drawWeather(random: SeededRandom, fixed: Partial<Weather>): Weather {
  return { ...draw(random), ...fixed }
}

function draw(random: SeededRandom): Weather {
  const chance = (percent: number): boolean => random.below(100) >= 100 - percent
  if (!chance(92)) return CALM
  return {
    perMille: [0, 10, 40, 120][random.below(4)] ?? 0,
    faults: FAULTS.filter(() => chance(50)),
    starts: chance(50) ? 'rough' : 'smooth',
    hints: (['kept', 'mixed', 'lost'] as const)[random.below(3)] ?? 'kept',
    skew: [0, 0, 30_000, 120_000, 600_000][random.below(5)] ?? 0,
    hostile: chance(20),
    hands: chance(35),
    redeploys: chance(15),
    newer: chance(5),
  }
}

export function drawFault(random: SeededRandom, { perMille, faults }: Weather): SimulatedFault | undefined {
  return faults.length > 0 && random.below(1000) >= 1000 - perMille ? faults[random.below(faults.length)] : undefined
}
