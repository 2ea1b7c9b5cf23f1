// Joins the flow with the world. The only file that picks adapters. Everything is made at the first invocation and kept for the
// life of the instance; only the credentials change with each one.
import { readFileSync } from 'node:fs'
import type * as fc from '#adapters/fc/invocation.ts'
import type { Gate } from '#adapters/fc/open.ts'
import { createChat } from '#adapters/chat/chat.ts'
import { createDingtalk } from '#adapters/chat/dingtalk/dingtalk.ts'
import { createFeishu } from '#adapters/chat/feishu/feishu.ts'
import { createSeen } from '#adapters/chat/seen.ts'
import { createSlack } from '#adapters/chat/slack/slack.ts'
import { createInstanceLooks } from '#adapters/ecs/looks.ts'
import { createInstanceStarts } from '#adapters/ecs/starts.ts'
import { createEvidenceVerifier } from '#adapters/evidence/verifier.ts'
import { createHandOn } from '#adapters/fc/hand-on.ts'
import { createHints } from '#adapters/fc/hints.ts'
import { createLog } from '#adapters/log.ts'
import { createBook } from '#adapters/tablestore/book.ts'
import { createDays } from '#adapters/tablestore/days.ts'
import { createDriver } from '#adapters/tablestore/driver.ts'
import { createOpenSet } from '#adapters/tablestore/open-set.ts'
import { createApp } from '#adapters/web/app.ts'
import { parseSigningKey } from '#adapters/webhook/keys.ts'
import { createMessenger } from '#adapters/webhook/messenger.ts'
import { createWebhookVerifier } from '#adapters/webhook/verifier.ts'
import { createClock, createRandom } from '#adapters/world.ts'
import { sealEvent } from '#core/chat-seal.ts'
import type { ChatEvent } from '#core/chat.ts'
import type { Durations } from '#core/durations.ts'
import { CHAT_WORDS } from '#core/language/chat-tables.ts'
import { parsePolicy, type Policy } from '#core/policy.ts'
import type { Platform } from '#core/words.ts'
import type { GateDeps, StarterDeps } from '#flow/deps.ts'
import { readGateConfig, readStarterConfig, type Config, type Environment, type GateSecrets } from '#lib/config.ts'
import type { ChatPlatform } from '#ports/chat-platform.ts'
import type { Clock } from '#ports/world.ts'

/** `artifact`: the folder of the build, where the policy, the API's description and the page's script lie beside the code. */
export function wireGate(env: Environment, artifact: URL): (invocation: fc.Invocation) => Gate {
  return once((first, credentials) => {
    const policy = readPolicy(artifact)
    const { config, secrets } = readGateConfig(env, policy)
    const { driver, invoking, common } = join(config, policy, first, credentials, config.starterFunction)
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
      chat: createChat(platforms),
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
    const openapi = readJson(artifact, 'openapi.json')
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

export function wireStarter(env: Environment, artifact: URL): (invocation: fc.Invocation) => StarterDeps {
  return once((first, credentials) => {
    const policy = readPolicy(artifact)
    const config = readStarterConfig(env)
    const { driver, ecs, common } = join(config, policy, first, credentials, first.functionName)
    return {
      ...common,
      asks: createBook(driver, 'asks'),
      runs: createBook(driver, 'runs'),
      open: createOpenSet(driver),
      starts: createInstanceStarts(ecs),
      build: readBuild(artifact),
    }
  })
}

type CredentialsNow = () => fc.Credentials

/** One request at a time runs in an instance, so the credentials of the latest invocation are always the ones to use. */
function once<Wired>(
  wire: (first: fc.Invocation, credentials: CredentialsNow) => Wired,
): (invocation: fc.Invocation) => Wired {
  let wired: Wired | undefined
  let current: fc.Credentials
  return (invocation) => {
    current = invocation.credentials
    wired ??= wire(invocation, () => current)
    return wired
  }
}

/** What both functions share. `starter` is the name that approvals are worth something for. */
function join(
  config: Config,
  policy: Policy,
  { accountId, regionId }: fc.Invocation,
  credentials: CredentialsNow,
  starter: string,
) {
  const { durations } = config
  const clock = createClock()
  const log = createLog(clock)
  const { endpoint, instance } = config.tablestore
  const driver = createDriver({ endpoint, instanceName: instance, credentials, durations, clock, log })
  const ecs = { endpoint: config.ecsEndpoint, accountId, credentials, durations }
  const functions = { gate: config.gateFunction, starter: config.starterFunction }
  const fcEndpoint = config.fcEndpoint === undefined ? {} : { endpoint: config.fcEndpoint }
  const invoking = { accountId, regionId, credentials, ...fcEndpoint }
  const hints = createHints({ ...invoking, functions, durations, log })
  const common = {
    clock,
    random: createRandom(),
    log,
    durations,
    policy,
    audience: `${accountId}/${regionId}/${starter}`,
    evidence: createEvidenceVerifier(),
    looks: createInstanceLooks(ecs),
    hints,
  }
  return { driver, ecs, invoking, common }
}

function readPolicy(artifact: URL): Policy {
  const parsed = parsePolicy(readJson(artifact, 'policy.json'))
  // The build has refused a wrong one, so this artifact was changed by hand.
  if (!parsed.ok)
    throw new Error(
      `policy.json is refused: ${parsed.faults.map(({ path, cause }) => `${path.join('.')}: ${cause}`).join('; ')}`,
    )
  return parsed.policy
}

function readBuild(artifact: URL): string {
  const { version, commit } = readJson(artifact, 'build.json') as { version?: unknown; commit?: unknown }
  return `${String(version)} ${String(commit)}`
}

function readJson(artifact: URL, file: string): unknown {
  return JSON.parse(readText(artifact, file))
}

function readText(artifact: URL, file: string): string {
  return readFileSync(new URL(file, artifact), 'utf8')
}
