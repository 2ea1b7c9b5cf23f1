// The `startgate` command.
import { createIo, isCode } from './io.ts'
import { runCli } from './program.ts'

/** What a shell gives a program that SIGPIPE ended; Node.js ignores that signal. */
const READER_GONE = 141

// `startgate list | head -1`: nobody reads on, so there is nothing to go on for.
for (const output of [process.stdout, process.stderr]) {
  output.on('error', (error) => {
    if (!isCode(error, 'EPIPE')) throw error
    process.exit(READER_GONE)
  })
}

process.exitCode = await runCli(process.argv.slice(2), createIo(process))
