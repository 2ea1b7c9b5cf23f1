// The team on all three chat platforms: who they are there, the platforms themselves, and what the gate needs for them.
import { createDingtalkPeer } from '#infra/local/chat/dingtalk.ts'
import { createFeishuPeer } from '#infra/local/chat/feishu.ts'
import { createChatPeers, type ChatPeers } from '#infra/local/chat/peers.ts'
import { createSlackPeer } from '#infra/local/chat/slack.ts'
import type { Platform } from '#core/words.ts'
import type { teamDocument } from './team.ts'

const SLACK = { team: 'T0TEAM', app: 'A0STARTGATE' }
const FEISHU = { tenant: 'team-tenant', app: 'cli_startgate' }
const DINGTALK = {
  corp: 'dingteam',
  app: 'dingapp',
  robot: 'dingrobot',
  template: 'startgate.schema',
  route: 'startgate',
}

/** In the order of `Rotating`: what is demanded of the environment. */
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
export const GROUPS: Readonly<Record<Platform, string>> = { slack: 'C0OPS', feishu: 'oc_ops', dingtalk: 'cidOPS==' }

/** Of a person of the team; erin is in no policy. */
export function userOf(platform: Platform, name: string): string {
  return { slack: `U0${name.toUpperCase()}`, feishu: `ou_${name}`, dingtalk: `staff-${name}` }[platform]
}

export function createTeamPeers(): Promise<ChatPeers> {
  const { SLACK_SIGNING_SECRET, SLACK_BOT_TOKEN, FEISHU_ENCRYPT_KEY, FEISHU_APP_SECRET } = CHAT_SECRETS
  const { DINGTALK_APP_SECRET, DINGTALK_AES_KEY, DINGTALK_CARD_SECRET } = CHAT_SECRETS
  return createChatPeers([
    createSlackPeer({
      ...SLACK,
      clock: { now: Date.now },
      secrets: { signing: SLACK_SIGNING_SECRET, botToken: SLACK_BOT_TOKEN },
      groups: [GROUPS.slack],
    }),
    createFeishuPeer({
      ...FEISHU,
      appSecret: FEISHU_APP_SECRET,
      encryptKey: FEISHU_ENCRYPT_KEY,
      groups: [GROUPS.feishu],
    }),
    createDingtalkPeer({
      ...DINGTALK,
      appSecret: DINGTALK_APP_SECRET,
      aesKey: DINGTALK_AES_KEY,
      cardSecret: DINGTALK_CARD_SECRET,
      groups: [GROUPS.dingtalk],
    }),
  ])
}

/** Connects one platform, and puts the people of the team on it. */
export function onPlatform(document: ReturnType<typeof teamDocument>, platform: Platform): typeof document {
  const tenant = { slack: SLACK.team, feishu: FEISHU.tenant, dingtalk: DINGTALK.corp }[platform]
  const people = document['people'] as Readonly<Record<string, object>>
  return {
    ...document,
    chats: { [platform]: { slack: SLACK, feishu: FEISHU, dingtalk: DINGTALK }[platform] },
    people: Object.fromEntries(
      Object.entries(people).map(([name, person]) => [
        name,
        { ...person, chat: [`${platform}:${tenant}/${userOf(platform, name)}`] },
      ]),
    ),
  }
}
