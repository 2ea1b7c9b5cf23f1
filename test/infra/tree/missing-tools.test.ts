// A test that was skipped has proved nothing, and `.ci/run` must not pass on it.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { chooseLibraries, unpackChromium } from '#support/chromium.ts'
import { ROOT } from './lint.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'startgate-tools-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function program(name: string, script: string): string {
  const file = join(folder, name)
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
  return file
}

test('.ci/run checks, and wants every test to run', () => {
  program('npm', 'echo "$@: ${STARTGATE_TESTS-}"')
  const { stdout } = spawnSync(join(ROOT, '.ci/run'), {
    env: { PATH: `${folder}:${process.env['PATH']}` },
    encoding: 'utf8',
  })
  expect(stdout).toBe('run check: \ntest: all\n')
})

test.each([
  ['passes, and says so', {}, 0],
  ['fails where every test is wanted', { STARTGATE_TESTS: 'all' }, 1],
])('a run without ssh-keygen %s', (_, env, status) => {
  symlinkSync(process.execPath, join(folder, 'node'))
  const run = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', 'test/adapters/evidence/ssh-keygen'],
    { cwd: ROOT, env: { PATH: folder, ...env }, encoding: 'utf8' },
  )

  expect(run.status).toBe(status)
  expect(`${run.stdout}${run.stderr}`).toContain('ssh-keygen is not there (Debian, Ubuntu: apt-get install')
})

test('Chromium that lacks a library of the system takes the one from npm', () => {
  const needy = program('chromium', '[ -n "$LD_LIBRARY_PATH" ] || { echo "libnss3.so is missing" >&2; exit 127; }')

  expect(chooseLibraries(needy, folder)).toEqual({ executable: needy, libraries: folder })
  expect(chooseLibraries('true', folder)).toEqual({ executable: 'true', libraries: undefined })
})

test.each([
  [
    'echo "chromium: error while loading shared libraries: libexpat.so.1: cannot open shared object file" >&2; exit 127',
    'libexpat.so.1 is not there (Debian, Ubuntu: apt-get install libnss3 libnspr4 libexpat1)',
  ],
  ['echo "libc.so.6: version GLIBC_2.34 not found" >&2; exit 1', 'libc.so.6: version GLIBC_2.34 not found'],
])('Chromium that cannot start says why: %s', (script, why) => {
  expect(chooseLibraries(program('chromium', script), folder)).toEqual({
    missing: `Chromium cannot run here: ${why}; nothing is tested in a browser in this run`,
  })
})

test('Chromium for another kind of machine is not unpacked', async () => {
  expect(await unpackChromium('darwin arm64')).toEqual({
    missing:
      'Chromium cannot run here: it runs on Linux x64, and this is darwin arm64; nothing is tested in a browser in this run',
  })
})
