// Joins the gate's door with the world: who may come in, and what answers without the flow, which is loaded behind it.
import { createSeen } from '#adapters/chat/seen.ts'
import { createHandOn } from '#adapters/fc/hand-on.ts'
import type { Invocation } from '#adapters/fc/invocation.ts'
import type { Gate } from '#adapters/fc/open.ts'
import { createApp } from '#adapters/web/app.ts'
import { createWebhookVerifier } from '#adapters/webhook/verifier.ts'
import { sealEvent } from '#core/chat-seal.ts'
import type { ChatEvent } from '#core/chat.ts'
import { readGateConfig } from '#lib/config-gate.ts'
import type { Environment } from '#lib/config.ts'
import { connectChats } from '#lib/wire-chats.ts'
import { createGround, keep, once, readPolicy, toAudience } from '#lib/wire.ts'

/** `artifact`: the folder of the build, where the policy, the API's description and the page's script lie beside the code. */
export function wireGate(env: Environment, artifact: URL): (invocation: Invocation) => Gate {
  return once((first, current) => {
    const policy = readPolicy(artifact)
    const { config, secrets } = readGateConfig(env, policy)
    const ground = createGround(config, first, current)
    const { clock, log } = ground
    const { durations } = config
    const platforms = connectChats(policy, secrets.chats, { clock, durations, endpoint: config.chatEndpoint })
    const record = keep(async () => (await import('#lib/wire-record.ts')).wireRecord(config, ground))
    const flow = keep(async () => {
      const { wireGateFlow } = await import('#lib/wire-gate-flow.ts')
      return wireGateFlow({ artifact, config, secrets, policy, ground, record: await record(), platforms })
    })
    const audience = toAudience(ground, config.starterFunction)
    const seal = (event: ChatEvent) => sealEvent({ viewKey: secrets.viewKey, audience }, event)
    const app = createApp({
      ...ground,
      verifyWebhook: createWebhookVerifier({ policy, clock, secrets: (name) => secrets.callers[name] }),
      chat: {
        platforms,
        seen: createSeen(clock),
        handOn: createHandOn({ ...ground, gate: config.gateFunction, seal, durations }),
      },
      async checkHealth() {
        const { checkHealth } = await import('#flow/health.ts')
        return checkHealth({ ...ground, durations, policy, ...(await record()) })
      },
      routes: async () => (await flow()).routes,
    })
    return { log, deps: async () => (await flow()).deps, fetch: (request) => app.fetch(request) }
  })
}
