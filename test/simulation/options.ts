// What the simulation can be asked for on the command line.
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'

export const HELP = `Usage: npm run simulate -- [options]

Plays whole deployments with everything that can go wrong, one history a seed, and looks whether anything was started
without approval, twice, or not at all.

  --runs <n>       how many histories; default 1000
  --from <seed>    the first seed; default 1
  --threads <n>    default: one for each core
  --seed <seed>    play only this one, and print what happened in it
  --replay <file>  play the history of a file that an earlier run has written, and print what happened in it
  --planted        plant one fault after the other, and count the histories until each is found
  --json           print the result as JSON; so it does when its output is a pipe
  --help           print this

  npm run simulate -- --runs 100000
  npm run simulate -- --seed 4711
  npm run simulate -- --planted --runs 10000

Exits with 0 when all went well, with 1 when something went wrong, with 2 when it was asked wrongly.
`

export interface Options {
  readonly runs: number
  readonly from: number
  readonly threads: number
  readonly seed: number | undefined
  readonly replay: string | undefined
  readonly planted: boolean
  readonly json: boolean
  readonly help: boolean
}

/** The second way out is a sentence for who typed it. */
export function readOptions(args: readonly string[]): Options | { readonly problem: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        runs: { type: 'string', default: '1000' },
        from: { type: 'string', default: '1' },
        threads: { type: 'string', default: String(availableParallelism()) },
        seed: { type: 'string' },
        replay: { type: 'string' },
        planted: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    const { seed, replay, planted, json, help } = values
    const whole = (name: 'runs' | 'from' | 'threads' | 'seed', text: string): number => {
      if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`--${name} is a whole number from 1, not "${text}".`)
      return Number(text)
    }
    return {
      runs: whole('runs', values.runs),
      from: whole('from', values.from),
      threads: whole('threads', values.threads),
      seed: seed === undefined ? undefined : whole('seed', seed),
      replay,
      planted,
      json,
      help,
    }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}
