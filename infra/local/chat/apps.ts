// The app that Startgate is on each chat platform, in one organisation of each, and the local platforms that know it.
import type { Platform } from '#core/words.ts'
import { createDingtalkPeer } from './dingtalk.ts'
import { createFeishuPeer } from './feishu.ts'
import type { ChatPeer } from './peer.ts'
import { createSlackPeer } from './slack.ts'

/** As a policy names them. */
export const APPS = {
  slack: { team: 'T0TEAM', app: 'A0STARTGATE' },
  feishu: { tenant: 'team-tenant', app: 'cli_startgate' },
  dingtalk: {
    corp: 'dingteam',
    app: 'dingapp',
    robot: 'dingrobot',
    template: 'startgate.schema',
    route: 'startgate',
  },
} as const

/** The organisations, as identities name them. */
export const TENANTS: Readonly<Record<Platform, string>> = {
  slack: APPS.slack.team,
  feishu: APPS.feishu.tenant,
  dingtalk: APPS.dingtalk.corp,
}

/** By the names under which the gate finds them in its environment. */
type Secrets<Name extends string> = Readonly<Record<Name, string>>

interface Surroundings {
  /** Those that the robot is in, by the platform's own ids. */
  readonly groups: readonly string[]
  /** Epoch ms. */
  readonly clock: { now(): number }
}

export const createAppPeer = {
  slack: (secrets: Secrets<'SLACK_SIGNING_SECRET' | 'SLACK_BOT_TOKEN'>, { groups, clock }: Surroundings): ChatPeer =>
    createSlackPeer({
      ...APPS.slack,
      secrets: { signing: secrets.SLACK_SIGNING_SECRET, botToken: secrets.SLACK_BOT_TOKEN },
      groups,
      clock,
    }),
  feishu: (secrets: Secrets<'FEISHU_ENCRYPT_KEY' | 'FEISHU_APP_SECRET'>, { groups, clock }: Surroundings): ChatPeer =>
    createFeishuPeer({
      ...APPS.feishu,
      encryptKey: secrets.FEISHU_ENCRYPT_KEY,
      appSecret: secrets.FEISHU_APP_SECRET,
      groups,
      now: clock.now,
    }),
  dingtalk: (
    secrets: Secrets<'DINGTALK_APP_SECRET' | 'DINGTALK_AES_KEY' | 'DINGTALK_CARD_SECRET'>,
    { groups, clock }: Surroundings,
  ): ChatPeer =>
    createDingtalkPeer({
      ...APPS.dingtalk,
      appSecret: secrets.DINGTALK_APP_SECRET,
      aesKey: secrets.DINGTALK_AES_KEY,
      cardSecret: secrets.DINGTALK_CARD_SECRET,
      groups,
      now: clock.now,
    }),
}
