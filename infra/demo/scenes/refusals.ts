// What does not work, shown from outside and from inside.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type ecs from '@alicloud/ecs20140526'
import type { $OpenApiUtil } from '@alicloud/openapi-core'
import { signJws } from '#adapters/evidence/sign-jws.ts'
import { createStatement, evidenceSchema, type Evidence } from '#core/statement.ts'
import * as z from '#core/zod.ts'
import { Deviation, expect } from '#infra/demo/deviation.ts'
import { GPU_TRAINER, REPORTING } from '#infra/demo/fleet.ts'
import type { Answer } from '#infra/demo/gate-client.ts'
import type { Stage } from '#infra/demo/stage.ts'
import { idIn, only } from './gist.ts'

const approvalSchema = z.object({ evidence: evidenceSchema })

/** `spent`: a request that chen approved and that was carried out. */
export async function refusals(stage: Stage, spent: string): Promise<void> {
  const { narrator } = stage
  narrator.scene('What is refused')
  narrator.say('chen approves what others ask for. A wish of chen’s own is another matter.')
  const own = await approveOneself(stage)

  narrator.say(
    'An approval is no secret: whoever may look at mei’s request finds chen’s in it. Somebody copies it and presents',
    'it for the GPU machine. Outside, all flaws look the same, which leaves nothing to probe with; the log is exact.',
  )
  const copied = await copyApproval(stage, spent)
  await expectTokenRefused(stage, 'copied', await stage.gate.approve(own, copied), 'another_proposal')
  await denyFor(stage, own)

  narrator.say('In the evening reporting-1 is stopped. May the approval of this morning start it once more?')
  await replay(stage, spent, copied)

  narrator.say('Suppose somebody takes over the gate, the function on the internet, and calls ECS with its role.')
  const code = await startAsGate(stage, GPU_TRAINER)
  expect(code === 'Forbidden.RAM', `the role of the gate got ${code} from StartInstance`)
  expect(stage.cloud.ecs.instances.starts(GPU_TRAINER).length === 0, 'the machine that was denied was started')
  narrator.good('only the starter may start; it has no address on the internet, and it asks for signatures')
}

/** Returns the id of the request. */
async function approveOneself(stage: Stage): Promise<string> {
  const { startgate, narrator, gate } = stage
  const wish = ['ask', '--instance', GPU_TRAINER, '--reason', 'Training run 12']
  const own = idIn(await startgate('chen', wish, only('Asked')))
  const tried = await startgate('chen', ['approve', own, '--yes'])
  expect(tried.exit === 1, 'the command let chen approve a wish of chen’s own')
  narrator.say('That was only the command. chen signs by hand and sends it off:')
  const answer = await gate.approve(own, await signByHand(stage, own))
  await expectTokenRefused(stage, 'signed by hand', answer, 'is_the_requester')
  return own
}

async function denyFor({ startgate, narrator, room }: Stage, id: string): Promise<void> {
  const denied = await startgate('lin', ['deny', id, '--reason', 'No budget left this month'], only('Denied'))
  expect(denied.exit === 0, 'lin could not deny')
  await narrator.during(
    'the team is told',
    room.heard((news) => news.id === id && news.state === 'denied'),
  )
}

async function replay(stage: Stage, spent: string, copied: Evidence): Promise<void> {
  const { narrator, gate, cloud } = stage
  const { instances } = cloud.ecs
  instances.stop(REPORTING, 'KeepCharging')
  while (instances.find(REPORTING)?.phase.status !== 'Stopped')
    await narrator.during('reporting-1 is stopping', sleep(100))
  const replayed = await gate.approve(spent, copied)
  expect(!replayed.ok, 'an approval was used twice')
  narrator.refused(`used before: ${replayed.status} ${replayed.problem.title}. ${replayed.problem.detail}`)
  expect(instances.starts(REPORTING).length === 1, 'an approval started an instance twice')
  narrator.good('reporting-1 was started once so far, and stays stopped')
}

async function signByHand({ gate, cast }: Stage, id: string): Promise<Evidence> {
  const { proposal } = await gate.show(id)
  const statement = createStatement(proposal, 'approve', 'chen', Math.floor(Date.now() / 1000))
  return { kind: 'jws', token: await signJws(statement, cast.key('chen')) }
}

async function copyApproval({ gate }: Stage, id: string): Promise<Evidence> {
  const approved = (await gate.receipt(id)).asks.find(({ type }) => type === 'approved')
  return approvalSchema.parse(approved?.body).evidence
}

async function expectTokenRefused(
  { narrator, functions }: Stage,
  what: string,
  answer: Answer,
  flaw: string,
): Promise<void> {
  expect(!answer.ok, 'a token that is worth nothing was accepted')
  const [vague = ''] = answer.problem.detail.split('. ')
  narrator.refused(`${what}: ${answer.status} ${answer.problem.title}. ${vague}.`)
  // What a function prints arrives a moment after what it answers.
  for (let tries = 0; tries < 20; tries += 1) {
    const isLogged = functions.logs('gate').some(({ text }) => text.includes(`"flaw":"${flaw}"`))
    if (isLogged) return narrator.cloud(`in the log of the gate: call.token_refused, flaw: ${flaw}`)
    await sleep(50)
  }
  throw new Deviation(`the log of the gate does not name the flaw ${flaw}`)
}

/** With the SDK that lies beside the gate, and credentials as the platform gives them to it. Returns the error's code. */
async function startAsGate({ cloud, artifact }: Stage, instanceId: string): Promise<string> {
  const { accessKeyId, accessKeySecret, securityToken = '' } = cloud.spine.credentials.issue('gate', { ttlMs: 60_000 })
  const endpoint = new URL(cloud.endpoints.ecs[cloud.spine.region] ?? '').host
  const load = createRequire(join(artifact, 'gate.mjs'))
  const { Config } = (load('@alicloud/openapi-core') as { readonly $OpenApiUtil: typeof $OpenApiUtil }).$OpenApiUtil
  const sdk = load('@alicloud/ecs20140526') as typeof ecs
  const client = new sdk.default(
    new Config({ accessKeyId, accessKeySecret, securityToken, endpoint, protocol: 'http' }),
  )
  try {
    await client.startInstance(new sdk.StartInstanceRequest({ instanceId }))
    return 'no error'
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}
