// Timer triggers: asynchronous events at the times that a schedule names.

import { parseCron } from './cron.ts'
import type { TimerDefinition } from './definition.ts'

export interface TimersOptions {
  readonly timers: () => readonly TimerDefinition[]
  /** Epoch milliseconds. */
  readonly now: () => number
  /** An interval of a minute lasts this many times less. */
  readonly timeScale: number
  readonly push: (event: Buffer) => void
}

export interface Timers {
  start(): void
  stop(): void
  /** Fires one by hand, also a disabled one. Throws when there is none of that name. */
  fire(triggerName: string, triggerTime?: number): void
}

/** `setTimeout` cannot wait for longer. */
const LONGEST_WAIT_MS = 2 ** 31 - 1

export function createTimers({ timers, now, timeScale, push }: TimersOptions): Timers {
  const waiting = new Map<string, NodeJS.Timeout>()

  function fire(timer: TimerDefinition, triggerTime: number): void {
    push(toTimerEvent(timer, triggerTime))
  }

  function schedule(timer: TimerDefinition): void {
    const cron = parseCron(timer.cronExpression)
    // At a scale only the distance between two times of the schedule means anything: they follow on each other in
    // `planned`, while the events tell the time at which they fire.
    let planned = now()
    const arm = () => {
      const from = timeScale === 1 ? now() : planned
      // A timeout may strike a moment early, and must not find the same time again.
      planned = cron.next(Math.max(planned, from))
      wait((planned - from) / timeScale)
    }
    const wait = (ms: number) => {
      const turn = Math.min(ms, LONGEST_WAIT_MS)
      const then = ms > turn ? () => wait(ms - turn) : strike
      waiting.set(timer.triggerName, setTimeout(then, turn).unref())
    }
    const strike = () => {
      fire(timer, timeScale === 1 ? planned : now())
      arm()
    }
    arm()
  }

  return {
    start() {
      for (const timer of timers()) if (timer.enable) schedule(timer)
    },
    stop() {
      for (const timeout of waiting.values()) clearTimeout(timeout)
      waiting.clear()
    },
    fire(triggerName, triggerTime = now()) {
      const timer = timers().find((each) => each.triggerName === triggerName)
      if (timer === undefined) throw new Error(`There is no timer ${triggerName}`)
      fire(timer, triggerTime)
    },
  }
}

function toTimerEvent({ triggerName, payload }: TimerDefinition, triggerTime: number): Buffer {
  const time = new Date(triggerTime).toISOString().replace(/\.\d{3}Z$/, 'Z')
  return Buffer.from(JSON.stringify({ triggerTime: time, triggerName, payload }))
}
