// What a function says of itself when it cannot work as it is set up.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { parseInvocation } from '#adapters/fc/invocation.ts'
import { readPolicy } from '#infra/build/policy.ts'
import type { Environment } from '#lib/config.ts'
import { RUNTIME } from '#lib/runtime.ts'
import { report } from '#lib/wire-doctor.ts'
import { CONTEXT } from './fc-events/fixtures.ts'

const ENV = {
  TABLESTORE_ENDPOINT: 'https://startgate.cn-hangzhou.vpc.tablestore.aliyuncs.com',
  TABLESTORE_INSTANCE: 'startgate',
  ECS_ENDPOINT: 'ecs-vpc.<region>.aliyuncs.com',
  GATE_FUNCTION: 'startgate-gate',
  STARTER_FUNCTION: 'startgate-starter',
  PUBLIC_URL: 'https://start.example.com',
  VIEW_KEY: 'k'.repeat(32),
  GATE_SIGNING_KEY: `whsk_${Buffer.alloc(64, 3).toString('base64')}`,
  CALLER_SECRET_DEPLOY_BOT: `whsec_${Buffer.alloc(24, 1).toString('base64')}`,
}
const HALVES = 'GATE_SIGNING_KEY: its two halves do not belong together'

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

/** Of an artifact with what the build makes of a policy, but for these files; undefined: there is none. */
async function reportOf(files: Readonly<Record<string, string | undefined>>, env: Environment = ENV) {
  const folder = await mkdtemp(join(tmpdir(), 'startgate-doctor-'))
  folders.push(folder)
  const { compiled, marks } = await readPolicy('infra/policy.yaml', { deploy: false })
  const built = { 'policy.json': compiled, 'build.json': JSON.stringify({ version: '1.2.3', commit: 'abc', ...marks }) }
  for (const [name, text] of Object.entries({ ...built, ...files }))
    if (text !== undefined) await writeFile(join(folder, name), text)
  const asked = { invocation: parseInvocation(CONTEXT), instances: [], lastTimer: undefined }
  return { marks, ...(await report('gate', env, pathToFileURL(`${folder}/`), asked)) }
}

describe('a gate that does not come up', () => {
  it('names what is wrong with its environment', async () => {
    const { marks, ...said } = await reportOf({})
    expect(said).toMatchObject({ build: '1.2.3 abc', policy: marks.policyDigest, problems: [HALVES] })
    expect(said).not.toHaveProperty('world')
  })

  it('says which Node it runs on, and that sources have no bytecode', async () => {
    const nodeFlags = process.execArgv.join(' ')
    expect(await reportOf({})).toMatchObject({ runtime: RUNTIME, nodeFlags, bytecode: 'none' })
  })

  it('names the flags that its environment gives to Node, too', async () => {
    const { nodeFlags } = await reportOf({}, { ...ENV, NODE_OPTIONS: '--max-old-space-size=300' })
    expect(nodeFlags).toBe(['--max-old-space-size=300', ...process.execArgv].join(' '))
  })

  it('says that its policy is not the one that was built', async () => {
    const said = await reportOf({ 'policy.json': '{"rules":[]}' })
    expect(said.problems).toEqual([expect.stringContaining('build and deploy again')])
    expect(said).not.toHaveProperty('policy')
  })

  it.each([undefined, '', '{'])('says so when it has nothing by which it knows its build: %j', async (text) => {
    const said = await reportOf({ 'build.json': text })
    expect(said.build).toBe('unknown')
    expect(said.problems).toHaveLength(1)
    expect(said).not.toHaveProperty('policy')
  })
})
