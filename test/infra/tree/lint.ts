// Runs the linter, with the settings of this repository, over a small tree of its own.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as z from '#core/zod.ts'

export const ROOT = new URL('../../..', import.meta.url).pathname

const outputSchema = z.object({
  diagnostics: z.array(z.object({ filename: z.string(), code: z.string() })),
})

/** The rules that each file breaks, by path. */
export function lint(files: Readonly<Record<string, string>>): ReadonlyMap<string, ReadonlySet<string>> {
  const root = mkdtempSync(join(tmpdir(), 'startgate-layers-'))
  try {
    for (const name of ['.oxlintrc.json', 'package.json', 'tsconfig.json']) cpSync(join(ROOT, name), join(root, name))
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    return run(root)
  } finally {
    rmSync(root, { recursive: true })
  }
}

function run(cwd: string): ReadonlyMap<string, ReadonlySet<string>> {
  const oxlint = join(ROOT, 'node_modules/.bin/oxlint')
  const paths = ['functions', 'lib', 'infra', 'test']
  const { stdout } = spawnSync(oxlint, ['--type-aware', '--format', 'json', ...paths], { cwd, encoding: 'utf8' })
  const broken = new Map<string, Set<string>>()
  for (const { filename, code } of outputSchema.parse(JSON.parse(stdout)).diagnostics)
    broken.set(filename, (broken.get(filename) ?? new Set()).add(code))
  return broken
}
