import type { Command } from 'commander'
import { keySchema } from '#core/key-form.ts'
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
  readonly ssh?: string
}

export function addEnrol(program: Command, { io, finish }: Cli): void {
  declare(program, {
    name: 'enrol',
    summary: 'Make a key pair, or take your SSH key, and print the lines of the policy to submit for review',
    examples: [
      'enrol --name alice',
      'enrol --name alice --ssh ~/.ssh/id_ed25519.pub',
      'enrol --name deploy-bot --out /etc/startgate/key.json',
    ],
    needs: 'nothing',
  })
    .requiredOption('--name <name>', 'your name in the policy')
    .option('--out <file>', 'where the private key goes (default: ~/.config/startgate/key.json)')
    .option('--ssh <file>', 'take this SSH public key for your decisions, and make none')
    .action(async (flags: EnrolFlags) => finish(await enrol(io, flags)))
}

async function enrol(io: Io, { name, out: file, ssh, json }: EnrolFlags): Promise<ExitCode> {
  if (!nameSchema.safeParse(name).success) {
    throw new Failure(EXIT.usage, `${name} cannot be a name in the policy.`, {
      next: ['A name is lower-case letters, digits and "-", starting with a letter.'],
    })
  }
  if (ssh !== undefined && file !== undefined)
    throw new Failure(EXIT.usage, '--ssh makes no key, so it takes no --out.')
  const { out } = await openSession(io, { json })
  const path = file ?? keyFile(io, {})
  const { key, kid } = ssh === undefined ? await makeKey(io, path) : await readSshKey(io, ssh)
  if (json) {
    out.json({ name, file: ssh ?? path, kid, key })
    return EXIT.good
  }
  if (ssh === undefined) {
    out.line(`The private key is in ${path}, readable by you alone. It never has to leave this machine.`)
    out.line()
    out.line('Submit this for review in the policy; for a machine under machines instead of people:')
  } else out.line('Submit this for review in the policy:')
  out.line()
  out.line('people:')
  out.line(`  ${name}:`)
  out.line('    keys:')
  out.verbatim(`      - { ${Object.entries(key).map(toYaml).join(', ')} } # ${kid}`)
  out.line()
  const keyFlag = ssh === undefined ? (file === undefined ? '' : ` --key ${path}`) : ` --ssh-key ${ssh}`
  out.line(`Key id ${kid}. Reviewers compare it with the one you tell them.`)
  if (ssh !== undefined)
    out.line(`It signs decisions, and nothing else. To ask as well, make another key: startgate enrol --name ${name}`)
  out.verbatim(`Next: startgate configure --url <address of the gate> --name ${name} --audience <deployment>${keyFlag}`)
  return EXIT.good
}

interface Enrolled {
  /** As the policy takes it. */
  readonly key: Readonly<Record<string, string>>
  readonly kid: string
}

async function makeKey(io: Io, path: string): Promise<Enrolled> {
  const jwk = createPrivateJwk()
  await writeKeyFile(io, path, jwk)
  return { key: toPublicJwk(jwk), kid: toKid(jwk) }
}

async function readSshKey({ files }: Io, file: string): Promise<Enrolled> {
  const line = await files.read(file)
  if (line === undefined) throw new Failure(EXIT.usage, `There is no file ${file}.`)
  if (line.includes('PRIVATE KEY-----')) {
    const pub = file.endsWith('.pub') ? 'the .pub file that belongs to it' : `${file}.pub`
    throw new Failure(EXIT.usage, `${file} is a private key. It stays with you: give ${pub}.`)
  }
  const key = { ssh: line.trim() }
  const parsed = keySchema.safeParse(key)
  if (parsed.success) return { key, kid: parsed.data.kid }
  const why = parsed.error.issues.map(({ message }) => message).join('; ')
  throw new Failure(EXIT.usage, `${file} holds no SSH key that can approve: ${why}.`)
}

/** A comment behind an SSH key may hold any character; JSON is YAML too. */
function toYaml([member, value]: readonly [string, string]): string {
  return `${member}: ${member === 'ssh' ? JSON.stringify(value) : value}`
}
