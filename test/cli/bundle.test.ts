import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { bundleCli } from '#infra/build/bundle.ts'
import { VERSION } from '#lib/cli/version.ts'
import { aPolicyDocument } from '#support/samples.ts'
import { aRunningReceipt } from './receipts.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'startgate-bundle-'))
  await bundleCli(root, join(folder, 'startgate.mjs'))
  await writeFile(join(folder, 'policy.yaml'), stringify(aPolicyDocument(), { aliasDuplicateObjects: false }))
})
afterAll(async () => await rm(folder, { recursive: true, force: true }))

/** As an executable, with nothing of this project in reach. */
async function run(args: readonly string[], input = ''): Promise<{ code: unknown; out: string; err: string }> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { PATH: process.env['PATH'] ?? '', HOME: folder } }
    const child = execFile(join(folder, 'startgate.mjs'), args, options, (error, out, err) =>
      resolve({ code: error?.code ?? 0, out, err }),
    )
    child.stdin?.end(input)
  })
}

it('is one file that runs by itself', async () => {
  const [help, version] = await Promise.all([run(['--help']), run(['--version'])])

  expect(help).toMatchObject({ code: 0, out: expect.stringContaining('Usage: startgate'), err: '' })
  expect(version.out.trim()).toBe(VERSION)
})

it('verifies a receipt from a pipe', async () => {
  const receipt = aRunningReceipt()
  const verify = ['verify', '-', '--policy', 'policy.yaml']
  const cut = { ...receipt, asks: receipt.asks.slice(1) }
  const [sound, wrong] = await Promise.all([run(verify, JSON.stringify(receipt)), run(verify, JSON.stringify(cut))])

  expect(sound).toMatchObject({ code: 0, out: expect.stringContaining('VERIFIED') })
  expect(wrong).toMatchObject({ code: 4, out: expect.stringContaining('NOT VERIFIED') })
})

it('enrols, and asks nobody without a terminal', async () => {
  const enrolled = await run(['enrol', '--name', 'zoe'])
  const id = `req_${'0'.repeat(32)}`
  const approval = await run([
    'approve',
    id,
    '--url',
    'http://127.0.0.1:1',
    '--name',
    'zoe',
    '--audience',
    '12345678/cn-x/s',
  ])

  expect(enrolled.code).toBe(0)
  expect(approval).toMatchObject({ code: 2, err: expect.stringContaining('no terminal') })
})

it('ends quietly when nobody reads on', async () => {
  // More than a pipe holds, so that it is still writing when the reader goes away.
  const people = Array.from({ length: 4000 }, (_, n) => `  person-${n}: { keyz: [] }`)
  await writeFile(join(folder, 'wrong.yaml'), ['people:', ...people, ''].join('\n'))
  const piped = '{ ./startgate.mjs policy check wrong.yaml; echo "code $?" >&2; } | head -n 1'
  const { stdout, stderr } = await promisify(execFile)('/bin/sh', ['-c', piped], { cwd: folder })

  expect(stdout).toMatch(/^wrong\.yaml:1:1 .*\n$/)
  expect(stderr).toBe('code 141\n')
})
