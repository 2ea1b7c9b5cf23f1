// Decides who goes on next. Everything that a simulated process waits for is a turn here; between two turns nothing else
// runs, so one seed plays one history. Time is virtual, and never passes the moment by which a call must be answered.
import type { SeededRandom } from '#support/memory/random.ts'

export interface Process {
  readonly id: number
  readonly name: string
  readonly of: 'gate' | 'starter' | 'people'
  /** How far this process's wall clock is ahead of the true time, ms; negative when it is behind. */
  readonly skew: number
  readonly startedAt: number
  state: 'alive' | 'done' | 'dead'
  /** Stalled until then: none of its turns comes, and no bound of a call holds. */
  stalledUntil: number
}

interface Turn {
  readonly process: Process
  readonly what: string
  /** True time before which it does not come. */
  readonly from: number
  /** True time by which it has come, unless its process is stalled. */
  readonly by: number
  readonly resume: () => void
}

export interface Scheduler {
  /** True time, epoch ms. */
  now(): number
  /** Resolves when it is this one's turn; never, once the process is dead. */
  turn(process: Process, what: string, times?: { readonly from?: number; readonly within?: number }): Promise<void>
  begin(name: string, of: Process['of'], skew: number, work: (process: Process) => Promise<unknown>): Promise<Process>
  /** Lets one of those who can go on do so; false when nobody can at this time. */
  step(): Promise<boolean>
  kill(process: Process): void
  alive(): readonly Process[]
  /** Moves the time on by at most `ms`; ends functions that took too long. Returns how far it got. */
  pass(ms: number): Promise<number>
  /** True time at which somebody could go on; undefined when nobody waits. */
  nextAt(): number | undefined
  readonly trace: string[]
}

export interface SchedulerOptions {
  readonly random: SeededRandom
  readonly startAt: number
  /** Longest life of an invocation, ms. */
  readonly functionTimeout: number
  readonly onEnd: (process: Process, error: unknown) => void
}

export class EndlessError extends Error {
  override readonly name = 'EndlessError'
}

/** Far beyond the longest history: whoever gets there never ends. */
const MOST_STEPS = 20_000

export function createScheduler({ random, startAt, functionTimeout, onEnd }: SchedulerOptions): Scheduler {
  let now = startAt
  let count = 0
  let steps = 0
  let turns: Turn[] = []
  let processes: Process[] = []
  const trace: string[] = []
  const note = (text: string): void => void trace.push(`${((now - startAt) / 1000).toFixed(1)} ${text}`)

  const kill = (process: Process): void => {
    if (process.state !== 'alive') return
    process.state = 'dead'
    turns = turns.filter((turn) => turn.process !== process)
    processes = processes.filter((each) => each !== process)
    note(`${process.name} dies`)
  }
  const comes = ({ process, from }: Turn): number => Math.max(from, process.stalledUntil)

  return {
    trace,
    now: () => now,
    nextAt: () => (turns.length === 0 ? undefined : Math.min(...turns.map(comes))),
    alive: () => processes,
    kill,
    turn(process, what, { from = now, within = Number.MAX_SAFE_INTEGER } = {}) {
      return new Promise((resolve) => {
        if (process.state === 'alive')
          turns.push({ process, what, from, by: Math.max(from, now + within), resume: resolve })
      })
    },
    async begin(name, of, skew, work) {
      count += 1
      const process: Process = {
        id: count,
        name: `${name}#${count}`,
        of,
        skew,
        startedAt: now,
        state: 'alive',
        stalledUntil: 0,
      }
      processes = [...processes, process]
      note(`${process.name} begins`)
      const end = (error?: unknown): void => {
        if (process.state !== 'alive') return
        process.state = 'done'
        processes = processes.filter((each) => each !== process)
        turns = turns.filter((turn) => turn.process !== process)
        note(`${process.name} ends${error === undefined ? '' : `: ${sayError(error)}`}`)
        onEnd(process, error)
      }
      work(process).then(
        () => end(),
        (error: unknown) => end(error ?? 'unknown'),
      )
      await settled()
      return process
    },
    async step() {
      const ready = turns.filter((turn) => comes(turn) <= now)
      const chosen = ready[ready.length < 2 ? 0 : random.below(ready.length)]
      if (chosen === undefined) return false
      turns = turns.filter((turn) => turn !== chosen)
      steps += 1
      if (steps > MOST_STEPS) throw new EndlessError(`after ${MOST_STEPS} steps it still goes on`)
      note(`${chosen.process.name} ${chosen.what}`)
      chosen.resume()
      await settled()
      return true
    },
    async pass(ms) {
      const before = now
      const bounds = turns.filter(({ process }) => process.stalledUntil <= now).map(({ by }) => by)
      now = Math.max(now, Math.min(now + ms, ...bounds))
      for (const process of processes)
        if (process.of !== 'people' && now - process.startedAt >= functionTimeout) kill(process)
      return now - before
    },
  }
}

function sayError(error: unknown): string {
  return error instanceof Error ? error.message : JSON.stringify(error)
}

/** Whatever only waits for promises is done by then. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
