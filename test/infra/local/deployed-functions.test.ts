import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLocalCloud } from '#infra/local/cloud.ts'
import { deployedFunctions } from '#infra/local/deployed-functions.ts'

/** A product in three lines: it answers with its environment. */
const PRODUCT = `export const handler = async () =>
  JSON.stringify({ statusCode: 200, headers: {}, body: JSON.stringify(process.env), isBase64Encoded: false })
`

let artifact: string

beforeAll(async () => {
  artifact = await mkdtemp(join(tmpdir(), 'artifact-'))
  await writeFile(join(artifact, 'gate.mjs'), PRODUCT)
  await writeFile(join(artifact, 'starter.mjs'), PRODUCT)
})
afterAll(async () => {
  await rm(artifact, { recursive: true })
})

const environment = { VIEW_KEY: 'k'.repeat(32), GATE_SIGNING_KEY: 'whsk_a' }

test('the functions of s.yaml find every endpoint in their environment', async () => {
  const cloud = await createLocalCloud({ functions: deployedFunctions({ artifact, environment, timers: false }) })
  try {
    const { ots, ecs, fc, http } = cloud.endpoints
    const answer = await fetch(http['gate'] ?? '')
    const starter = await cloud.functions?.invoke('starter', '{}')

    const shared = {
      TABLESTORE_ENDPOINT: ots,
      TABLESTORE_INSTANCE: 'startgate',
      ECS_ENDPOINT: new URL(ecs['cn-hangzhou'] ?? '').host,
      INVOKE_ENDPOINT: fc,
      GATE_FUNCTION: 'startgate-gate',
      STARTER_FUNCTION: 'startgate-starter',
    }
    expect(await answer.json()).toMatchObject({ ...shared, ...environment, PUBLIC_URL: http['gate'] })
    const { body } =
      starter?.kind === 'answered' ? (JSON.parse(starter.body.toString()) as { body: string }) : { body: '{}' }
    expect(JSON.parse(body)).toMatchObject({ ...shared, FC_FUNCTION_NAME: 'startgate-starter' })
  } finally {
    await cloud.close()
  }
})

test('the starter gets none of the gate’s secrets', async () => {
  const cloud = await createLocalCloud({ functions: deployedFunctions({ artifact, environment, timers: false }) })
  try {
    const outcome = await cloud.functions?.invoke('starter', '{}')

    expect(outcome?.kind === 'answered' && outcome.body.toString()).not.toContain(environment.VIEW_KEY)
  } finally {
    await cloud.close()
  }
})

test('function names that RAM does not know are refused', async () => {
  const functions = deployedFunctions({ artifact, environment, timers: false })

  await expect(createLocalCloud({ gate: 'other', functions })).rejects.toThrow('RAM knows the gate as other')
})
