// The team on all three chat platforms: who they are there, and what the gate needs for them.
import { APPS, createAppPeer, TENANTS } from '#infra/local/chat/apps.ts'
import type { ChatPeer } from '#infra/local/chat/peer.ts'
import { createChatPeers, type ChatPeers } from '#infra/local/chat/peers.ts'
import { platformSchema, type Platform } from '#core/words.ts'
import type { teamDocument } from './team.ts'

export const CHAT_SECRETS = {
  SLACK_SIGNING_SECRET: 'slack-signing-secret-of-the-tests',
  SLACK_BOT_TOKEN: 'xoxb-token-of-the-tests-0123456789',
  FEISHU_ENCRYPT_KEY: 'feishu-encrypt-key-of-the-tests',
  FEISHU_APP_SECRET: 'feishu-app-secret-of-the-tests',
  DINGTALK_APP_SECRET: 'dingtalk-app-secret-of-the-tests',
  DINGTALK_AES_KEY: Buffer.alloc(32, 5).toString('base64').slice(0, 43),
  DINGTALK_CARD_SECRET: 'dingtalk-card-secret-of-the-tests',
} as const

/** The group in which the team talks, by the platform's own id and as the policy names it. */
export const GROUPS: Readonly<Record<Platform, string>> = {
  slack: 'C0OPS',
  feishu: 'oc_ops',
  dingtalk: 'cid5DEAySuFk+mtMwii4NLYQ==',
}

/** Of a person of the team; erin is in no policy. */
export function userOf(platform: Platform, name: string): string {
  return { slack: `U0${name.toUpperCase()}`, feishu: `ou_${name}`, dingtalk: `staff-${name}` }[platform]
}

/** `clock`: epoch ms; default: that of this computer. */
export function createTeamPeer(platform: Platform, clock = { now: Date.now }): ChatPeer {
  return createAppPeer[platform](CHAT_SECRETS, { groups: [GROUPS[platform]], clock })
}

export function createTeamPeers(): Promise<ChatPeers> {
  return createChatPeers(platformSchema.options.map((platform) => createTeamPeer(platform)))
}

/** Connects one platform, and puts the people of the team on it. */
export function onPlatform(document: ReturnType<typeof teamDocument>, platform: Platform): typeof document {
  const people = document['people'] as Readonly<Record<string, object>>
  return {
    ...document,
    chats: { [platform]: APPS[platform] },
    people: Object.fromEntries(
      Object.entries(people).map(([name, person]) => [
        name,
        { ...person, chat: [`${platform}:${TENANTS[platform]}/${userOf(platform, name)}`] },
      ]),
    ),
  }
}
