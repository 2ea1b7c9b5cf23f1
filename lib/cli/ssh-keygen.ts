// Signs with an SSH key by OpenSSH's own tool: it knows the agent, passphrases and security keys, and asks for them itself.
import { toCanonicalJson } from '#core/canonical-json.ts'
import { keySchema } from '#core/key-form.ts'
import { parseSshLine } from '#core/ssh-key.ts'
import { toSignedText } from '#core/signed-text.ts'
import { toSshNamespace, type Evidence, type Statement } from '#core/statement.ts'
import { EXIT, Failure } from './failure.ts'
import type { Io } from './io.ts'

/** `file`: of the private key, or of the public one when an agent holds the other. */
export async function signSsh(io: Io, file: string, statement: Statement): Promise<Evidence> {
  await refuseUnfit(io, file)
  // Quiet: it would only say that it signs what nobody typed.
  const args = ['-q', '-Y', 'sign', '-f', file, '-n', toSshNamespace(statement.audience)]
  const ran = await io.run('ssh-keygen', args, toSignedText(statement))
  if (ran === undefined) {
    throw new Failure(EXIT.usage, 'There is no ssh-keygen on this machine.', {
      next: ['Install OpenSSH 8.1 or newer (openssh-client), or use a key made by: startgate enrol'],
    })
  }
  const { code, stdout } = ran
  if (code !== 0 || !stdout.startsWith('-----BEGIN SSH SIGNATURE-----')) {
    throw new Failure(EXIT.usage, `ssh-keygen did not sign with ${file}.`, {
      next: ['Nothing was sent. Give your private key, or the .pub file of a key that ssh-add -l lists.'],
    })
  }
  return { kind: 'ssh', statement: toCanonicalJson(statement), signature: stdout }
}

/** The gate would only say that it does not accept it; here is still known why. A key without its `.pub` is just tried. */
async function refuseUnfit(io: Io, file: string): Promise<void> {
  const line = await readPublicLine(io, file)
  const key = line === undefined ? undefined : parseSshLine(line)
  if (key === undefined || !('problem' in key)) return
  throw new Failure(EXIT.usage, `${file} cannot sign a decision: ${key.problem}.`, { next: ['Nothing was signed.'] })
}

/** As the policy computes it; unknown where the `.pub` file is not beside its key. */
export async function findKeyId(io: Io, file: string): Promise<string | undefined> {
  return keySchema.safeParse({ ssh: await readPublicLine(io, file) }).data?.kid
}

async function readPublicLine({ files }: Io, file: string): Promise<string | undefined> {
  const text = await files.read(file.endsWith('.pub') ? file : `${file}.pub`)
  return text?.trim()
}
