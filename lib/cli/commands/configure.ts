import type { Command } from 'commander'
import { declare, type Cli } from '#lib/cli/command.ts'
import { EXIT, type ExitCode } from '#lib/cli/failure.ts'
import type { Io } from '#lib/cli/io.ts'
import { printFields } from '#lib/cli/print.ts'
import { openSession, type Flags } from '#lib/cli/session.ts'
import { configFile, SETTINGS, writeSettings } from '#lib/cli/settings.ts'

export function addConfigure(program: Command, { io, finish }: Cli): void {
  declare(program, {
    name: 'configure',
    summary: 'Keep the address of the gate, your name, its deployment and your key in the configuration file',
    examples: [
      'configure --url https://gate.example.com --name alice',
      'configure --audience 1234567890123456/cn-hangzhou/startgate-starter',
      'configure --ssh-key ~/.ssh/id_ed25519.pub',
      'configure          # shows what is set',
    ],
    needs: 'caller',
  })
    .option('--ssh-key <file>', 'SSH key that signs your decisions: private, or public when the agent has it')
    .action(async (flags: Flags) => finish(await configure(io, flags)))
}

async function configure(io: Io, { json, ...given }: Flags): Promise<ExitCode> {
  if (Object.keys(given).length > 0) await writeSettings(io, given)
  const { out, settings } = await openSession(io, { json })
  if (json) out.json({ file: configFile(io), settings })
  else {
    out.line(configFile(io))
    printFields(
      out,
      SETTINGS.map((label) => ({ label, value: settings[label] ?? '(not set)' })),
    )
  }
  return EXIT.good
}
