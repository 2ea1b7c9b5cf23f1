// One function with all that belongs to it: its instances, its queue, its timers and its log.

import type { Spine } from '#infra/local/spine.ts'
import { type AsyncQueue, createAsyncQueue } from './async-queue.ts'
import type { FunctionDefinition, LogLine } from './definition.ts'
import type { Invocable } from './invocation-api.ts'
import type { Pending } from './pending.ts'
import { type Pool, createPool } from './pool.ts'
import { type Timers, createTimers } from './timers.ts'

/** Functions are keyed by the name of their role: `gate`, `starter`. Every record has the same keys. */
export interface FunctionComputeOptions {
  readonly spine: Spine
  readonly definitions: Readonly<Record<string, FunctionDefinition>>
  /** The directory with the deployed files of each function; it may differ, as during a rolling deploy. */
  readonly artifact: Readonly<Record<string, string>>
  /** What each function's process finds in its environment, besides the platform's own variables. */
  readonly environment?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Divides timer intervals, timeouts and the pauses between attempts; default 1. */
  readonly timeScale?: number
  /** Whether timers fire by themselves; default true. */
  readonly timers?: boolean
  /** Serves HTTP as under the platform's own domain, which makes every answer a download; default false. */
  readonly defaultDomain?: boolean
  /** How long an instance without requests lives; default 3 minutes. */
  readonly idleMs?: number
  /** How long the credentials of an invocation are valid; default 36 hours. */
  readonly credentialsTtlMs?: number
  /** Gets every line that a function prints, as it comes. */
  readonly onLog?: (fn: string, line: LogLine) => void
  /** Gets every invocation that was run, and how long it took. */
  readonly onInvocation?: (fn: string, ms: number) => void
}

export interface LocalFunction extends Invocable {
  readonly definition: FunctionDefinition
  readonly pool: Pool
  readonly queue: AsyncQueue
  readonly timers: Timers
  readonly logs: LogLine[]
  /** From the next request, event or start of its timers on. */
  reconfigure(changes: Partial<FunctionDefinition>): void
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Older lines are forgotten. */
const MOST_LOG_LINES = 10_000

export function createLocalFunction(
  fn: string,
  given: FunctionDefinition,
  options: FunctionComputeOptions,
  pending: Pending,
): LocalFunction {
  const definition = { ...given }
  const { spine, timeScale = 1 } = options
  const artifact = options.artifact[fn]
  if (artifact === undefined) throw new Error(`There is no artifact for ${fn}`)
  const logs: LogLine[] = []
  const onLog = (line: LogLine) => {
    logs.push(line)
    if (logs.length > MOST_LOG_LINES) logs.shift()
    options.onLog?.(fn, line)
  }
  const pool = createPool({
    spine,
    definition,
    artifact,
    timeScale,
    onLog,
    onInvocation: (ms) => options.onInvocation?.(fn, ms),
    role: fn,
    environment: options.environment?.[fn] ?? {},
    idleMs: options.idleMs ?? 3 * MINUTE,
    credentialsTtlMs: options.credentialsTtlMs ?? 36 * HOUR,
  })
  const queue = createAsyncQueue({
    definition,
    timeScale,
    invoke: async (event, how) => await pool.invoke(event, how),
    onDropped: (reason) =>
      onLog({ at: spine.now(), instance: '', requestId: '', text: `An asynchronous event is dropped: ${reason}\n` }),
  })
  const push = (event: Buffer) => void pending.track(queue.push(event))
  const timers = createTimers({ timers: () => definition.timers, now: () => spine.now(), timeScale, push })
  return {
    definition,
    pool,
    queue,
    timers,
    logs,
    push,
    reconfigure: (changes) => void Object.assign(definition, changes),
    invoke: async (event, how) => await pending.track(pool.invoke(event, how)),
  }
}
