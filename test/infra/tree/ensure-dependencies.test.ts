import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { ROOT } from './lint.ts'

interface Package {
  readonly version?: string
  readonly integrity?: string
  readonly optional?: boolean
  readonly devOptional?: boolean
}
type Packages = Readonly<Record<string, Package>>

const ONE: Package = { version: '1.0.0', integrity: 'sha512-one' }
const TWO: Package = { version: '2.0.0', integrity: 'sha512-two' }
const WANTED: Packages = { '': { version: '0.1.0' }, 'node_modules/one': ONE, 'node_modules/two': TWO }
const INSTALLED: Packages = { 'node_modules/one': ONE, 'node_modules/two': TWO }

const made: string[] = []

/** A checkout with these locks, and an npm that writes down how it was called and ends with `status`. */
function run(locks: {
  readonly wanted?: Packages | string
  readonly installed?: Packages | string
  readonly status?: number
}) {
  const { wanted = WANTED, installed, status = 0 } = locks
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'startgate-ensure ')))
  made.push(root)
  for (const folder of ['infra', 'bin', 'node_modules']) mkdirSync(join(root, folder))
  cpSync(join(ROOT, 'infra/ensure-dependencies.mjs'), join(root, 'infra/ensure-dependencies.mjs'))
  writeLock(join(root, 'package-lock.json'), wanted)
  if (installed !== undefined) {
    const path = join(root, 'node_modules/.package-lock.json')
    writeLock(path, installed)
    // Older than package-lock.json, as after a checkout: times say nothing.
    utimesSync(path, 0, 0)
  }
  writeFileSync(join(root, 'bin/npm'), `#!/bin/sh\necho "$PWD: $*" >> "${root}/npm-calls"\nexit ${status}\n`)
  chmodSync(join(root, 'bin/npm'), 0o755)
  const env = { PATH: `${join(root, 'bin')}:/usr/bin:/bin` }
  const ran = spawnSync(process.execPath, [join(root, 'infra/ensure-dependencies.mjs')], {
    cwd: '/',
    env,
    encoding: 'utf8',
  })
  const calls = existsSync(join(root, 'npm-calls')) ? readFileSync(join(root, 'npm-calls'), 'utf8') : ''
  return { status: ran.status, said: ran.stderr, npm: calls.replace(root, '.') }
}

function writeLock(path: string, packages: Packages | string): void {
  writeFileSync(path, typeof packages === 'string' ? packages : JSON.stringify({ lockfileVersion: 3, packages }))
}

afterEach(() => {
  for (const root of made.splice(0)) rmSync(root, { recursive: true })
})

const QUIET = { status: 0, said: '', npm: '' }
const NPM_CI = '.: ci --ignore-scripts\n'

describe('ensure-dependencies, when what is wanted is installed', () => {
  test('says and does nothing, whatever the files’ times are', () => {
    expect(run({ installed: INSTALLED })).toEqual(QUIET)
  })

  test('does not mind what is installed besides', () => {
    expect(run({ installed: { ...INSTALLED, 'node_modules/three': ONE } })).toEqual(QUIET)
  })

  test.each(['optional', 'devOptional'])('does not mind that something %s is left out', (kind) => {
    expect(run({ wanted: { ...WANTED, 'node_modules/mac': { ...ONE, [kind]: true } }, installed: INSTALLED })).toEqual(
      QUIET,
    )
  })
})

describe('ensure-dependencies, when it is not', () => {
  test.each<[string, Packages | string | undefined]>([
    ['nothing is installed', undefined],
    ['it is not readable what is installed', '{'],
    ['it is not said what is installed', '{}'],
  ])('installs when %s', (_when, installed) => {
    expect(run(installed === undefined ? {} : { installed })).toEqual({
      status: 0,
      said: 'Dependencies are not installed yet: running npm ci (about half a minute) ...\n',
      npm: NPM_CI,
    })
  })

  test.each<[string, Packages]>([
    ['is missing', { 'node_modules/one': ONE }],
    ['has another version', { ...INSTALLED, 'node_modules/two': { ...TWO, version: '2.0.1' } }],
    ['has other contents', { ...INSTALLED, 'node_modules/two': { ...TWO, integrity: 'sha512-other' } }],
  ])('installs when something %s, and names it', (_what, installed) => {
    expect(run({ installed })).toEqual({
      status: 0,
      said: 'node_modules/two is not installed as package-lock.json has it: running npm ci (about half a minute) ...\n',
      npm: NPM_CI,
    })
  })

  test('installs when something optional is there in another version', () => {
    const wanted = { ...WANTED, 'node_modules/two': { ...TWO, optional: true } }

    expect(run({ wanted, installed: { ...INSTALLED, 'node_modules/two': ONE } }).npm).toBe(NPM_CI)
  })

  test('fails as npm does, and says what to check', () => {
    expect(run({ status: 7 })).toMatchObject({
      status: 7,
      said: expect.stringContaining('npm ci failed. Check the network'),
    })
  })

  test('fails without package-lock.json, and says how to get it back', () => {
    expect(run({ wanted: '' })).toEqual({
      status: 1,
      said: 'package-lock.json is missing or not readable. Restore it with: git checkout package-lock.json\n',
      npm: '',
    })
  })
})
