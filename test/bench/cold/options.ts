// What the bench can be asked for on the command line.
import { parseArgs } from 'node:util'

export const HELP = `Usage: npm run bench [-- <options>]

Measures how long the built functions take from the start of their process to the first answer, as ratios to the
smallest function with the same web framework and to the same product built naively; then whole flows, and the weight.

  --runs <n>  rounds of cold starts, each with every case in a process of its own; default 15
  --json      the report as JSON; so it is anyway when standard output is no terminal
  --help      print this

Examples:
  npm run bench
  npm run bench -- --runs 40
  npm run bench -- --runs 15 > bench.json

Exit codes: 0 it was measured, whether or not the targets are met, 1 something answered wrongly or the run broke,
2 the options are wrong, 130 interrupted
`

export interface Options {
  readonly runs: number
  readonly json: boolean
  readonly help: boolean
}

export function readOptions(args: readonly string[], isTerminal: boolean): Options | { readonly problem: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        runs: { type: 'string', default: '15' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (!/^[1-9]\d{0,3}$/.test(values.runs))
      throw new Error(`--runs ${values.runs}: it must be a whole number from 1 to 9999.`)
    return { runs: Number(values.runs), json: values.json || !isTerminal, help: values.help }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}
