// Who will ask for what, and when: drawn from the seed before anything runs. Arrivals are open: they come at their times
// whether or not the earlier ones have been answered, as people and timers do.
import type { InstanceInput } from '#infra/local/ecs/instance-definition.ts'
import { createSeededRandom } from '#support/memory/random.ts'

export type Entrance = 'api' | 'webhook' | 'timer'
/** What people decide; `torn`: one approves and another denies at the same moment. */
export type Course = 'approve' | 'deny' | 'cancel' | 'torn'

export interface Arrival {
  readonly n: number
  /** Each request is for an instance of its own, so that whatever happens to one belongs to one request. */
  readonly instanceId: string
  /** Milliseconds after the first one could come. */
  readonly at: number
  readonly entrance: Entrance
  /** A machine that asks for a person needs one approval, else two. */
  readonly forSomebody: boolean
  readonly course: Course
  /** Between the answer to the ask and the decision. */
  readonly thinkMs: number
  readonly bootMs: number
}

export interface PlanOptions {
  readonly requests: number
  /** Arrivals per second, on average. */
  readonly rate: number
  readonly seed: number
}

const ENTRANCES: Shares<Entrance> = { api: 65, webhook: 25, timer: 10 }
const COURSES: Shares<Course> = { approve: 78, deny: 8, cancel: 8, torn: 6 }
const MEAN_THINK_MS = 500
/** Most run at the first look: a slow boot keeps one of the starter's few instances waiting, and nothing else is measured. */
const SLOW_BOOTS = 0.1
const SLOW_BOOT_MS = 500

export function planArrivals({ requests, rate, seed }: PlanOptions): readonly Arrival[] {
  const chance = createChance(seed)
  let at = 0
  return Array.from({ length: requests }, (_, n) => {
    at += exponential(chance, 1000 / rate)
    return {
      n,
      instanceId: `i-bp1load${String(n).padStart(6, '0')}`,
      at,
      entrance: pick(chance, ENTRANCES),
      forSomebody: chance() < 0.5,
      course: pick(chance, COURSES),
      thinkMs: exponential(chance, MEAN_THINK_MS),
      bootMs: chance() < SLOW_BOOTS ? SLOW_BOOT_MS : 0,
    }
  })
}

export function toInstance({ instanceId, bootMs }: Arrival): InstanceInput {
  const tags = { team: 'reporting', startgate: 'allowed' }
  return { id: instanceId, region: 'cn-hangzhou', tags, startingMs: bootMs }
}

/** The schedule that asks for this arrival when its timer fires. */
export function toSchedule({ n }: Pick<Arrival, 'n'>): string {
  return `load-${n}`
}

/** Draws from [0, 1). */
export type Chance = () => number
export type Shares<Name extends string> = Readonly<Record<Name, number>>

const FINE = 1_000_000_000

export function createChance(seed: number): Chance {
  const { below } = createSeededRandom(seed)
  return () => below(FINE) / FINE
}

export function exponential(chance: Chance, mean: number): number {
  return -Math.log(1 - chance()) * mean
}

/** One of the names, each as often as its share says. */
export function pick<Name extends string>(chance: Chance, shares: Shares<Name>): Name {
  const entries = Object.entries(shares) as [Name, number][]
  let left = chance() * entries.reduce((sum, [, share]) => sum + share, 0)
  for (const [name, share] of entries) {
    left -= share
    if (left < 0) return name
  }
  throw new Error('there is nothing to pick from')
}
