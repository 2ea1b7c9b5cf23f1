// A policy file that a command judges by, whole and sound.
import { sayFault } from '#adapters/policy-file/flaw.ts'
import { readPolicyFile } from '#adapters/policy-file/read-policy-file.ts'
import type { Policy } from '#core/policy.ts'
import { EXIT, Failure } from '#lib/cli/failure.ts'
import { isCode, type Io } from '#lib/cli/io.ts'

/** Where the source has it, seen from its root. */
export const DEFAULT_POLICY = 'infra/policy.yaml'

export async function readPolicy(io: Io, file: string): Promise<Policy> {
  const read = readPolicyFile(await readFile(io, file, 'policy'))
  if (read.ok) return read.policy
  throw new Failure(EXIT.usage, `${file} is no sound policy.`, {
    next: read.faults.map((fault) => sayFault(file, fault)),
  })
}

/** `file`: `-` is standard input. `what`: what the file should be, for who named one that is not there. */
export async function readFile({ files, stdin }: Io, file: string, what: string): Promise<string> {
  if (file === '-') return await stdin.read()
  const text = await files.read(file).catch((error: unknown) => {
    if (isCode(error, 'EISDIR')) throw new Failure(EXIT.usage, `${file} is a folder, and no ${what}.`)
    throw error
  })
  if (text !== undefined) return text
  throw new Failure(EXIT.usage, `There is no ${what} ${file}.`)
}
