// What is left out of an SDK must have been in it: else it is laid out in another way, and may count on what is missing.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { build, type Plugin } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { leaveEmpty, leaveOut, loadLater, onlyGivenCredentials } from '#infra/build/leave-out.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'startgate-leave-out-'))
  await writeFile(join(folder, 'part.js'), 'exports.part = 1')
})
afterAll(async () => await rm(folder, { recursive: true }))

test.each<[string, string, Plugin]>([
  ['a package that is left out', 'left-out', leaveOut(['left-out'])],
  ['one of several', 'left-out', leaveOut(['left-out', 'another'])],
  ['a file that is left empty', './part', leaveEmpty(['/part.js'])],
  ['a module that is loaded later', 'zlib', loadLater('zlib', ['createGunzip'])],
  ['the search for credentials', '@alicloud/credentials', onlyGivenCredentials()],
])('%s must be there', async (what, name, plugin) => {
  const isWhole = what !== 'one of several'
  const bundled = bundle(`require('${name}')`, plugin)

  await (isWhole ? bundled : expect(bundled).rejects.toThrow('Nothing in this package loads another any more'))
  await expect(bundle('', plugin)).rejects.toThrow('Nothing in this package loads')
})

test('a module that is loaded later is loaded when a member of it is touched', async () => {
  const code = await bundle(`module.exports = require('zlib')`, loadLater('zlib', ['createGunzip', 'createInflate']))
  const loaded: string[] = []
  const load = (name: string) => (loaded.push(name), { createGunzip: 'gunzip' })
  const made: { exports?: { createGunzip: unknown } } = {}
  runInNewContext(code, { require: load, module: made })

  expect(loaded).toEqual([])
  expect(Reflect.get(made.exports ?? {}, 'createGunzip')).toBe('gunzip')
  expect(loaded).toEqual(['zlib'])
})

async function bundle(contents: string, plugin: Plugin): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder },
    plugins: [plugin],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}
