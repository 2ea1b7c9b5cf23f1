import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from '#core/zod.ts'
import { type Built, build } from '#infra/build/build.ts'
import { placePolicy } from '#infra/build/place-policy.ts'
import { toTable } from '#infra/build/report.ts'
import { RUNTIME } from '#lib/runtime.ts'

const fixture = fileURLToPath(new URL('../../fixtures/build/policy.yaml', import.meta.url))
const product = fileURLToPath(new URL('../../../dist/function', import.meta.url))
const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url))

/** A product in miniature: shared code, a part that runs only when needed, an SDK, and a file beside the bundle. */
const SOURCES = {
  'package.json': JSON.stringify({ version: '9.8.7', type: 'module', imports: { '#lib/*': './lib/*' } }),
  'functions/gate.ts': `
    import { greet } from '#lib/greet.ts'
    import ecs from '@alicloud/ecs20140526'
    export const handler = async (name: string) =>
      [greet(name), typeof ecs.default, (await import('#lib/rarely.ts')).rarely, (await (await import('node:fs/promises'))
        .readFile(new URL('./policy.json', import.meta.url), 'utf8')).length]`,
  'functions/starter.ts': `
    import { greet } from '#lib/greet.ts'
    export const handler = async () => greet('starter')`,
  'lib/greet.ts': `
    import * as z from 'zod'
    export const greet = (name: string): string => 'hello ' + z.string().parse(name).replace(/，.*/u, '')`,
  'lib/rarely.ts': `
    if ('isOutOfReach' in globalThis) throw new Error('out of reach')
    Object.assign(globalThis, { wasNeeded: true })
    export const rarely = 'loaded when needed'`,
  'lib/cli/main.ts': `
    import { Command } from 'commander'
    new Command('startgate').version('9.8.7').parse()`,
  'lib/adapters/web/page/browser/main.ts': `
    import { rarely } from '#lib/rarely.ts'
    document.title = rarely + '</script> é'`,
  'lib/adapters/web/page/style.css': 'main { color: red }',
}

let root = ''
let built: Built

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'startgate-build-'))
  for (const [file, text] of Object.entries(SOURCES)) {
    await mkdir(join(root, dirname(file)), { recursive: true })
    await writeFile(join(root, file), text)
  }
  await symlink(modules, join(root, 'node_modules'))
  built = await build({ root, policyFile: fixture })
})

afterAll(async () => await rm(root, { recursive: true, force: true }))

