// An SSH key as an engineer has one, made by OpenSSH's own tool where that is installed.
import { execFile } from 'node:child_process'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

export interface OwnSshKey {
  /** Of the private key; the public one lies beside it. */
  readonly file: string
  /** What its `.pub` file holds. */
  readonly line: string
}

/** The second way out is a clause that says why there is none. */
export async function makeSshKey(folder: string): Promise<OwnSshKey | { readonly missing: string }> {
  const file = join(folder, 'ssh', 'id_ed25519')
  await mkdir(join(folder, 'ssh'), { mode: 0o700 })
  try {
    await promisify(execFile)('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'lin@example.com', '-f', file])
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return {
      missing: isAbsent
        ? 'ssh-keygen is not installed on this machine (package openssh-client)'
        : 'ssh-keygen makes no key on this machine',
    }
  }
  return { file, line: (await readFile(`${file}.pub`, 'utf8')).trim() }
}
