// Bytecode makes a start shorter. Whatever becomes of it, the functions answer as the code beside it says.
import { copyFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runOnce, type Order } from '#bench/cold/run-once.ts'
import { setStage, type Stage } from '#bench/cold/stage.ts'
import * as z from '#core/zod.ts'
import { RUNTIME } from '#lib/runtime.ts'

const built = fileURLToPath(new URL('../../../dist/function', import.meta.url))
const SUFFIX = `.${RUNTIME}.cache`
type Change = (artifact: string) => Promise<void>

/** The gate as deployed; it says how much bytecode there is after its first event, and may write it down. */
const watched = (artifact: string): string => `
  import { writeFileSync } from 'node:fs'
  import { bytecodeState, handler as answer, listBytecode } from ${JSON.stringify(pathToFileURL(join(artifact, 'gate.mjs')))}
  export const handler = async (event, context) => {
    const { statusCode, body } = await answer(event, context)
    if (process.env.KEEP) for (const [file, bytecode] of listBytecode()) writeFileSync(file, bytecode)
    const bytes = [...listBytecode().values()].reduce((sum, { length }) => sum + length, 0)
    return { answer: { statusCode, ...JSON.parse(body) }, bytes, state: bytecodeState() }
  }`
const answerSchema = z.object({
  answer: z.looseObject({ statusCode: z.number() }),
  bytes: z.number(),
  state: z.string(),
})

let folder: string
let stage: Stage
let none: z.infer<typeof answerSchema>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'startgate-bytecode-'))
  stage = await setStage(built, folder)
  none = await askHealth(await copy(withoutBytecode))
})
afterAll(async () => {
  await stage.close()
  await rm(folder, { recursive: true })
})

