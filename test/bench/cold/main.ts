// `npm run bench`: cold starts, whole flows and the weight of the built artifact.
import { bench } from './bench.ts'
import { HELP, readOptions } from './options.ts'
import { toReport, toText } from './report.ts'

const INTERRUPTED = 130
const ERASE = '\r\u001B[2K'
/** Some seconds in all. */
const FLOWS = [
  { inFlight: 1, count: 30 },
  { inFlight: 16, count: 48 },
]
const FLOWS_IN_MEMORY = 300

const options = readOptions(process.argv.slice(2), process.stdout.isTTY)
if ('problem' in options) {
  process.stderr.write(`${options.problem}\n\n${HELP}`)
  process.exitCode = 2
} else if (options.help) process.stdout.write(HELP)
else {
  const { stderr } = process
  const show = (text: string): void =>
    void (stderr.isTTY && stderr.write(ERASE + text.slice(0, (stderr.columns || 80) - 1)))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(INTERRUPTED))
  try {
    const report = toReport(
      await bench({ runs: options.runs, flows: FLOWS, inMemory: FLOWS_IN_MEMORY, onProgress: show }),
    )
    show('')
    process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : toText(report))
  } catch (error) {
    show('')
    stderr.write(`The bench broke: ${error instanceof Error ? error.stack : String(error)}\n`)
    process.exitCode = 1
  }
}
