// Joins the gate's flow with the world, and the routes of the flow with it. Loaded behind the door.
import { createChat } from '#adapters/chat/chat.ts'
import { createDays } from '#adapters/tablestore/days.ts'
import { createRoutes } from '#adapters/web/routes.ts'
import { parseSigningKey, type SigningKey } from '#adapters/webhook/keys.ts'
import { createMessenger } from '#adapters/webhook/messenger.ts'
import type { Policy } from '#core/policy.ts'
import type { GateDeps } from '#flow/deps.ts'
import type { GateConfig, GateSecrets } from '#lib/config-gate.ts'
import type { Connected } from '#lib/wire-chats.ts'
import { join } from '#lib/wire-flow.ts'
import type { OpenRecord } from '#lib/wire-record.ts'
import { readJson, readText, type Ground } from '#lib/wire.ts'

interface BehindTheDoor {
  readonly artifact: URL
  readonly config: GateConfig
  readonly secrets: GateSecrets
  readonly policy: Policy
  readonly ground: Ground
  readonly record: OpenRecord
  readonly platforms: Connected
}

export function wireGateFlow({ artifact, config, secrets, policy, ground, record, platforms }: BehindTheDoor) {
  const { driver, ...books } = record
  const { common } = join(config, policy, ground, config.starterFunction)
  const { publicUrl, durations } = config
  const { accountId, regionId, clock } = ground
  // Made when something is signed, or somebody asks for its public half: few calls do either.
  let made: SigningKey | undefined
  const signingKey = () => (made ??= parseSigningKey(secrets.signingKey))
  const sharedSecrets = (name: string) => secrets.receivers[name]
  const deps: GateDeps = {
    ...common,
    ...books,
    days: createDays(driver),
    messenger: createMessenger({ policy, publicUrl, signingKey, secrets: sharedSecrets, clock, durations }),
    chat: createChat(platforms, { clock, durations }),
    publicUrl,
    accountId,
    regionId,
    viewKey: secrets.viewKey,
  }
  const routes = createRoutes({
    deps,
    publicUrl,
    publicJwk: () => signingKey().publicJwk,
    openapi: () => readJson(artifact, 'openapi.json'),
    policySchema: () => readJson(artifact, 'policy.schema.json'),
    page: () => ({ script: readText(artifact, 'page/script.js'), style: readText(artifact, 'page/style.css') }),
  })
  return { deps, routes }
}
