// Cold starts: every case in processes of its own, the product, the naive product and the smallest function taking turns,
// so that whatever the machine does meanwhile befalls all of them.
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { CASES, type Case } from './cases.ts'
import { evict } from './evict.ts'
import { buildNaive } from './naive.ts'
import { runOnce, type Once, type Order } from './run-once.ts'
import { setStage, type Stage } from './stage.ts'

export interface ColdOptions {
  readonly root: string
  /** An empty folder of one's own. */
  readonly folder: string
  readonly runs: number
  readonly onRun: (done: number, of: number) => void
}

export interface Series {
  readonly samples: readonly Once[]
  /** The files of all code that is loaded until the first answer, bytecode included, and their size. */
  readonly loaded: readonly string[]
  readonly bytes: number
}

export interface Cold {
  /** Whether the files were out of the page cache before each run. */
  readonly evicted: boolean
  readonly smallest: Series
  readonly cases: readonly { readonly measured: Case; readonly built: Series; readonly naive: Series }[]
}

interface Subject {
  readonly name: string
  readonly order: () => Promise<Order>
  readonly isRight: (answer: unknown) => boolean
  readonly loaded: string[]
  readonly samples: Once[]
}

/** The divisor of all ratios: measured more often than the others. */
const SMALLEST_PER_ROUND = 2

/** Throws when any answer is not the right one. */
export async function measureCold({ root, folder, runs, onRun }: ColdOptions): Promise<Cold> {
  const stages = await setStages(root, folder)
  try {
    const smallest = await createSmallest(root, folder, stages.quiet)
    const files = { built: toBuilt(stages.quiet.artifact), naive: await buildBoth(root, folder, stages.quiet) }
    const cases = CASES.map((measured) => ({
      measured,
      built: toSubject(measured, stages[measured.on], files.built[measured.role], 'as built'),
      naive: toSubject(measured, stages[measured.on], files.naive[measured.role], 'naive'),
    }))
    const products = cases.flatMap(({ built, naive }) => [built, naive])
    for (const each of [smallest, ...products]) each.loaded.push(...(await run(each, true)).loaded)
    let evicted = true
    const all = [...Array.from({ length: SMALLEST_PER_ROUND }, () => smallest), ...products]
    for (let round = 0; round < runs; round += 1) {
      for (const [turn, each] of shuffle(all).entries()) {
        each.samples.push(await run(each, false, async () => (evicted = (await evict(each.loaded)) && evicted)))
        onRun(round * all.length + turn + 1, runs * all.length)
      }
    }
    const toCase = async ({ measured, built, naive }: (typeof cases)[number]) => ({
      measured,
      built: await toSeries(built),
      naive: await toSeries(naive),
    })
    return { evicted, smallest: await toSeries(smallest), cases: await Promise.all(cases.map(toCase)) }
  } finally {
    await Promise.all(Object.values(stages).map((stage) => stage.close()))
  }
}

async function setStages(root: string, folder: string): Promise<Record<Case['on'], Stage>> {
  const [quiet, busy] = await Promise.all(
    ['quiet', 'busy'].map(async (name) => {
      await mkdir(join(folder, name))
      return setStage(join(root, 'dist/function'), join(folder, name))
    }),
  )
  if (quiet === undefined || busy === undefined) throw new Error('there is no stage')
  return { quiet, busy }
}

async function createSmallest(root: string, folder: string, stage: Stage): Promise<Subject> {
  const file = join(folder, 'smallest.mjs')
  const entryPoints = [join(root, 'test/bench/cold/smallest.ts')]
  await build({ entryPoints, outfile: file, bundle: true, platform: 'node', target: 'node20', format: 'esm' })
  const event = stage.httpEvent({ method: 'GET', path: '/' })
  const order = { file, env: stage.env('gate'), event, context: stage.context('gate') }
  return {
    name: 'the smallest function',
    order: () => Promise.resolve(order),
    isRight: (answer) => JSON.stringify(answer).includes('hello'),
    loaded: [],
    samples: [],
  }
}

function toBuilt(artifact: string): Record<Case['role'], string> {
  return { gate: join(artifact, 'gate.mjs'), starter: join(artifact, 'starter.mjs') }
}

async function buildBoth(root: string, folder: string, { artifact }: Stage): Promise<Record<Case['role'], string>> {
  const at = (role: string): string => join(folder, `naive-${role}`)
  return {
    gate: await buildNaive(root, 'gate', artifact, at('gate')),
    starter: await buildNaive(root, 'starter', artifact, at('starter')),
  }
}

function toSubject({ name, role, prepare, until, isRight }: Case, stage: Stage, file: string, how: string): Subject {
  return {
    name: `${name}, ${how}`,
    async order() {
      const event = await prepare(stage)
      const order = { file, env: stage.env(role), event, context: stage.context(role) }
      return until === undefined ? order : { ...order, until: async () => until(stage) }
    },
    isRight,
    loaded: [],
    samples: [],
  }
}

async function run({ name, order, isRight }: Subject, watch: boolean, before?: () => Promise<unknown>): Promise<Once> {
  const prepared = await order()
  await before?.()
  const once = await runOnce(prepared, watch)
  if (!isRight(once.answer)) throw new Error(`${name}: a wrong answer: ${JSON.stringify(once.answer)}`)
  return once
}

async function toSeries({ samples, loaded }: Subject): Promise<Series> {
  const sizes = await Promise.all(loaded.map(async (file) => (await stat(file)).size))
  return { samples, loaded, bytes: sizes.reduce((sum, size) => sum + size, 0) }
}

function shuffle<Item>(items: readonly Item[]): readonly Item[] {
  const keyed = items.map((item) => ({ item, key: Math.random() }))
  return keyed.toSorted((one, other) => one.key - other.key).map(({ item }) => item)
}
