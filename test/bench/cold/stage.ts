// A local cloud with the built artifact on it, on which nothing moves by itself: timers stand still, and hints are taken
// and followed by nobody. What is measured has the machine for itself.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { placePolicy } from '#infra/build/place-policy.ts'
import { createLocalCloud, type LocalCloud } from '#infra/local/cloud.ts'
import { deployedFunctions, readDefinitions, toEnvironments } from '#infra/local/deployed-functions.ts'
import { createByHand, takeEvents, type HttpCall } from '#infra/local/fc/by-hand.ts'
import type { Operation } from '#infra/local/spine.ts'
import { createApi, type Api } from '#support/api.ts'
import { CHAT_SECRETS, createTeamPeers, GROUPS, onPlatform, userOf } from '#support/team-chats.ts'
import { CALLER_SECRET, RECEIVER_SECRET, SIGNING_KEY } from '#support/deployment.ts'
import { teamDocument } from '#support/team.ts'

export type Role = 'gate' | 'starter'

export interface Stage {
  readonly cloud: LocalCloud
  /** The HTTP API of a gate that is warm: for what must have happened before. */
  readonly api: Api
  /** The built artifact with the team's policy. */
  readonly artifact: string
  /** What Slack sends when alice types this. */
  slackCall(text: string): HttpCall
  /** Adds an instance that runs as soon as it is started. Its id. */
  addInstance(): string
  env(role: Role): Readonly<Record<string, string>>
  /** What the platform says with each invocation. */
  context(role: Role): object
  /** The event of an HTTP call, as the platform makes it. */
  httpEvent(call: HttpCall): string
  /** The calls of this function from now on, when the last of them hands the other one something. */
  nextHint(from: Role): Promise<readonly string[]>
  close(): Promise<void>
}

const REGION = 'cn-hangzhou'
const SECRETS = {
  VIEW_KEY: 'a'.repeat(64),
  GATE_SIGNING_KEY: SIGNING_KEY,
  CALLER_SECRET_DEPLOY_BOT: CALLER_SECRET,
  RECEIVER_SECRET_OPS_ROOM: RECEIVER_SECRET,
}

/** `built`: the built artifact. The stage keeps its copy, with a policy of its own, in `folder`, which must exist. */
export async function setStage(built: string, folder: string): Promise<Stage> {
  const artifact = join(folder, 'function')
  await writeFile(join(folder, 'policy.yaml'), JSON.stringify(onPlatform(teamDocument(), 'slack')))
  await placePolicy(built, join(folder, 'policy.yaml'), artifact)
  const peers = await createTeamPeers()
  let note: (operation: Operation) => void = () => undefined
  const environment = { ...SECRETS, ...CHAT_SECRETS, CHAT_ENDPOINT: peers.endpoint }
  const cloud = await createLocalCloud({
    onOperation: (operation) => note(operation),
    functions: (place) => ({
      ...deployedFunctions({ artifact, environment, timers: false })(place),
      apiHandler: takeEvents(place.spine),
    }),
  })
  const { spine, endpoints, ecs } = cloud
  const byHand = createByHand(spine, readDefinitions())
  const environments = toEnvironments({ environment }, cloud)
  let instances = 0
  return {
    cloud,
    api: createApi(endpoints.http['gate'] ?? ''),
    artifact,
    slackCall(text) {
      const where = { kind: 'group', id: GROUPS.slack } as const
      return { method: 'POST', ...peers.peer('slack').said(userOf('slack', 'alice'), where, text) }
    },
    addInstance() {
      const id = `i-bp1bench${String((instances += 1)).padStart(5, '0')}`
      ecs.instances.add({ id, region: REGION, tags: { team: 'reporting', startgate: 'allowed' }, startingMs: 0 })
      return id
    },
    env: (role) => environments[role],
    context: byHand.context,
    httpEvent: (call) => JSON.stringify(byHand.httpEvent(call)),
    nextHint: async (from) =>
      new Promise((resolve) => {
        const calls: string[] = []
        note = ({ role, operation }) => {
          if (role !== from) return
          calls.push(operation)
          if (operation === 'InvokeFunction') resolve(calls)
        }
      }),
    async close() {
      await cloud.close()
      await peers.close()
    },
  }
}
