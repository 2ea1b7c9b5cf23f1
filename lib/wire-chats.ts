// The chat platforms of the policy. Each is loaded when somebody calls from there, or is told there.
import type { Durations } from '#core/durations.ts'
import { CHAT_WORDS } from '#core/language/chat-tables.ts'
import type { Policy } from '#core/policy.ts'
import type { Platform } from '#core/words.ts'
import type { ChatSecrets } from '#lib/config-secrets.ts'
import { keep } from '#lib/wire.ts'
import type { ChatPlatform } from '#ports/chat-platform.ts'
import type { Clock } from '#ports/world.ts'

export type Connected = ReadonlyMap<Platform, () => Promise<ChatPlatform>>

interface Reach {
  readonly clock: Clock
  readonly durations: Durations
  /** Only the local cloud has one; the platforms are where they are. */
  readonly endpoint: string | undefined
}

/** The gate does not come up without their secrets. */
export function connectChats(
  { chats: { dingtalk, feishu, slack } }: Policy,
  secrets: ChatSecrets,
  { clock, durations, endpoint }: Reach,
): Connected {
  const reach = { clock, durations, ...(endpoint === undefined ? {} : { endpoint }) }
  const connected = new Map<Platform, () => Promise<ChatPlatform>>()
  if (dingtalk !== undefined && secrets.dingtalk !== undefined) {
    const options = { chat: dingtalk, secrets: secrets.dingtalk, words: CHAT_WORDS[dingtalk.language], ...reach }
    const load = async () => (await import('#adapters/chat/dingtalk/dingtalk.ts')).createDingtalk(options)
    connected.set('dingtalk', keep(load))
  }
  if (feishu !== undefined && secrets.feishu !== undefined) {
    const options = { chat: feishu, secrets: secrets.feishu, words: CHAT_WORDS[feishu.language], ...reach }
    const load = async () => (await import('#adapters/chat/feishu/feishu.ts')).createFeishu(options)
    connected.set('feishu', keep(load))
  }
  if (slack !== undefined && secrets.slack !== undefined) {
    const options = { chat: slack, secrets: secrets.slack, words: CHAT_WORDS[slack.language], ...reach }
    const load = async () => (await import('#adapters/chat/slack/slack.ts')).createSlack(options)
    connected.set('slack', keep(load))
  }
  return connected
}
