// That the search for leaked secrets, with which every story ends, finds them.
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CALLER_SECRET, deploy, SIGNING_KEY } from '#support/deployment.ts'

/** Says aloud all that it is told, and then does what the gate does. */
const TALKING = `
import { handler as inner } from './inner.mjs'
const say = (facts) => console.log(JSON.stringify({ at: '', level: 'info', ...facts }))
say({ event: 'chat.heard' })
say({ event: 'told', call: '1' })
say({ event: 'chat.heard', call: '1', key: process.env.VIEW_KEY })
export async function handler(bytes, context) {
  const { headers, body, isBase64Encoded } = JSON.parse(Buffer.from(bytes).toString())
  say({ event: 'chat.heard', call: '1', headers, credentials: context.credentials })
  if (body) console.log(isBase64Encoded ? Buffer.from(body, 'base64').toString() : body)
  return inner(bytes, context)
}
`

test('a gate that prints what it must not is found out', { timeout: 60_000 }, async () => {
  const deployment = await deploy({
    timers: false,
    prepare: async (artifact) => {
      await rename(join(artifact, 'gate.mjs'), join(artifact, 'inner.mjs'))
      await writeFile(join(artifact, 'gate.mjs'), TALKING)
    },
  })
  const { id } = (await deployment.ask()).body
  expect((await deployment.approve(id)).status).toBe(200)
  const { tablestore, spine } = deployment.cloud
  tablestore.seed('days', [['2026-11-23', 1, id]], { key: `of ${SIGNING_KEY}` })
  const subject = `asks (${CALLER_SECRET.slice('whsec_'.length)})`
  spine.record({ at: 0, service: 'ots', operation: 'GetRow', role: 'gate', subject, status: 200, durationMs: 1 })
  const leaks = await deployment.close().then(
    () => '',
    (error: unknown) => String(error),
  )

  for (const leak of [
    'VIEW_KEY stands in the log of the gate',
    'a credential of a role stands in the log of the gate',
    'the key id of a role stands in the log of the gate',
    'a signed call stands in the log of the gate',
    'evidence of the kind jws stands in the log of the gate',
    'GATE_SIGNING_KEY stands in the table days',
    'CALLER_SECRET_DEPLOY_BOT stands in the list of cloud calls',
    'has no name: {"at":"","level":"info","event":"chat.heard"}',
    'has no name: {"at":"","level":"info","event":"told","call":"1"}',
  ])
    expect(leaks).toContain(leak)
})
