// Time that only tests move. Sleepers wake in the order of their times, each before the next one's time comes.
import type { Clock } from '#ports/world.ts'

export interface VirtualClock extends Clock {
  /** Moves time on and lets everybody who wakes up meanwhile have their turn. */
  advance(ms: number): Promise<void>
  /** Sets the wall clock forth or back; `monotonic` and sleepers do not notice. */
  shift(ms: number): void
  /** The same time as somebody with another wall clock reads it. */
  skewed(ms: number): Clock
}

export interface VirtualClockOptions {
  /** Epoch ms; default 2026-11-23T09:00:00Z. */
  readonly at?: number
  /**
   * True: when somebody sleeps and nothing else goes on, time leaps to the first waker by itself. False: only `advance`
   * moves it. Default true.
   */
  readonly leaps?: boolean
}

export function createVirtualClock(options: VirtualClockOptions = {}): VirtualClock {
  const { at = Date.UTC(2026, 10, 23, 9), leaps = true } = options
  const sleepers: { readonly until: number; readonly wake: () => void }[] = []
  let elapsed = 0
  let shifted = 0
  let leaping = false

  const wakeFirst = (latest: number): boolean => {
    const [first] = sleepers.toSorted((one, other) => one.until - other.until)
    if (first === undefined || first.until > latest) return false
    sleepers.splice(sleepers.indexOf(first), 1)
    elapsed = Math.max(elapsed, first.until)
    first.wake()
    return true
  }
  const leap = async (): Promise<void> => {
    if (leaping) return
    leaping = true
    await othersHadTheirTurn()
    leaping = false
    if (wakeFirst(Number.POSITIVE_INFINITY) && sleepers.length > 0) await leap()
  }
  const sleep = (ms: number): Promise<void> => {
    const slept = new Promise<void>((wake) => sleepers.push({ until: elapsed + Math.max(0, ms), wake }))
    if (leaps) void leap()
    return slept
  }

  const clock = (skew: number): Clock => ({
    now: () => Math.floor(at + elapsed + shifted + skew),
    monotonic: () => elapsed,
    sleep,
  })
  return {
    ...clock(0),
    skewed: clock,
    shift: (ms) => void (shifted += ms),
    async advance(ms) {
      const target = elapsed + ms
      await othersHadTheirTurn()
      while (wakeFirst(target)) await othersHadTheirTurn()
      elapsed = Math.max(elapsed, target)
    },
  }
}

/** A macrotask: whatever only waits for promises is done by then. */
async function othersHadTheirTurn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
