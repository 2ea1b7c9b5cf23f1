// The same artifact with another policy, in a few milliseconds: for tests and for the local cloud.

import { copyFile, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { readPolicy } from './policy.ts'
import { listFiles } from './report.ts'

const REPLACED = ['policy.json', 'build.json']

/**
 * Puts the artifact into `toDir`, which is emptied first, with the policy of `policyFile`. The code is shared by hard
 * links: a symbolic link would not do, as a module finds the files beside it by its real path.
 */
export async function placePolicy(artifactDir: string, policyFile: string, toDir: string): Promise<void> {
  const policy = await readPolicy(policyFile, { deploy: false })
  const build = JSON.parse(await readFile(join(artifactDir, 'build.json'), 'utf8')) as Record<string, unknown>
  await rm(toDir, { recursive: true, force: true })
  await mkdir(toDir, { recursive: true })
  const files = await listFiles(artifactDir, ['.'])
  for (const { file } of files) {
    if (!REPLACED.includes(file.replace(/^\.\//, ''))) await share(join(artifactDir, file), join(toDir, file))
  }
  await writeFile(join(toDir, 'policy.json'), policy.compiled)
  await writeFile(join(toDir, 'build.json'), JSON.stringify({ ...build, ...policy.marks }))
}

async function share(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  try {
    await link(from, to)
  } catch {
    // Another file system, or one without hard links.
    await copyFile(from, to)
  }
}
