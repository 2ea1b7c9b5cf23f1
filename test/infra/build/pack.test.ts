// A function's own code is written as ES modules, and runs as CommonJS: it must mean the same.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runInThisContext } from 'node:vm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pack } from '#infra/build/pack.ts'

type Define = (
  require: (id: string) => unknown,
  module: { exports: unknown },
  exports: object,
  artifact: string,
) => void

const MODULES = {
  'entry.mjs': `
    import { strictness } from './first.mjs'
    import packaged from './package.cjs'
    export const atOnce = [strictness(), packaged.strictness()]
    export async function later() {
      const { strictness } = await import('./later.mjs')
      return strictness()
    }`,
  'first.mjs': `export function strictness() { return this === undefined }`,
  'later.mjs': `export function strictness() { return this === undefined }`,
  'package.cjs': `exports.strictness = () => (function () { return this === undefined })()`,
}

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'startgate-pack-'))
  for (const [file, code] of Object.entries(MODULES)) await writeFile(join(folder, file), code)
})
afterAll(async () => await rm(folder, { recursive: true }))

it('runs all of it in strict mode, as ES modules do', async () => {
  const options = { bundle: true, format: 'esm', platform: 'node', target: 'node20' } as const
  const { files } = await pack('entry', join(folder, 'entry.mjs'), {}, options)
  const entry = run([...files.values()].join('\n'), './entry.js') as { atOnce: boolean[]; later(): Promise<boolean> }

  expect(entry.atOnce).toEqual([true, true])
  expect(await entry.later()).toBe(true)
})

function run(code: string, name: string): unknown {
  const modules: Record<string, Define> = {}
  runInThisContext(`(function (exports) {${code}})`)(modules)
  const get = (id: string): unknown => {
    const own = { exports: {} }
    modules[id]?.(get, own, own.exports, 'file:///artifact/entry.mjs')
    return own.exports
  }
  return get(name)
}
