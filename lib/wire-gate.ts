// Joins the gate's flow with the world.
import { createChat } from '#adapters/chat/chat.ts'
import { createDingtalk } from '#adapters/chat/dingtalk/dingtalk.ts'
import { createFeishu } from '#adapters/chat/feishu/feishu.ts'
import { createSeen } from '#adapters/chat/seen.ts'
import { createSlack } from '#adapters/chat/slack/slack.ts'
import { createHandOn } from '#adapters/fc/hand-on.ts'
import type { Invocation } from '#adapters/fc/invocation.ts'
import type { Gate } from '#adapters/fc/open.ts'
import { createBook } from '#adapters/tablestore/book.ts'
import { createDays } from '#adapters/tablestore/days.ts'
import { createOpenSet } from '#adapters/tablestore/open-set.ts'
import { createApp } from '#adapters/web/app.ts'
import { parseSigningKey } from '#adapters/webhook/keys.ts'
import { createMessenger } from '#adapters/webhook/messenger.ts'
import { createWebhookVerifier } from '#adapters/webhook/verifier.ts'
import { sealEvent } from '#core/chat-seal.ts'
import type { ChatEvent } from '#core/chat.ts'
import type { Durations } from '#core/durations.ts'
import { CHAT_WORDS } from '#core/language/chat-tables.ts'
import type { Policy } from '#core/policy.ts'
import type { Platform } from '#core/words.ts'
import type { GateDeps } from '#flow/deps.ts'
import { readGateConfig, type Environment, type GateSecrets } from '#lib/config.ts'
import { join, once, readJson, readPolicy, readText } from '#lib/wire.ts'
import type { ChatPlatform } from '#ports/chat-platform.ts'
import type { Clock } from '#ports/world.ts'

/** `artifact`: the folder of the build, where the policy, the API's description and the page's script lie beside the code. */
export function wireGate(env: Environment, artifact: URL): (invocation: Invocation) => Gate {
  return once((first, current) => {
    const policy = readPolicy(artifact)
    const { config, secrets } = readGateConfig(env, policy)
    const { driver, invoking, common } = join(config, policy, first, current, config.starterFunction)
    const { clock, durations, log, audience } = common
    const { publicUrl } = config
    const signingKey = parseSigningKey(secrets.signingKey)
    const { chatEndpoint } = config
    const reach = { clock, durations, ...(chatEndpoint === undefined ? {} : { endpoint: chatEndpoint }) }
    const platforms = connectChats(policy, secrets.chats, reach)
    const deps: GateDeps = {
      ...common,
      asks: createBook(driver, 'asks'),
      runs: createBook(driver, 'runs'),
      open: createOpenSet(driver),
      days: createDays(driver),
      messenger: createMessenger({
        policy,
        publicUrl,
        signingKey,
        secrets: (name) => secrets.receivers[name],
        clock,
        durations,
      }),
      chat: createChat(platforms, { clock, durations }),
      publicUrl,
      accountId: first.accountId,
      regionId: first.regionId,
      viewKey: secrets.viewKey,
    }
    const verifyWebhook = createWebhookVerifier({ policy, clock, secrets: (name) => secrets.callers[name] })
    const seal = (event: ChatEvent) => sealEvent({ viewKey: secrets.viewKey, audience }, event)
    const handOn = createHandOn({ ...invoking, gate: config.gateFunction, seal, durations, log })
    const chat = { platforms, seen: createSeen(clock), handOn }
    const { publicJwk } = signingKey
    const openapi = () => readJson(artifact, 'openapi.json')
    const policySchema = () => readJson(artifact, 'policy.schema.json')
    const page = () => ({ script: readText(artifact, 'page/script.js'), style: readText(artifact, 'page/style.css') })
    const app = createApp({ deps, publicUrl, verifyWebhook, publicJwk, openapi, policySchema, page, chat })
    return { deps, fetch: (request) => app.fetch(request) }
  })
}

interface Reach {
  readonly clock: Clock
  readonly durations: Durations
  readonly endpoint?: string
}

/** Those of the policy: the gate does not come up without their secrets. */
function connectChats(
  { chats: { dingtalk, feishu, slack } }: Policy,
  secrets: GateSecrets['chats'],
  reach: Reach,
): ReadonlyMap<Platform, ChatPlatform> {
  const platforms: ChatPlatform[] = []
  if (dingtalk !== undefined && secrets.dingtalk !== undefined) {
    const words = CHAT_WORDS[dingtalk.language]
    platforms.push(createDingtalk({ chat: dingtalk, secrets: secrets.dingtalk, words, ...reach }))
  }
  if (feishu !== undefined && secrets.feishu !== undefined) {
    const words = CHAT_WORDS[feishu.language]
    platforms.push(createFeishu({ chat: feishu, secrets: secrets.feishu, words, ...reach }))
  }
  if (slack !== undefined && secrets.slack !== undefined) {
    const words = CHAT_WORDS[slack.language]
    platforms.push(createSlack({ chat: slack, secrets: secrets.slack, words, ...reach }))
  }
  return new Map(platforms.map((each) => [each.platform, each]))
}
