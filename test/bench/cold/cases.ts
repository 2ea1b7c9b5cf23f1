// What is measured: one event each, what must be there before it, and how the right answer looks.
import { randomUUID } from 'node:crypto'
import { CHAT_WORDS } from '#core/language/chat-tables.ts'
import type { RequestId } from '#core/request-id.ts'
import * as z from '#core/zod.ts'
import { AN_ASK, signCall } from '#support/api.ts'
import type { Stage, Role } from './stage.ts'

/** `quiet`: nothing is open. `busy`: what earlier rounds asked for and approved is there. */
export type StageName = 'quiet' | 'busy'

export interface Case {
  readonly name: string
  readonly role: Role
  readonly on: StageName
  /** How many times as long as the smallest function it may take. */
  readonly target: number
  /** Makes what must be there before, and the event. */
  readonly prepare: (stage: Stage) => Promise<string> | string
  /** What it is measured up to; default: the answer. */
  readonly until?: (stage: Stage) => Promise<unknown>
  readonly isRight: (answer: unknown) => boolean
}

const PATH = '/v1/start-requests'
const JSON_TYPE = { 'content-type': 'application/json' }

export const CASES: readonly Case[] = [
  {
    name: 'gate: 401 to a bad signature',
    role: 'gate',
    on: 'quiet',
    target: 1.4,
    prepare: (stage) =>
      stage.httpEvent({
        method: 'POST',
        path: '/v1/webhooks/deploy-bot',
        headers: {
          ...JSON_TYPE,
          'webhook-id': 'msg_1',
          'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
          'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')}`,
        },
        body: JSON.stringify(AN_ASK),
      }),
    isRight: isProblem(401),
  },
  {
    name: 'gate: /healthz',
    role: 'gate',
    on: 'quiet',
    target: 1.4,
    prepare: (stage) => stage.httpEvent({ method: 'GET', path: '/healthz' }),
    isRight: isHttp(200, z.object({ healthy: z.literal(true) })),
  },
  {
    name: 'gate: “looking…” to a chat command',
    role: 'gate',
    on: 'quiet',
    target: 1.5,
    prepare: (stage) => stage.httpEvent(stage.slackCall(`start ${AN_ASK.instanceId} ${AN_ASK.reason}`)),
    isRight: isHttp(200, z.object({ text: z.literal(CHAT_WORDS.en.lookingInGroup) })),
  },
  {
    name: 'gate: an approval',
    role: 'gate',
    on: 'busy',
    target: 1.9,
    async prepare(stage) {
      const id = await ask(stage)
      const evidence = await stage.api.sign('bob', 'approve', id)
      const body = JSON.stringify({ decision: 'approve', evidence })
      return stage.httpEvent({ method: 'POST', path: `${PATH}/${id}/decisions`, headers: JSON_TYPE, body })
    },
    isRight: isHttp(200, z.object({ state: z.literal('ready') })),
  },
  {
    name: 'gate: an ask',
    role: 'gate',
    on: 'busy',
    target: 2.1,
    async prepare(stage) {
      const body = JSON.stringify({ ...AN_ASK, instanceId: stage.addInstance() })
      const authorization = `Bearer ${await signCall('alice', 'POST', PATH, body)}`
      const headers = { ...JSON_TYPE, authorization, 'idempotency-key': randomUUID() }
      return stage.httpEvent({ method: 'POST', path: PATH, headers, body })
    },
    isRight: isHttp(201, z.object({ state: z.literal('pending') })),
  },
  {
    name: 'starter: an idle sweep',
    role: 'starter',
    on: 'quiet',
    target: 1.4,
    prepare: () =>
      JSON.stringify({ triggerTime: new Date().toISOString(), triggerName: 'sweep', payload: '{"job":"sweep"}' }),
    isRight: (answer) => answer === 'done',
  },
  {
    name: 'starter: a dry run',
    role: 'starter',
    on: 'busy',
    target: 2.0,
    prepare: async (stage) => hintOfApproved(stage, true),
    isRight: (answer) => answer === 'done',
  },
  {
    name: 'starter: a start',
    role: 'starter',
    on: 'busy',
    target: 2.0,
    prepare: async (stage) => hintOfApproved(stage, false),
    // The answer of ECS is in the record, and somebody tells it. What follows is waiting for the machine.
    until: async ({ nextHint }) => nextHint('starter'),
    isRight: isCalls('StartInstance', 'PutRow', 'InvokeFunction'),
  },
]

async function hintOfApproved(stage: Stage, dryRun: boolean): Promise<string> {
  const id = await ask(stage, dryRun)
  await stage.api.approve(id)
  return JSON.stringify({ hint: id })
}

async function ask({ api, addInstance }: Stage, dryRun = false): Promise<RequestId> {
  const { status, body } = await api.ask({ instanceId: addInstance(), dryRun })
  if (status !== 201) throw new Error(`the ask was refused: ${JSON.stringify(body)}`)
  return body.id
}

/** The last of them. */
function isCalls(...last: readonly string[]): (answer: unknown) => boolean {
  return (answer) => Array.isArray(answer) && answer.slice(-last.length).join() === last.join()
}

function isHttp(status: number, body: z.ZodMiniType): (answer: unknown) => boolean {
  const schema = z.object({ statusCode: z.literal(status), body: z.string() })
  return (answer) => {
    const parsed = schema.safeParse(answer)
    return parsed.success && body.safeParse(JSON.parse(parsed.data.body)).success
  }
}

function isProblem(status: number): (answer: unknown) => boolean {
  return isHttp(status, z.object({ status: z.literal(status) }))
}
