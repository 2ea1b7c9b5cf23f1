// Plays the seeds that it is given, beside the thread that shows how far they are.
import { parentPort } from 'node:worker_threads'
import type { Weather } from './faults.ts'
import { runSeed } from './run.ts'

export interface Batch {
  readonly from: number
  readonly count: number
  readonly weather: Partial<Weather>
}

export interface Played {
  readonly runs: number
  /** How many requests ended in each state. */
  readonly states: Readonly<Record<string, number>>
  /** The first history of the batch that went wrong; those after it were not played. */
  readonly wrong: { readonly seed: number; readonly violation: string } | undefined
}

async function play({ from, count, weather }: Batch): Promise<Played> {
  const states: Record<string, number> = {}
  for (let seed = from; seed < from + count; seed += 1) {
    const outcome = await runSeed(seed, weather)
    for (const state of outcome.states) states[state] = (states[state] ?? 0) + 1
    const { violation } = outcome
    if (violation !== undefined) return { runs: seed - from + 1, states, wrong: { seed, violation } }
  }
  return { runs: count, states, wrong: undefined }
}

parentPort?.on('message', (batch: Batch) => void play(batch).then((played) => parentPort?.postMessage(played)))
