// `npm run simulate`.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import * as z from '#core/zod.ts'
import { CACHE } from './bundle.ts'
import { HELP, readOptions, type Options } from './options.ts'
import { PLANTED } from './planted.ts'
import { playSeeds } from './play-seeds.ts'
import { createProgress, type Progress } from './progress.ts'
import { replay, runSeed, type Outcome } from './run.ts'
import { shrink } from './shrink.ts'
import type { Played } from './worker.ts'

/** Enough for the longest histories; takes about half a minute. */
const SHRINK_BUDGET = 5000

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args)
  if ('problem' in options) {
    process.stderr.write(`${options.problem}\nnpm run simulate -- --help shows what there is.\n`)
    return 2
  }
  if (options.help) {
    process.stdout.write(HELP)
    return 0
  }
  const json = options.json || !process.stdout.isTTY
  if (options.replay !== undefined) return show(await replay(await readChoices(options.replay)), json)
  if (options.seed !== undefined) return show(await runSeed(options.seed), json)
  return options.planted ? plantAll(options, json) : playMany(options, json)
}

/** Shows that the simulation bites: whoever cannot find a fault that is there proves nothing. */
async function plantAll({ from, runs, threads }: Options, json: boolean): Promise<number> {
  const progress = createProgress(process.stderr)
  let missed = 0
  for (const planted of PLANTED) {
    let done = 0
    const onPlayed = (batch: Played): void => {
      done += batch.runs
      progress.show(`${planted.name}: ${done} histories`)
    }
    const { wrong } = await playSeeds({ from, runs, threads, planted, onPlayed })
    progress.clear()
    if (wrong === undefined) missed += 1
    const line = { planted: planted.name, foundAfter: wrong === undefined ? null : wrong.seed - from + 1 }
    if (json) process.stdout.write(`${JSON.stringify({ ...line, violation: wrong?.violation ?? null })}\n`)
    else process.stdout.write(`${String(line.foundAfter ?? 'never').padStart(6)}  ${planted.name}\n`)
  }
  return missed === 0 ? 0 : 1
}

async function playMany({ from, runs, threads }: Options, json: boolean): Promise<number> {
  const progress = createProgress(process.stderr)
  let done = 0
  const began = Date.now()
  const played = await playSeeds({
    from,
    runs,
    threads,
    onPlayed(batch) {
      done += batch.runs
      const left = ((Date.now() - began) / done) * (runs - done)
      progress.show(`${done} of ${runs} histories, ${Math.ceil(left / 1000)} s left`)
    },
  })
  progress.clear()
  const seconds = (Date.now() - began) / 1000
  const { wrong, states } = played
  if (json) process.stdout.write(`${JSON.stringify({ runs: played.runs, seconds, states, wrong: wrong ?? null })}\n`)
  else process.stdout.write(say(played.runs, seconds, states))
  if (wrong === undefined) return 0
  process.stderr.write(`\nSeed ${wrong.seed}: ${wrong.violation}\n\n`)
  await explain(wrong.seed, progress)
  return 1
}

function say(runs: number, seconds: number, states: Readonly<Record<string, number>>): string {
  const byCount = Object.entries(states).toSorted(([, one], [, other]) => other - one)
  const ends = byCount.map(([state, count]) => `${String(count).padStart(8)} ${state}\n`).join('')
  return `${runs} histories in ${seconds.toFixed(1)} s; their requests ended so:\n${ends}`
}

/** The shortest history that goes wrong in the same way, and how to see it again. */
async function explain(seed: number, progress: Progress): Promise<void> {
  const found = await runSeed(seed)
  const kind = toKind(found)
  const shortest = await shrink(found.choices, async (candidate) => toKind(await replay(candidate)) === kind, {
    budget: SHRINK_BUDGET,
    onTry: (tried, length) => progress.show(`making it shorter: ${length} choices left, ${tried} tries`),
  })
  progress.clear()
  const file = `${CACHE}/seed-${seed}.json`
  await mkdir(CACHE, { recursive: true })
  await writeFile(file, JSON.stringify(shortest))
  const { trace, violation } = await replay(shortest)
  process.stderr.write(
    `From ${found.choices.length} choices to ${shortest.length}:\n\n${trace.join('\n')}\n${violation}\n\n`,
  )
  process.stderr.write(`npm run simulate -- --replay ${relative(process.cwd(), file)}\n`)
}

/** What went wrong, whoever it went wrong for. */
function toKind({ violation }: Outcome): string | undefined {
  return violation?.replaceAll(/req_[0-9a-f]+|i-[a-z]+\d|\d+/g, '…')
}

function show({ violation, trace, states, weather }: Outcome, json: boolean): number {
  if (json) process.stdout.write(`${JSON.stringify({ violation: violation ?? null, states, weather, trace })}\n`)
  else process.stdout.write(`${trace.join('\n')}\n\n${violation ?? `All went well: ${states.join(', ')}.`}\n`)
  return violation === undefined ? 0 : 1
}

async function readChoices(file: string): Promise<readonly number[]> {
  return z.array(z.int().check(z.nonnegative())).parse(JSON.parse(await readFile(file, 'utf8')))
}

process.exitCode = await main(process.argv.slice(2))
