// All that is measured, one thing after the other.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { listFiles, type BuiltFile } from '#infra/build/report.ts'
import { measureCold, type Cold } from './cold.ts'
import { measureFlowsInMemory, type FlowsInMemory } from './flows-in-memory.ts'
import { measureFlows, type Flows } from './flows.ts'

export interface BenchOptions {
  readonly runs: number
  /** How many whole flows are played at once, and how many of them all in all. */
  readonly flows: readonly { readonly inFlight: number; readonly count: number }[]
  /** How many are played over ports in memory. */
  readonly inMemory: number
  readonly onProgress?: (text: string) => void
}

export interface Bench {
  readonly runs: number
  readonly cold: Cold
  readonly flows: readonly Flows[]
  readonly inMemory: FlowsInMemory
  /** What is deployed: both functions, with all they ever load. */
  readonly artifact: readonly BuiltFile[]
}

const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '')

export async function bench({
  runs,
  flows: wanted,
  inMemory,
  onProgress = () => undefined,
}: BenchOptions): Promise<Bench> {
  // Beside the packages: a temporary folder may lie in memory, where nothing can be evicted from.
  const cache = join(root, 'node_modules/.cache')
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'bench-'))
  try {
    onProgress('building the naive product and the smallest function')
    const onRun = (done: number, of: number): void => onProgress(`cold starts: ${done} of ${of}`)
    const cold = await measureCold({ root, folder, runs, onRun })
    const flows: Flows[] = []
    for (const { inFlight, count } of wanted) {
      onProgress(`whole flows, ${inFlight} in flight`)
      flows.push(await measureFlows(inFlight, count))
    }
    return {
      runs,
      cold,
      flows,
      inMemory: await measureFlowsInMemory(inMemory),
      artifact: await listFiles(join(root, 'dist'), ['function']),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
