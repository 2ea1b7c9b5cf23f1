import { resolve } from 'node:path'
import type { Command } from 'commander'
import { declare, type Cli } from '#lib/cli/command.ts'
import { EXIT, Failure, type ExitCode } from '#lib/cli/failure.ts'
import type { Io } from '#lib/cli/io.ts'
import { readKeyFile } from '#lib/cli/key-file.ts'
import { printFields } from '#lib/cli/print.ts'
import { openSession, type Flags } from '#lib/cli/session.ts'
import { configFile, keyFile, SETTINGS, writeSettings, type Settings } from '#lib/cli/settings.ts'

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
  if (Object.keys(given).length > 0) await writeSettings(io, await check(io, given))
  const { out, settings } = await openSession(io, { json })
  if (json) out.json({ file: configFile(io), settings })
  else {
    const byDefault = await sayDefaultKey(io)
    out.line(configFile(io))
    printFields(
      out,
      SETTINGS.map((label) => ({ label, value: settings[label] ?? (label === 'key' ? byDefault : '(not set)') })),
    )
  }
  return EXIT.good
}

/** Files are kept by their full names, as the next command may run elsewhere. */
async function check(io: Io, given: Settings): Promise<Settings> {
  const key = given.key === undefined ? undefined : resolve(given.key)
  const sshKey = given.sshKey === undefined ? undefined : resolve(given.sshKey)
  if (key !== undefined) await readKeyFile(io, key)
  if (sshKey !== undefined && (await io.files.read(sshKey)) === undefined) {
    throw new Failure(EXIT.usage, `There is no SSH key ${sshKey}.`, {
      next: ['Give your private key, or the .pub file of a key that ssh-add -l lists.'],
    })
  }
  return { ...given, ...(key && { key }), ...(sshKey && { sshKey }) }
}

async function sayDefaultKey(io: Io): Promise<string> {
  const file = keyFile(io, {})
  return (await io.files.read(file)) === undefined ? `(not set, and there is no ${file})` : `${file} (by default)`
}
