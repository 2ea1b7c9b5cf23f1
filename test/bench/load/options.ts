// What the load can be asked for on the command line.
import { parseArgs } from 'node:util'
import type { LoadOptions } from './run.ts'

export const HELP = `Usage: npm run load [-- <options>]

Sends requests over all entrances through the built functions on the local cloud, with faults, and audits every one.

  --requests <n>      how many arrive; default 10000
  --rate <n>          how many arrive a second on average, whether or not the machine keeps up; default 8
  --faults <percent>  of the cloud's calls that go wrong; default 1
  --seed <n>          repeats the arrivals and faults of another run; default: a new one
  --json              the report as JSON on standard output
  --help              print this

Examples:
  npm run load
  npm run load -- --requests 500 --rate 10 --faults 5
  npm run load -- --requests 10000 --seed 7 --json > load.json

Exit codes: 0 the audit passed, 1 it found something or the run broke, 2 the options are wrong, 130 interrupted
`

export interface Options extends LoadOptions {
  readonly json: boolean
  readonly help: boolean
}

export function readOptions(args: readonly string[], newSeed: number): Options | { readonly problem: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        requests: { type: 'string', default: '10000' },
        rate: { type: 'string', default: '8' },
        faults: { type: 'string', default: '1' },
        seed: { type: 'string', default: String(newSeed) },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    return {
      requests: toNumber('requests', values.requests, /^[1-9]\d{0,5}$/, 'a whole number from 1 to 999999'),
      rate: toNumber('rate', values.rate, /^(?=.*[1-9])\d{1,4}(\.\d+)?$/, 'a number above 0, below 10000'),
      faultPercent: toNumber('faults', values.faults, /^([0-4]?\d(\.\d+)?|50)$/, 'a percentage from 0 to 50'),
      seed: toNumber('seed', values.seed, /^\d{1,9}$/, 'a whole number of at most nine digits'),
      json: values.json,
      help: values.help,
    }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

function toNumber(name: string, text: string, form: RegExp, what: string): number {
  if (!form.test(text)) throw new Error(`--${name} ${text}: it must be ${what}.`)
  return Number(text)
}
