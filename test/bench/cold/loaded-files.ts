// Which files a start reads: the code that the debugger saw, and the bytecode beside it.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { RUNTIME } from '#lib/runtime.ts'

/** What the loader loads has its name in the cloud, wherever it lies. */
const CLOUD = '/code/'

/** `paths`: as the debugger names them. `artifact`: the folder of the function that loaded them. */
export function toLoadedFiles(paths: readonly string[], artifact: string): readonly string[] {
  const code = paths.map((path) => {
    const here = join(artifact, path.slice(CLOUD.length))
    return path.startsWith(CLOUD) && existsSync(here) ? here : path
  })
  return [...code, ...code.map((file) => `${file}.${RUNTIME}.cache`).filter((file) => existsSync(file))]
}
