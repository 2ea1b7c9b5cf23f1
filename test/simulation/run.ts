// One history: a while in which everything may happen, then a while in which all goes well and everything must end.
import { MINUTE, SECOND } from '#core/durations.ts'
import { drawChoices, oneIn, replayChoices, type Choices } from './choices.ts'
import { aDeath, aroundAnEdge, inTheLastSecond, toNextEdge, twoAtOnce } from './edges.ts'
import type { Weather } from './faults.ts'
import { deliverOne, timers } from './functions.ts'
import { Violation } from './judge.ts'
import * as people from './people.ts'
import { playOut } from './play-out.ts'
import { EndlessError } from './scheduler.ts'
import * as strangers from './strangers.ts'
import { createTown, type Town } from './town.ts'

export interface Outcome {
  /** What does not hold; undefined when everything does. */
  readonly violation: string | undefined
  readonly choices: readonly number[]
  readonly trace: readonly string[]
  readonly weather: Weather
  /** The state of each request at the end. */
  readonly states: readonly string[]
}

/** The first is the dullest. */
const ACTS: readonly (readonly [weight: number, act: people.Act])[] = [
  [1, (town) => town.pass(SECOND)],
  [4, people.asks],
  [1, people.timerAsks],
  [14, people.approves],
  [3, people.replays],
  [2, people.denies],
  [1, people.cancels],
  [6, deliverOne],
  [3, twoAtOnce],
  [8, timers.sweep],
  [4, timers.tell],
  [3, people.byHand],
  [2, people.receivers],
  [1, people.redeploys],
  [2, strangers.forges],
  [2, strangers.alters],
  [1, strangers.hides],
  [4, strangers.lures],
  [1, strangers.isNewer],
  [2, aDeath],
  [2, aroundAnEdge],
  [3, inTheLastSecond],
]
const WEIGHTED = ACTS.flatMap(([weight, act]) => Array.from({ length: weight }, () => act))

const MISTAKES = [TypeError, RangeError, SyntaxError, EndlessError]

/** Until somebody does something, ms. */
const MOMENTS = [100, SECOND, SECOND, 4 * SECOND, 4 * SECOND, 20 * SECOND, 50 * SECOND, 2 * MINUTE]

/** `fixed`: what is not left to chance. */
export function runSeed(seed: number, fixed: Partial<Weather> = {}): Promise<Outcome> {
  return run(drawChoices(seed), fixed)
}

export function replay(choices: readonly number[], fixed: Partial<Weather> = {}): Promise<Outcome> {
  return run(replayChoices(choices), fixed)
}

async function run(random: Choices, fixed: Partial<Weather>): Promise<Outcome> {
  const town = createTown(random, fixed)
  let thrown: unknown
  try {
    const end = random.below(200)
    for (let step = 0; step < end && town.violations.length === 0; step += 1) await go(town)
    await playOut(town)
  } catch (error) {
    if (!(error instanceof Violation || error instanceof EndlessError)) throw error
    thrown = error
  }
  const { weather, scheduler } = town
  return {
    violation: town.violations[0] ?? findBug([...town.ends, thrown]),
    choices: random.made,
    trace: scheduler.trace,
    weather,
    states: [...town.asked.keys()].map((id) => town.standing(id)?.state ?? 'unreadable'),
  }
}

async function go(town: Town): Promise<void> {
  const { random, scheduler } = town
  const die = random.below(100)
  if (die < 70 && (await scheduler.step())) return
  if (die < 91) await people.pick(town, WEIGHTED)(town)
  else await town.pass(oneIn(random, 3) ? toNextEdge(town) : people.pick(town, MOMENTS))
}

/** A process may end for what went wrong around it, not for a mistake of its own. */
function findBug(errors: readonly unknown[]): string | undefined {
  const found = errors.find((error) => MISTAKES.some((Mistake) => error instanceof Mistake))
  return found instanceof Error ? `${found.name}: ${found.message}` : undefined
}
