// Assembles the command line, runs one command, and turns whatever happens into a message and an exit code.
import { Command, CommanderError, Help, type Option } from 'commander'
import { addApprove } from './commands/approve.ts'
import { addAsk } from './commands/ask.ts'
import { addCancel } from './commands/cancel.ts'
import { addConfigure } from './commands/configure.ts'
import { addDeny } from './commands/deny.ts'
import { addDoctor } from './commands/doctor.ts'
import { addEnrol } from './commands/enrol.ts'
import { addExport } from './commands/export.ts'
import { addList } from './commands/list.ts'
import { addPolicy } from './commands/policy.ts'
import { addReceipt } from './commands/receipt.ts'
import { addShow } from './commands/show.ts'
import { addStatement } from './commands/statement.ts'
import { addVerify } from './commands/verify.ts'
import { addWatch } from './commands/watch.ts'
import { EXIT, EXIT_CODES, Failure, type ExitCode } from './failure.ts'
import type { Io } from './io.ts'
import { createPrinter } from './print.ts'
import { VERSION } from './version.ts'

const COMMANDS = [
  addEnrol,
  addConfigure,
  addAsk,
  addShow,
  addList,
  addApprove,
  addDeny,
  addStatement,
  addCancel,
  addWatch,
  addReceipt,
  addExport,
  addVerify,
  addPolicy,
  addDoctor,
]

/** `argv`: without the names of Node and of the program. */
export async function runCli(argv: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = EXIT.good
  const program = createProgram(io)
  for (const add of COMMANDS) add(program, { io, finish: (exit) => void (code = exit) })
  try {
    await program.parseAsync(argv, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.good : EXIT.usage
    return tellError(io, error, argv.includes('--json'))
  }
}

function createProgram({ stdout, stderr }: Io): Command {
  return new Command('startgate')
    .description('An approval gate in front of ECS StartInstance: nothing starts without signatures of approvers.')
    .version(VERSION)
    .addHelpText('after', `\n${EXIT_CODES}\n\nstartgate <command> --help shows options and examples.`)
    .showHelpAfterError('See --help.')
    .exitOverride()
    .configureHelp({ optionDescription: sayOption })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
}

function sayOption(option: Option): string {
  return `${new Help().optionDescription(option)}${option.mandatory ? ' (required)' : ''}`
}

function tellError({ stderr, env }: Io, error: unknown, json: boolean): ExitCode {
  const err = createPrinter(stderr, env)
  err.clear()
  const failure = error instanceof Failure ? error : toFault(error)
  const { exit, message, next, problem } = failure
  if (json) {
    err.json({ error: { exit, message, next, ...(problem && { problem }) } })
    return exit
  }
  err.line({ style: 'red', text: 'error: ' }, message)
  for (const { path, message: what } of problem?.errors ?? []) err.line(`  ${path}: ${what}`)
  for (const step of next) err.line(`  ${step}`)
  return exit
}

/** A file that cannot be read or written is for the user to put right; anything else is a bug. */
function toFault(error: unknown): Failure {
  const exit = error instanceof Error && 'syscall' in error && 'path' in error ? EXIT.usage : EXIT.unreachable
  return new Failure(exit, error instanceof Error ? error.message : String(error), { cause: error })
}
