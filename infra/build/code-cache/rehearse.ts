// Plays what functions do most, from a fresh ask to the running machine, on a local cloud, and keeps the bytecode of the
// code that ran. A cold start then compiles next to nothing.
import { randomBytes } from 'node:crypto'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signJws, type PrivateJwk } from '#adapters/evidence/sign-jws.ts'
import { CHAT_WORDS } from '#core/language/chat-tables.ts'
import { proposalSchema } from '#core/proposal.ts'
import { requestIdSchema } from '#core/request-id.ts'
import { createStatement } from '#core/statement.ts'
import * as z from '#core/zod.ts'
import { placePolicy } from '#infra/build/place-policy.ts'
import { listFiles } from '#infra/build/report.ts'
import { APPS, createAppPeer } from '#infra/local/chat/apps.ts'
import { createLocalCloud, type MountedFunctions } from '#infra/local/cloud.ts'
import type { CloudPlace } from '#infra/local/deployed-functions.ts'
import { takeEvents, type HttpCall } from '#infra/local/fc/by-hand.ts'
import { signCall } from '#lib/cli/call-token.ts'
import { createPrivateJwk, toPublicJwk } from '#lib/cli/key-file.ts'
import { openTheatre, type Actor } from './theatre.ts'

const PATH = '/v1/start-requests'
const ASKER = 'asker'
const INSTANCE = { id: 'i-bp1rehearsal', region: 'cn-hangzhou', tags: { startgate: 'allowed' }, startingMs: 0 }
const CHANNEL = { kind: 'group', id: 'C0REHEARSAL' } as const

const asked = z.object({ id: requestIdSchema })
const shown = z.object({ proposal: proposalSchema })
const outcome = z.object({ state: z.string() })
const taken = z.object({ text: z.literal(CHAT_WORDS.en.lookingInGroup) })

/** Writes a `.cache` beside each file of the artifact that is loaded. Throws when anything is not answered as it must be. */
export async function rehearse(artifact: string, nodeFlags: readonly string[] = []): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'startgate-rehearsal-'))
  try {
    const stage = join(folder, 'function')
    const keys = { asker: createPrivateJwk(), approver: createPrivateJwk() }
    await writeFile(join(folder, 'policy.yaml'), JSON.stringify(toPolicy(keys)))
    await placePolicy(artifact, join(folder, 'policy.yaml'), stage)
    await play(stage, keys, nodeFlags)
    for (const { file } of await listFiles(stage, ['.']))
      if (file.endsWith('.cache')) await copyFile(join(stage, file), join(artifact, file))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`The rehearsal of the functions on a local cloud broke: ${why}`, { cause: error })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type Keys = Readonly<Record<'asker' | 'approver', PrivateJwk>>

function toPolicy({ asker, approver }: Keys): object {
  return {
    people: {
      [ASKER]: { keys: [toPublicJwk(asker)], chat: [`slack:${APPS.slack.team}/U0ASKER`] },
      approver: { keys: [toPublicJwk(approver)] },
    },
    machines: { robot: { webhook: { v1: true } } },
    chats: { slack: APPS.slack },
    rules: [
      {
        name: 'all',
        requesters: [ASKER],
        instances: { regions: [INSTANCE.region] },
        approvers: ['approver'],
        validFor: '1h',
      },
    ],
  }
}

async function play(artifact: string, keys: Keys, nodeFlags: readonly string[]): Promise<void> {
  const slack = { SLACK_SIGNING_SECRET: newSecret(), SLACK_BOT_TOKEN: `xoxb-${newSecret()}` }
  const cloud = await createLocalCloud({ instances: [INSTANCE], functions: mount })
  try {
    const { accountId, region, names } = cloud.spine
    const audience = `${accountId}/${region}/${names.starter}`
    const secrets = {
      VIEW_KEY: newSecret(),
      GATE_SIGNING_KEY: `whsk_${randomBytes(32).toString('base64')}`,
      CALLER_SECRET_ROBOT: `whsec_${randomBytes(32).toString('base64')}`,
      ...slack,
    }
    const theatre = openTheatre(cloud, { artifact, secrets, nodeFlags })
    const chat = createAppPeer.slack(slack, { groups: [CHANNEL.id], clock: { now: Date.now } })
    const command = chat.said('U0ASKER', CHANNEL, `start ${INSTANCE.id} It is needed`)

    const id = await theatre.act('gate', async (gate) => {
      await gate.call({ method: 'GET', path: '/healthz' }, 200)
      taken.parse(await gate.call({ ...command, method: 'POST' }, 200))
      await gate.call(forgedWebhook(), 401)
      const ask = asked.parse(await gate.call(await signedAsk(keys.asker, audience), 201))
      await approve(gate, ask.id, keys.approver)
      await gate.call({ method: 'GET', path: `/r/${ask.id}` }, 200)
      return ask.id
    })
    await theatre.act('starter', async (starter) => {
      await starter.invoke({ hint: id })
      await starter.invoke(timer('sweep'))
    })
    await theatre.act('gate', async (gate) => {
      await gate.invoke({ hint: id })
      await gate.invoke(timer('tell'))
      const { state } = outcome.parse(await gate.call({ method: 'GET', path: `${PATH}/${id}` }, 200))
      if (state !== 'running') throw new Error(`what is started is ${state}, and not running`)
      await gate.call({ method: 'GET', path: '/healthz' }, 200)
    })
  } finally {
    await cloud.close()
  }
}

/** Hints, and what the gate hands on to itself, are taken; the play itself decides what is done next. */
function mount({ spine }: CloudPlace): MountedFunctions {
  return {
    apiHandler: takeEvents(spine),
    httpHandler: () => (_, response) => void response.writeHead(503).end(),
    kill: () => undefined,
    freeze: () => undefined,
    close: () => Promise.resolve(),
  }
}

async function signedAsk(jwk: PrivateJwk, audience: string): Promise<HttpCall> {
  const body = JSON.stringify({ instanceId: INSTANCE.id, reason: 'It is needed' })
  const token = await signCall({ name: ASKER, audience, jwk }, { method: 'POST', path: PATH, body }, Date.now())
  const headers = { ...JSON_TYPE, authorization: `Bearer ${token}`, 'idempotency-key': newSecret() }
  return { method: 'POST', path: PATH, headers, body }
}

async function approve(gate: Actor, id: string, jwk: PrivateJwk): Promise<void> {
  const { proposal } = shown.parse(await gate.call({ method: 'GET', path: `${PATH}/${id}` }, 200))
  const statement = createStatement(proposal, 'approve', 'approver', Math.floor(Date.now() / 1000))
  const evidence = { kind: 'jws', token: await signJws(statement, jwk) }
  const body = JSON.stringify({ decision: 'approve', evidence })
  await gate.call({ method: 'POST', path: `${PATH}/${id}/decisions`, headers: JSON_TYPE, body }, 200)
}

const JSON_TYPE = { 'content-type': 'application/json' }

function forgedWebhook(): HttpCall {
  const headers = {
    ...JSON_TYPE,
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
    'webhook-signature': `v1,${randomBytes(32).toString('base64')}`,
  }
  return { method: 'POST', path: '/v1/webhooks/robot', headers, body: '{}' }
}

function timer(job: 'sweep' | 'tell'): object {
  return { triggerTime: new Date().toISOString(), triggerName: job, payload: JSON.stringify({ job }) }
}

function newSecret(): string {
  return randomBytes(16).toString('hex')
}
