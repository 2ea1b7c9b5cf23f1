import type { Command } from 'commander'
import { nameSchema } from '#core/words.ts'
import { declare, type Cli } from '#lib/cli/command.ts'
import { EXIT, Failure, type ExitCode } from '#lib/cli/failure.ts'
import type { Io } from '#lib/cli/io.ts'
import { createPrivateJwk, toKid, toPublicJwk, writeKeyFile } from '#lib/cli/key-file.ts'
import { openSession, type Flags } from '#lib/cli/session.ts'
import { keyFile } from '#lib/cli/settings.ts'

interface EnrolFlags extends Flags {
  readonly name: string
  readonly out?: string
}

export function addEnrol(program: Command, { io, finish }: Cli): void {
  declare(program, {
    name: 'enrol',
    summary: 'Make a key pair and print the lines of the policy to submit for review',
    examples: ['enrol --name alice', 'enrol --name deploy-bot --out /etc/startgate/key.json'],
    needs: 'nothing',
  })
    .requiredOption('--name <name>', 'your name in the policy')
    .option('--out <file>', 'where the private key goes (default: ~/.config/startgate/key.json)')
    .action(async (flags: EnrolFlags) => finish(await enrol(io, flags)))
}

async function enrol(io: Io, { name, out: file, json }: EnrolFlags): Promise<ExitCode> {
  if (!nameSchema.safeParse(name).success) {
    throw new Failure(EXIT.usage, `${name} cannot be a name in the policy.`, {
      next: ['A name is lower-case letters, digits and "-", starting with a letter.'],
    })
  }
  const { out } = await openSession(io, { json })
  const path = file ?? keyFile(io, {})
  const jwk = createPrivateJwk()
  await writeKeyFile(io, path, jwk)
  const kid = toKid(jwk)
  const key = toPublicJwk(jwk)
  if (json) {
    out.json({ name, file: path, kid, key })
    return EXIT.good
  }
  const yaml = Object.entries(key).map(([member, value]) => `${member}: ${value}`)
  out.line(`The private key is in ${path}, readable by you alone. It never has to leave this machine.`)
  out.line()
  out.line('Submit this for review in the policy; for a machine under machines instead of people:')
  out.line()
  out.line('people:')
  out.line(`  ${name}:`)
  out.line('    keys:')
  out.line(`      - { ${yaml.join(', ')} } # ${kid}`)
  out.line()
  const keyFlag = file === undefined ? '' : ` --key ${path}`
  out.line(`Key id ${kid}. Reviewers compare it with the one you tell them.`)
  out.line(`Next: startgate configure --url <address of the gate> --name ${name} --audience <deployment>${keyFlag}`)
  return EXIT.good
}
