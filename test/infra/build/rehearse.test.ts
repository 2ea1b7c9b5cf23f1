// The bytecode of a build. A build whose functions fail is none: the rehearsal says what failed, and nothing of it stays.
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { rehearse } from '#infra/build/code-cache/rehearse.ts'

const project = fileURLToPath(new URL('../../..', import.meta.url))
let folder: string
let artifact: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'startgate-rehearsal-'))
  artifact = join(folder, 'function')
  await cp(join(project, 'dist/function'), artifact, {
    recursive: true,
    filter: (file) => !file.endsWith('.cache'),
  })
})
afterAll(async () => await rm(folder, { recursive: true }))

it('makes bytecode for Node as it is started in the cloud', async () => {
  const rehearsed = join(folder, 'rehearsed')
  await cp(artifact, rehearsed, { recursive: true })

  await rehearse(rehearsed, ['--expose-gc'])

  expect(await askState(rehearsed, '--expose-gc')).toBe('used')
  expect(await askState(rehearsed)).toBe('refused')
  expect(await askState(artifact)).toBe('none')
})

it.each([
  ['throw when they are loaded', 'gate', `throw new Error('no code')`, /it ended with 1$/],
  [
    'throw when they are called',
    'gate',
    handlerOf('gate', `async () => { throw new Error('no answer') }`),
    /no answer$/,
  ],
  [
    'answer in another way',
    'gate',
    handlerOf('gate', `async () => ({ statusCode: 500, headers: {}, body: 'no health' })`),
    /broke: GET \/healthz is answered with 500: no health$/,
  ],
  ['end their process', 'gate', handlerOf('gate', '() => process.exit(3)'), /it ended with 3$/],
  [
    'leave their process to end later',
    'gate',
    handlerOf(
      'gate',
      `async () => {
        setImmediate(() => process.exit(4))
        return { statusCode: 200, headers: {}, body: '' }
      }`,
    ),
    /broke: it (ended with 4|does not answer)$/,
  ],
  ['fail as the starter', 'starter', handlerOf('starter', `async () => { throw new Error('no start') }`), /no start$/],
  ['start nothing', 'starter', handlerOf('starter', `async () => 'done'`), /is ready, and not running$/],
  [
    'cannot say what ran',
    'entry',
    `{ ...module.exports, listBytecode: () => { throw new Error('no bytecode') } }`,
    /what ran of the gate could not be written down$/,
  ],
])('functions that %s break it', async (_, name, code, problem) => {
  const broken = await breakIt(name, code)
  const before = await readdir(broken, { recursive: true })

  await expect(rehearse(broken)).rejects.toThrow(problem)
  expect(await readdir(broken, { recursive: true })).toEqual(before)
})

it('leaves nothing running and no file when it breaks', { timeout: 40_000 }, async () => {
  const broken = await breakIt('starter', handlerOf('starter', `async () => { throw new Error('no start') }`))
  const temporary = join(folder, 'temporary')
  await mkdir(temporary)
  const code = `import { rehearse } from '#infra/build/code-cache/rehearse.ts'
    rehearse(process.argv[1]).catch((error) => console.log(error.message))`
  const args = ['--import', 'tsx', '--input-type=module', '--eval', code, broken]
  const env = { ...process.env, TMPDIR: temporary, TSX_DISABLE_CACHE: '1' }
  // Fails when the time is up: a process or a server that is left would keep it.
  const ended = await promisify(execFile)(process.execPath, args, { cwd: project, env, timeout: 20_000 })

  expect(ended.stdout).toMatch(/no start\n$/)
  expect(await readdir(temporary)).toEqual([])
})

/** In place of what the function has. */
function handlerOf(name: string, handler: string): string {
  return `exports['./${name}.js'] = (require, module) => { module.exports = { handler: ${handler} } }`
}

async function breakIt(name: string, code: string): Promise<string> {
  const broken = await mkdtemp(join(folder, 'broken-'))
  await cp(artifact, broken, { recursive: true })
  const file = join(broken, name === 'entry' ? 'gate.mjs' : `${name}.cjs`)
  const text = await readFile(file, 'utf8')
  // In place of what the entry exports, or as the last thing that is done by what it loads: inside of the function that it is.
  const whole = name === 'entry' ? / = module\.exports$/m : /\}\)\n$/
  await writeFile(
    file,
    text.replace(whole, () => (name === 'entry' ? ` = ${code}` : `${code}\n})\n`)),
  )
  return broken
}

/** What becomes of the bytecode of both functions. */
async function askState(at: string, ...nodeFlags: readonly string[]): Promise<string> {
  const code = `const { load, bytecodeState } = require('./load.cjs')
    for (const file of ['gate.cjs', 'starter.cjs']) load(file)
    process.stdout.write(bytecodeState())`
  return (await promisify(execFile)(process.execPath, [...nodeFlags, '--eval', code], { cwd: at })).stdout
}
