// How each command is declared: the options that commands share, examples in its help, and its exit code.
import type { Command } from 'commander'
import { EXIT_CODES, type ExitCode } from './failure.ts'
import type { Io } from './io.ts'

export interface Cli {
  readonly io: Io
  /** Takes the exit code of the command that ran. */
  readonly finish: (code: ExitCode) => void
}

export interface Declaration {
  readonly name: string
  readonly summary: string
  readonly examples: readonly string[]
  /** `gate`: its address. `caller`: also who is calling, with which key, at which deployment. */
  readonly needs: 'nothing' | 'gate' | 'caller'
}

export function declare(program: Command, { name, summary, examples, needs }: Declaration): Command {
  const command = program.command(name).summary(summary).description(summary)
  if (needs !== 'nothing') command.option('--url <url>', 'address of the gate (STARTGATE_URL)')
  if (needs === 'caller') {
    command
      .option('--name <name>', 'your name in the policy (STARTGATE_NAME)')
      .option('--key <file>', 'file of your private key (STARTGATE_KEY)')
      .option('--audience <audience>', 'deployment, <account>/<region>/<starter function> (STARTGATE_AUDIENCE)')
  }
  const lines = examples.map((example) => `  $ startgate ${example}`).join('\n')
  return command.option('--json', 'print JSON').addHelpText('after', `\nExamples:\n${lines}\n\n${EXIT_CODES}`)
}

/** For options that may be given more than once. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}
