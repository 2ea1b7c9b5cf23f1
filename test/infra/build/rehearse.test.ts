// The bytecode of a build. A build whose functions fail is none: the rehearsal says what failed, and nothing of it stays.
import { execFile } from 'node:child_process'
import { appendFile, cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'

const project = fileURLToPath(new URL('../../..', import.meta.url))
/** Ends by itself, or a time limit ends it: a process or a server that is left would keep it. */
const REHEARSAL = `
  import { rehearse } from '#infra/build/code-cache/rehearse.ts'
  const [, artifact, ...nodeFlags] = process.argv
  rehearse(artifact, nodeFlags).then(() => console.log('it went well'), (error) => console.log(error.message))`
const LIMIT_MS = 20_000

let folder: string
let artifact: string
let temporary: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'startgate-rehearsal-'))
  ;[artifact, temporary] = [join(folder, 'function'), join(folder, 'tmp')]
  await mkdir(temporary)
  await cp(join(project, 'dist/function'), artifact, {
    recursive: true,
    filter: (file) => !file.endsWith('.cache'),
  })
})
afterAll(async () => await rm(folder, { recursive: true }))

it('makes bytecode for Node as it is started in the cloud', { timeout: 2 * LIMIT_MS }, async () => {
  const rehearsed = join(folder, 'rehearsed')
  await cp(artifact, rehearsed, { recursive: true })

  expect(await rehearseAlone(rehearsed, '--expose-gc')).toBe('it went well\n')
  expect(await askState(rehearsed, '--expose-gc')).toBe('used')
  expect(await askState(rehearsed)).toBe('refused')
  expect(await askState(artifact)).toBe('none')
  expect(await readdir(temporary)).toEqual([])
})

it.each([
  ['throw when they are loaded', 'gate', `throw new Error('no code')`, /it ended with 1\n/],
  [
    'throw when they are called',
    'gate',
    `module.exports = { handler: async () => { throw new Error('no answer') } }`,
    /no answer\n/,
  ],
  [
    'answer in another way',
    'gate',
    `module.exports = { handler: async () => ({ statusCode: 500, headers: {}, body: 'no health' }) }`,
    /^GET \/healthz is answered with 500: no health\n/,
  ],
  ['end their process', 'gate', `module.exports = { handler: () => process.exit(3) }`, /it ended with 3\n/],
  [
    'leave their process to end later',
    'gate',
    `module.exports = { handler: async () => {
       setImmediate(() => process.exit(4))
       return { statusCode: 200, headers: {}, body: '' }
     } }`,
    /broke: it (ended with 4|does not answer)\n/,
  ],
  [
    'fail as the starter',
    'starter',
    `module.exports = { handler: async () => { throw new Error('no start') } }`,
    /no start\n/,
  ],
  [
    'cannot say what ran',
    'load',
    `module.exports = { ...module.exports, listBytecode: () => { throw new Error('no bytecode') } }`,
    /what ran of the gate could not be written down\n/,
  ],
])('functions that %s break it', { timeout: 2 * LIMIT_MS }, async (_, name, code, problem) => {
  const broken = join(folder, `broken-${name}`)
  await cp(artifact, broken, { recursive: true })
  await appendFile(join(broken, `${name}.cjs`), `\n${code}`)
  const before = await readdir(broken, { recursive: true })

  expect(await rehearseAlone(broken)).toMatch(problem)
  expect(await readdir(broken, { recursive: true })).toEqual(before)
  expect(await readdir(temporary)).toEqual([])
})

/** What it said in the end. */
async function rehearseAlone(at: string, ...nodeFlags: readonly string[]): Promise<string> {
  const args = ['--import', 'tsx', '--input-type=module', '--eval', REHEARSAL, '--', at, ...nodeFlags]
  const env = { ...process.env, TMPDIR: temporary, TSX_DISABLE_CACHE: '1' }
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: project, env, timeout: LIMIT_MS })
  return stdout
}

/** What becomes of the bytecode of both functions. */
async function askState(at: string, ...nodeFlags: readonly string[]): Promise<string> {
  const code = `const { load, bytecodeState } = require('./load.cjs')
    for (const file of ['gate.cjs', 'starter.cjs']) load(file)
    process.stdout.write(bytecodeState())`
  return (await promisify(execFile)(process.execPath, [...nodeFlags, '--eval', code], { cwd: at })).stdout
}
