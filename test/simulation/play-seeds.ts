// Plays many seeds on several threads.
import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { bundleSimulation, CACHE } from './bundle.ts'
import type { Weather } from './faults.ts'
import type { Planted } from './planted.ts'
import type { Batch, Played } from './worker.ts'

const BATCH = 100

export interface Seeds {
  readonly from: number
  readonly runs: number
  readonly threads: number
  /** A fault that the played code has. */
  readonly planted?: Planted
  /** What is not left to chance. */
  readonly weather?: Partial<Weather>
  readonly onPlayed?: (played: Played) => void
}

/** Ends early when a history goes wrong. The sums are of all that were played. */
export async function playSeeds({ from, runs, threads, planted, weather = {}, onPlayed }: Seeds): Promise<Played> {
  const file = `${CACHE}/worker-${randomUUID()}.mjs`
  await bundleSimulation('test/simulation/worker.ts', file, planted)
  let next = from
  let all: Played = { runs: 0, states: {}, wrong: undefined }
  const work = async (): Promise<void> => {
    const worker = new Worker(file)
    try {
      while (next < from + runs && all.wrong === undefined) {
        const count = Math.min(BATCH, from + runs - next)
        next += count
        const played = await ask(worker, { from: next - count, count, weather })
        all = add(all, played)
        onPlayed?.(played)
      }
    } finally {
      await worker.terminate()
    }
  }
  try {
    await Promise.all(Array.from({ length: threads }, work))
  } finally {
    await rm(file)
  }
  return all
}

function ask(worker: Worker, batch: Batch): Promise<Played> {
  return new Promise((resolve, reject) => {
    worker.once('message', (played: Played) => {
      worker.off('error', reject)
      resolve(played)
    })
    worker.once('error', reject)
    worker.postMessage(batch)
  })
}

function add(one: Played, other: Played): Played {
  const states = { ...one.states }
  for (const [state, count] of Object.entries(other.states)) states[state] = (states[state] ?? 0) + count
  return { runs: one.runs + other.runs, states, wrong: one.wrong ?? other.wrong }
}
