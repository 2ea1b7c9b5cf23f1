// A cold gate answers HTTP without Node's fetch, which takes longer to load than all of the door.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runOnce } from '#bench/cold/run-once.ts'
import { setStage, type Stage } from '#bench/cold/stage.ts'
import * as z from '#core/zod.ts'
import type { HttpCall } from '#infra/local/fc/by-hand.ts'

const built = fileURLToPath(new URL('../../../dist/function', import.meta.url))

/** The gate as deployed, then a standard class: had its loading not been seen, nothing would be proved. */
const watched = (gate: string): string => `
  import { handler as answer } from ${JSON.stringify(pathToFileURL(gate))}
  const isLoaded = () => process.moduleLoadList.includes('NativeModule internal/deps/undici/undici')
  export const handler = async (event, context) => {
    const { statusCode } = await answer(event, context)
    const loaded = isLoaded()
    return { statusCode, loaded, seen: new Headers() && isLoaded() }
  }`

let folder: string
let stage: Stage

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'startgate-cold-'))
  stage = await setStage(built, folder)
  await writeFile(join(folder, 'watched.mjs'), watched(join(stage.artifact, 'gate.mjs')))
})
afterAll(async () => {
  await stage.close()
  await rm(folder, { recursive: true })
})

async function answerCold(call: HttpCall): Promise<unknown> {
  const order = {
    file: join(folder, 'watched.mjs'),
    env: stage.env('gate'),
    event: stage.httpEvent(call),
    context: stage.context('gate'),
  }
  return z.looseObject({}).parse((await runOnce(order)).answer)
}

const JSON_TYPE = { 'content-type': 'application/json' }
const BADLY_SIGNED = {
  ...JSON_TYPE,
  'webhook-id': 'msg_1',
  'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
  'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')}`,
}

test.each<[string, number, HttpCall]>([
  [
    'a webhook with a bad signature',
    401,
    { method: 'POST', path: '/v1/webhooks/deploy-bot', headers: BADLY_SIGNED, body: '{}' },
  ],
  ['a chat call that is nobody’s', 401, { method: 'POST', path: '/v1/chat/slack', headers: JSON_TYPE, body: '{}' }],
  ['a method that a path does not take', 405, { method: 'DELETE', path: '/v1/chat/slack' }],
  ['a path that there is not', 404, { method: 'GET', path: '/nothing' }],
  ['the home page', 200, { method: 'GET', path: '/', headers: { accept: 'text/html' } }],
  ['its health', 200, { method: 'GET', path: '/healthz' }],
])('%s', async (_, statusCode, call) => {
  expect(await answerCold(call)).toEqual({ statusCode, loaded: false, seen: true })
})
