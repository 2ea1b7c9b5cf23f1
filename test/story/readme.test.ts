// The examples of the README, run as they stand there.
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CALLER_SECRET, deploy, type Deployment } from '#support/deployment.ts'
import { PRIVATE_JWKS } from '#support/keys.ts'
import { AUDIENCE } from '#support/team.ts'

const run = promisify(execFile)
const INSTANCE = 'i-bp67acfmxazb4p0001'

let deployment: Deployment
let folder: string
let readme: string

beforeAll(async () => {
  readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  folder = await mkdtemp(join(tmpdir(), 'startgate-readme-'))
  const tags = { team: 'reporting', startgate: 'allowed' }
  deployment = await deploy({ instances: [{ id: INSTANCE, region: 'cn-hangzhou', tags }], timers: false })
})
afterAll(async () => {
  await deployment.close()
  await rm(folder, { recursive: true })
})

/** The block of this language that asks. */
function exampleOf(language: string): string {
  const blocks = [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, code]) => code ?? '',
  )
  const [example] = blocks.filter((code) => code.includes('The monthly report is due'))
  if (example === undefined) throw new Error(`the README has no example in ${language}`)
  return example
}

test('a signed ask in Node', async () => {
  const example = exampleOf('js')
  expect(
    example
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('import ')),
  ).toHaveLength(10)
  await writeFile(join(folder, 'key.json'), JSON.stringify(PRIVATE_JWKS.alice))
  await writeFile(join(folder, 'ask.mjs'), example)
  const env = {
    ...process.env,
    STARTGATE_URL: deployment.url,
    STARTGATE_NAME: 'alice',
    STARTGATE_AUDIENCE: AUDIENCE,
    STARTGATE_KEY: join(folder, 'key.json'),
  }
  const { stdout } = await run(process.execPath, [join(folder, 'ask.mjs')], { env })
  expect(stdout).toMatch(/id: 'req_[0-9a-f]{32}',\s+state: 'pending'/)
})

test('a webhook in shell, with curl and openssl', async () => {
  const env = { ...process.env, STARTGATE_URL: deployment.url, CALLER_SECRET }
  const { stdout } = await run('sh', ['-eu', '-c', exampleOf('sh')], { env })
  expect(JSON.parse(stdout)).toMatchObject({ state: 'pending', says: expect.stringContaining(`start ${INSTANCE}`) })
  const { id } = JSON.parse(stdout) as { id: Parameters<Deployment['show']>[0] }
  expect((await deployment.show(id)).proposal.request.requester).toEqual({ principal: 'deploy-bot', via: 'webhook' })
})
