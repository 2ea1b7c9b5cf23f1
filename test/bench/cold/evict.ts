// Takes files out of the page cache, so that a process finds them as a machine does that never ran it. Linux only; needs no
// more than the right to read (Python) or write (dd) them.
import { execFile } from 'node:child_process'

const PYTHON = `
import os, sys
for name in sys.stdin.read().splitlines():
    fd = os.open(name, os.O_RDONLY)
    os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(fd)
`
/** One process for each file: the same advice, for machines without Python. */
const DD = 'xargs -I{} dd of={} oflag=nocache conv=notrunc,fdatasync count=0'

const WAYS = [
  ['python3', ['-c', PYTHON]],
  ['sh', ['-c', DD]],
] as const

/** False when this machine offers no way: the files stay where they are. */
export async function evict(files: readonly string[]): Promise<boolean> {
  for (const [command, args] of WAYS) if (await runs(command, args, `${files.join('\n')}\n`)) return true
  return false
}

async function runs(command: string, args: readonly string[], input: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = execFile(command, args, (error) => resolve(error === null))
    child.stdin?.on('error', () => undefined).end(input)
  })
}