describe('the artifact', () => {
  it('holds both functions, the data that they read, and the SDKs', async () => {
    const names = await readdir(built.artifact)

    expect(names.toSorted()).toEqual([
      'build.json',
      'gate-later.cjs',
      'gate.cjs',
      'gate.mjs',
      'load.cjs',
      'node_modules',
      'openapi.json',
      'package.json',
      'page',
      'policy.json',
      'policy.schema.json',
      'starter.cjs',
      'starter.mjs',
    ])
    expect(await json('package.json')).toEqual({ type: 'module' })
    expect(await json('build.json')).toEqual({
      version: '9.8.7',
      commit: 'unknown',
      policyDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      policySha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(await json('policy.json')).toMatchObject({ example: true, rules: [{ name: 'any', validFor: 7_200_000 }] })
    expect(await json('openapi.json')).toHaveProperty('openapi')
    expect(await json('policy.schema.json')).toHaveProperty('$schema')
    expect(await json('../policy.schema.json')).toEqual(await json('policy.schema.json'))
  })

  it('runs under plain Node with nothing else in reach', async () => {
    const size = (await readFile(join(built.artifact, 'policy.json'))).length

    expect(await call(built.artifact, 'gate.mjs')).toEqual(['hello you', 'function', 'loaded when needed', size])
    expect(await call(built.artifact, 'starter.mjs')).toBe('hello starter')
  })

  it('runs what is imported when it is needed no sooner', async () => {
    const seen = await evaluate(
      built.artifact,
      `const { handler } = await import('./gate.mjs')
       const atStart = globalThis.wasNeeded ?? false
       await handler('you')
       print([atStart, globalThis.wasNeeded])`,
    )

    expect(seen).toEqual([false, true])
  })

  it('has whole modules or none: what fails to load fails again, and loads when it can', async () => {
    const seen = await evaluate(
      built.artifact,
      `const { handler } = await import('./gate.mjs')
       const tell = async () => handler('you').then(() => 'answered', (error) => error.message)
       globalThis.isOutOfReach = true
       const failed = [await tell(), await tell()]
       delete globalThis.isOutOfReach
       print([...failed, await tell()])`,
    )

    expect(seen).toEqual(['out of reach', 'out of reach', 'answered'])
  })

  it('has code that says where it comes from, and needs no decoding', async () => {
    const files = built.files.map(({ file }) => file).filter((file) => /\/([\w-]+\.cjs|sdk\.js)$/.test(file))
    const texts = await Promise.all(files.map((file) => readFile(join(built.artifact, '..', file), 'utf8')))

    expect(files).toHaveLength(9)
    expect(texts.filter((text) => /[^\0-\x7F]/.test(text))).toEqual([])
    expect(texts[files.indexOf('function/gate.cjs')]).toMatch(/^\/\/ lib\/greet\.ts$/m)
  })
})

describe('the functions', () => {
  it('load what judges passkeys only when there is one to judge', async () => {
    const [atStart = [], later = []] = z.array(z.array(z.string())).parse(
      await evaluate(
        product,
        `const loaded = []
         for (const file of ['./gate.mjs', './starter.mjs']) loaded.push(...(await import(file)).listBytecode().keys())
         const { listBytecode } = createRequire(process.cwd() + '/')('./load.cjs')
         createRequire(process.cwd() + '/')('@simplewebauthn/server')
         print([loaded, [...listBytecode().keys()]])`,
      ),
    )
    const toLoaded = (path: string): string => path.slice(product.length + 1).replace(`.${RUNTIME}.cache`, '')

    expect(atStart.map(toLoaded)).toEqual(['gate.cjs', 'starter.cjs'])
    expect(later.map(toLoaded)).toEqual(['node_modules/@simplewebauthn/server/sdk.js'])
  })
})

describe('the command line tool', () => {
  it('is one executable file that needs nothing installed', async () => {
    const alone = join(root, 'elsewhere.mjs')
    await writeFile(alone, await readFile(built.cli), { mode: (await stat(built.cli)).mode })

    expect((await promisify(execFile)(alone, ['--version'], { cwd: '/' })).stdout).toBe('9.8.7\n')
  })
})

describe('the table', () => {
  it('names what is large and sums up what is small', () => {
    const files = [
      { file: 'function/gate.cjs', bytes: 2048 },
      { file: 'function/a.json', bytes: 500 },
      { file: 'function/b.json', bytes: 524 },
    ]

    expect(toTable(files)).toBe(
      ['function/gate.cjs       2.0 KiB', '2 smaller files         1.0 KiB', 'total                   3.0 KiB'].join(
        '\n',
      ),
    )
    expect(built.files.map(({ file }) => file)).toContain('function/node_modules/@alicloud/fc2/sdk.js')
  })
})

describe('the page', () => {
  it('gets a script that stays inside its own element', async () => {
    const script = await readFile(join(built.artifact, 'page/script.js'), 'utf8')

    expect(script).toContain('loaded when needed')
    expect(script).not.toMatch(/<\/script|import|[^\n -~]/)
  })
})

describe('the build refuses', () => {
  it('to deploy the example policy', async () => {
    await expect(build({ root, policyFile: fixture, deploy: true })).rejects.toThrow('is an example')
  })

  it('a policy that the product refuses, and names what is wrong in it', async () => {
    const file = join(root, 'wrong.yaml')
    await writeFile(file, (await readFile(fixture, 'utf8')).replace('validFor: 2h', 'validFor: soon'))

    await expect(build({ root, policyFile: file })).rejects.toThrow(
      /policy is refused:\n {2}.*wrong\.yaml:\d+:\d+ {2}rules\[0\]\.validFor: a duration/,
    )
  })

  it('a policy that is absent or not YAML', async () => {
    await writeFile(join(root, 'not.yaml'), 'people: [')

    await expect(build({ root, policyFile: 'absent.yaml' })).rejects.toThrow('There is no policy')
    await expect(build({ root, policyFile: 'not.yaml' })).rejects.toThrow(
      /not\.yaml:1:\d+ {2}the indentation does not fit, or a bracket is not closed/,
    )
  })

  it('an import of what the artifact will not have', async () => {
    const file = join(root, 'functions/starter.ts')
    await writeFile(file, `import '@alicloud/openapi-core/dist/utils'`)
    await expect(build({ root, policyFile: fixture })).rejects.toThrow('would lack @alicloud/openapi-core/dist/utils')
    await writeFile(file, SOURCES['functions/starter.ts'])
  })

  it.each([
    [
      'that would make every look at a request heavy',
      `import * as z from 'zod'\nz.string()`,
      /has \d+ bytes, more than/,
    ],
    ['that would end its own element', `document.title = '<!--'`, /would end the element/],
  ])('a script %s', async (_, text, why) => {
    const file = join(root, 'lib/adapters/web/page/browser/main.ts')
    await writeFile(file, text)
    await expect(build({ root, policyFile: fixture })).rejects.toThrow(why)
    await writeFile(file, SOURCES['lib/adapters/web/page/browser/main.ts'])
  })

  it('sources that are absent or wrong, and leaves the old output as it was', async () => {
    const before = await json('build.json')
    await writeFile(join(root, 'functions/starter.ts'), `export { nothing } from '#lib/absent.ts'`)
    await expect(build({ root, policyFile: fixture })).rejects.toThrow('Could not resolve')
    await rm(join(root, 'functions/starter.ts'))
    await expect(build({ root, policyFile: fixture })).rejects.toThrow('functions/starter.ts does not exist')

    expect(await json('build.json')).toEqual(before)
    await writeFile(join(root, 'functions/starter.ts'), SOURCES['functions/starter.ts'])
    expect(await readdir(join(root, 'dist'))).toEqual(['function', 'policy.schema.json', 'startgate.mjs'])
  })

  it('functions that cannot be rehearsed, and leaves the old output as it was', async () => {
    const before = await json('build.json')
    await expect(build({ root, policyFile: fixture, bytecode: { nodeFlags: [] } })).rejects.toThrow(
      'The rehearsal of the functions',
    )

    expect(await json('build.json')).toEqual(before)
    expect(await readdir(join(root, 'dist'))).toEqual(['function', 'policy.schema.json', 'startgate.mjs'])
  })
})

describe('another policy', () => {
  it('is placed with the same code, whose functions then read it', async () => {
    const [policyFile, to] = [join(root, 'other.yaml'), join(root, 'placed')]
    await writeFile(policyFile, (await readFile(fixture, 'utf8')).replace('name: any', 'name: another-rule'))
    await placePolicy(built.artifact, policyFile, to)

    const placed = JSON.parse(await readFile(join(to, 'build.json'), 'utf8')) as { policyDigest: string }
    const original = (await json('build.json')) as { policyDigest: string }
    expect(placed).toMatchObject({ version: '9.8.7' })
    expect(placed.policyDigest).not.toBe(original.policyDigest)
    expect(await call(to, 'gate.mjs')).toContain((await readFile(join(to, 'policy.json'))).length)
    expect(await call(built.artifact, 'gate.mjs')).not.toContain((await readFile(join(to, 'policy.json'))).length)
  })
})

async function json(file: string): Promise<unknown> {
  return JSON.parse(await readFile(join(built.artifact, file), 'utf8'))
}

/** What `handler('you')` of the module answers in a process of its own. */
async function call(artifact: string, module: string): Promise<unknown> {
  return await evaluate(artifact, `print(await (await import('./${module}')).handler('you'))`)
}

/** What the code prints, run beside the artifact's files. */
async function evaluate(artifact: string, code: string): Promise<unknown> {
  const print = 'const print = (value) => process.stdout.write(JSON.stringify(value))'
  const module = ["import { createRequire } from 'node:module'", print, code].join('\n')
  const run = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', module], { cwd: artifact })
  return JSON.parse(run.stdout)
}
