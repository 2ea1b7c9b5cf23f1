// DingTalk as a team has set it up, and calls as DingTalk makes them.
import { createDingtalk, type DingtalkOptions } from '#adapters/chat/dingtalk/dingtalk.ts'
import { toTrackId } from '#adapters/chat/dingtalk/track-id.ts'
import { signMessage, toSaid } from '#infra/local/chat/dingtalk-calls.ts'
import { createDingtalkPeer, type DingtalkPeer } from '#infra/local/chat/dingtalk.ts'
import type { SignedCall } from '#infra/local/chat/peer.ts'
import type { ChatPlatform, Parsed } from '#ports/chat-platform.ts'
import { NOW, REQUEST } from './samples.ts'

export const APP = {
  corp: 'ding8a8b8c8d',
  app: 'dingappkey1',
  robot: 'dingrobot1',
  template: '0a1b2c3d-0001.schema',
  route: 'startgate',
  appSecret: 'app secret',
  aesKey: '4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij',
  cardSecret: 'card secret',
}
export const CHAT = {
  corp: APP.corp,
  app: APP.app,
  robot: APP.robot,
  template: APP.template,
  route: APP.route,
  language: 'en',
} as const
export const GROUP = { kind: 'group', id: 'cidOperations==' } as const
export const WORDS = { looking: 'Looking…', lookingInGroup: 'Looking, all of you…', notTaken: 'Say it again.' }

interface Change {
  readonly secrets?: Partial<DingtalkOptions['secrets']>
  readonly endpoint?: string
  readonly now?: number
  readonly clock?: { readonly now: () => number }
}

export function aDingtalk({ secrets, endpoint, now = NOW, clock = { now: () => now } }: Change = {}): ChatPlatform {
  const { appSecret, aesKey, cardSecret } = APP
  return createDingtalk({
    chat: CHAT,
    secrets: {
      appSecret: { current: appSecret },
      aesKey: { current: aesKey },
      cardSecret: { current: cardSecret },
      ...secrets,
    },
    words: WORDS,
    clock,
    durations: { deliverTimeout: 5000 },
    ...(endpoint !== undefined && { endpoint }),
  })
}

export function aDingtalkPeer(): DingtalkPeer {
  return createDingtalkPeer({ ...APP, groups: [GROUP.id, 'cid5DEAySu/Fk+mtMwii4NLYQ=='], now: () => NOW })
}

export function take(call: Pick<SignedCall, 'headers' | 'body'>, change: Change = {}): Parsed {
  const dingtalk = aDingtalk(change)
  const verified = dingtalk.verify(new Headers({ ...call.headers }), call.body)
  return 'flaw' in verified ? verified : dingtalk.parse(verified.bytes)
}

/** What somebody says, as DingTalk sends it before it encrypts it. */
export function aMessage(change: object = {}): object {
  return { ...toSaid(APP, 'manager4321', GROUP, 'list', {}, NOW), ...change }
}

export function takeMessage(change: object): Parsed {
  return take(signMessage(APP, aMessage(change), NOW))
}

/** One message to the robot and one click, both of now. */
export function someCalls(): { readonly robot: SignedCall; readonly card: SignedCall } {
  const peer = aDingtalkPeer()
  const shown = { id: toTrackId(APP.app, 'k'), where: GROUP, text: '', buttons: [], edits: 0 }
  return { robot: peer.said('manager4321', GROUP, 'list'), card: peer.tapped('manager4321', shown, REQUEST) }
}