describe('the bytecode', () => {
  it('is there for all that the functions load, but for what judges passkeys and what reads XML', async () => {
    const files = await readdir(built, { recursive: true })
    const loaded = files.filter((file) => /(^(gate|starter)(-record|-later)?\.cjs|\/sdk\.js)$/.test(file))
    const withBytecode = files.filter((file) => file.endsWith(SUFFIX)).map((file) => file.slice(0, -SUFFIX.length))

    expect(loaded.filter((file) => !withBytecode.includes(file))).toEqual([
      'node_modules/xml2js/sdk.js',
      'node_modules/@simplewebauthn/server/sdk.js',
    ])
    expect(withBytecode.filter((file) => !loaded.includes(file))).toEqual([])
  })

  it('is used: functions that have not run yet are there', async () => {
    const { answer, state, bytes } = await askHealth(await copy())

    expect([answer, state]).toEqual([HEALTHY, 'used'])
    expect([none.answer, none.state]).toEqual([HEALTHY, 'none'])
    expect(bytes).toBeGreaterThan(1.1 * none.bytes)
  })

  it.each<[string, Change]>([
    ...[0.0001, 0.01, 0.2, 0.4, 0.6, 0.8, 0.9999].map((share): [string, Change] => [
      `damaged in one byte, at ${share} of it`,
      eachBytecode(flip(share)),
    ]),
    ['cut off in the middle', eachBytecode((bytecode) => bytecode.subarray(0, bytecode.length / 2))],
    ['cut off by one byte', eachBytecode((bytecode) => bytecode.subarray(0, -1))],
    ['shorter than its seal', eachBytecode((bytecode) => bytecode.subarray(0, 16))],
    ['empty', eachBytecode(() => Buffer.alloc(0))],
    ['of another file', exchangeBytecode],
    ['of other code, just as long', ofOtherCode],
  ])('is not used when it is %s', async (_, damage) => {
    const { answer, state, bytes } = await askHealth(await copy(damage))

    expect([answer, state]).toEqual([HEALTHY, 'none'])
    expect(bytes).toBeLessThan(1.1 * none.bytes)
  })

  it('is refused by any V8 but the one that made it, under the same name', async () => {
    const artifact = await copy(ofAnotherV8)
    const { answer, state, bytes } = await askHealth(artifact)

    expect([answer, state]).toEqual([HEALTHY, 'refused'])
    expect(bytes).toBeLessThan(1.1 * none.bytes)
    expect(await askHealth(artifact, ANOTHER_V8)).toMatchObject({ answer: HEALTHY, state: 'used' })
  })

  it('never runs in place of code that was changed by hand', async () => {
    const { answer, state } = await askHealth(await copy(sayWealthy))

    // The door, whose code is as it was, finds nothing that says so.
    expect(answer).toEqual({ statusCode: 503, wealthy: true, problems: [], open: 0 })
    // Of the rest.
    expect(state).toBe('used')
  })

  it.each([
    ['with', () => Promise.resolve()],
    ['without', withoutBytecode],
  ])('lets errors say, %s it, where in the deployed code they were thrown', async (_, change) => {
    const artifact = await copy(change)
    const event = JSON.stringify({
      triggerTime: '2026-11-23T09:00:00Z',
      triggerName: 'tell',
      payload: '{"job":"tell"}',
    })
    const failed = runOnce({ ...(await toOrder(artifact)), env: {}, event })
    const log = await failed.then(String, String)
    const line = Number(/"frames":\["at toConfig \(\/code\/gate\.cjs:(\d+):\d+\)"/.exec(log)?.[1])
    const code = await readFile(join(artifact, 'gate.cjs'), 'utf8')

    expect(code.split('\n')[line - 1]).toContain('throw new ConfigError(')
  })
})

/** For V8 bytecode made under such a flag is bytecode of another version. */
const ANOTHER_V8 = { NODE_OPTIONS: '--jitless' }
const HEALTHY = { statusCode: 200, healthy: true, problems: [], open: 0 }

async function askHealth(artifact: string, env: Readonly<Record<string, string>> = {}) {
  const order = await toOrder(artifact)
  return answerSchema.parse((await runOnce({ ...order, env: { ...order.env, ...env } })).answer)
}

async function toOrder(artifact: string): Promise<Order> {
  const file = `${artifact}.mjs`
  await writeFile(file, watched(artifact))
  const event = stage.httpEvent({ method: 'GET', path: '/healthz' })
  return { file, env: stage.env('gate'), event, context: stage.context('gate') }
}

let copies = 0

/** Of the artifact: its files are shared with the one that was built, and must not be written to. */
async function copy(change: Change = () => Promise.resolve()): Promise<string> {
  const artifact = join(folder, `copy-${(copies += 1)}`)
  await cp(stage.artifact, artifact, { recursive: true })
  await change(artifact)
  return artifact
}

async function listBytecode(artifact: string): Promise<string[]> {
  const files = await readdir(artifact, { recursive: true })
  return files.filter((file) => file.endsWith(SUFFIX)).map((file) => join(artifact, file))
}

async function withoutBytecode(artifact: string): Promise<void> {
  for (const file of await listBytecode(artifact)) await rm(file)
}

function eachBytecode(change: (bytecode: Buffer) => Buffer): Change {
  return async (artifact) => {
    for (const file of await listBytecode(artifact)) await writeFile(file, change(await readFile(file)))
  }
}

function flip(share: number): (bytecode: Buffer) => Buffer {
  return (bytecode) => {
    const at = Math.floor(bytecode.length * share)
    bytecode.writeUInt8(bytecode.readUInt8(at) ^ 0xff, at)
    return bytecode
  }
}

async function exchangeBytecode(artifact: string): Promise<void> {
  const files = await listBytecode(artifact)
  const contents = await Promise.all(files.map((file) => readFile(file)))
  for (const [index, file] of files.entries()) await writeFile(file, contents.at(index - 1) ?? '')
}

/** Sealed with the code that it was made of, which is not what lies beside it. */
async function ofOtherCode(artifact: string): Promise<void> {
  const other = await copy(sayWealthy)
  await withoutBytecode(other)
  expect((await askHealth(other, { KEEP: 'yes' })).answer).toHaveProperty('wealthy')
  await takeBytecode(other, artifact)
}

/** Sealed with this very code: only V8 itself can tell. */
async function ofAnotherV8(artifact: string): Promise<void> {
  const other = await copy(withoutBytecode)
  await askHealth(other, { KEEP: 'yes', ...ANOTHER_V8 })
  await takeBytecode(other, artifact)
}

async function takeBytecode(from: string, to: string): Promise<void> {
  await withoutBytecode(to)
  await copyFile(join(from, `gate-record.cjs${SUFFIX}`), join(to, `gate-record.cjs${SUFFIX}`))
}

/** Other code of the same length. */
async function sayWealthy(artifact: string): Promise<void> {
  const file = join(artifact, 'gate-record.cjs')
  await writeFile(file, (await readFile(file, 'utf8')).replaceAll('healthy', 'wealthy'))
}
