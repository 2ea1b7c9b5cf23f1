// A policy file that a command judges by, whole and sound.
import { sayFault } from '#adapters/policy-file/flaw.ts'
import { readPolicyFile } from '#adapters/policy-file/read-policy-file.ts'
import type { Policy } from '#core/policy.ts'
import { EXIT, Failure } from '#lib/cli/failure.ts'
import type { Io } from '#lib/cli/io.ts'

/** Where the source has it, seen from its root. */
export const DEFAULT_POLICY = 'infra/policy.yaml'

export async function readPolicy(io: Io, file: string): Promise<Policy> {
  const read = readPolicyFile(await readFile(io, file, 'policy'))
  if (read.ok) return read.policy
  throw new Failure(EXIT.usage, `${file} is no sound policy.`, {
    next: read.faults.map((fault) => sayFault(file, fault)),
  })
}

/** `what`: what the file should be, for who named one that is not there. */
export async function readFile({ files }: Io, file: string, what: string): Promise<string> {
  const text = await files.read(file)
  if (text !== undefined) return text
  throw new Failure(EXIT.usage, `There is no ${what} ${file}.`)
}
