// `npm run load`: many requests at once, with faults, and an audit of every one.
import { createProgress } from './progress.ts'
import { HELP, readOptions } from './options.ts'
import { toReport, toText } from './report.ts'
import { runLoad } from './run.ts'

const INTERRUPTED = 130

const options = readOptions(process.argv.slice(2), Date.now() % 1_000_000)
if ('problem' in options) {
  process.stderr.write(`${options.problem}\n\n${HELP}`)
  process.exitCode = 2
} else if (options.help) process.stdout.write(HELP)
else {
  const progress = createProgress(process.stderr, options.requests)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(INTERRUPTED))
  try {
    const report = toReport(await runLoad(options, progress.show))
    progress.clear()
    process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : toText(report))
    if (!report.passed) process.exitCode = 1
  } catch (error) {
    progress.clear()
    process.stderr.write(
      `The load broke (seed ${options.seed}): ${error instanceof Error ? error.stack : String(error)}\n`,
    )
    process.exitCode = 1
  }
}
