// A chat platform and the local one that it talks to, with whatever may stand between the two.
import type { ChatPeer, SignedCall } from '#infra/local/chat/peer.ts'
import { createChatPeers } from '#infra/local/chat/peers.ts'
import type { ChatPlatform, Parsed } from '#ports/chat-platform.ts'
import type { Clock } from '#ports/world.ts'
import { startChatFront, type ChatFront } from './chat-front.ts'
import { createVirtualClock, type VirtualClock } from './memory/clock.ts'

export const WORDS = {
  looking: 'Looking <into> it…',
  lookingInGroup: 'Looking <into> it here…',
  notTaken: 'Not taken: say it again.',
}

export interface PlatformOptions {
  readonly endpoint: string
  readonly clock: Clock
  readonly deliverTimeout: number
  readonly words: typeof WORDS
  /**
   * What the gate was set up with. `same`: what the peer has, and no previous secret. `rotated`: another secret now, and
   * the peer's as the previous one. The rest: what the peer has but for this.
   */
  readonly setUp: 'same' | 'rotated' | 'other_secret' | 'other_tenant' | 'other_app'
}

export interface ChatMaker {
  createPlatform(options: PlatformOptions): ChatPlatform
  /** `revokeTokens`: where the platform gives out tokens that expire; from then on none of them counts. */
  createPeer(clock: Clock): { readonly peer: ChatPeer; readonly revokeTokens?: () => void }
  /** Somebody of the organisation, by the platform's id. */
  readonly person: string
  readonly otherPerson: string
  /** A group that the robot is in, and one that it is not in. */
  readonly group: string
  readonly elsewhere: string
  /** All that must never be said: signing secrets, app secrets, bot tokens. */
  readonly secrets: readonly string[]
  /** How far a call's time may be from the gate's, in ms; default: 5 minutes either way. */
  readonly window?: { readonly past: number; readonly future: number }
  /** Whether a message posted again under the same key is still one message. */
  readonly tellsKeys: boolean
}

export interface UnderTest {
  readonly peer: ChatPeer
  readonly platform: ChatPlatform
  readonly clock: VirtualClock
  /** What stands between the two. */
  readonly front: ChatFront
  readonly revokeTokens: (() => void) | undefined
  /** The same, set up in another way. */
  other(change: Partial<Pick<PlatformOptions, 'setUp' | 'deliverTimeout'>>): ChatPlatform
  close(): Promise<void>
}

export async function setUpChat(maker: ChatMaker): Promise<UnderTest> {
  const clock = createVirtualClock()
  const { peer, revokeTokens } = maker.createPeer(clock)
  const peers = await createChatPeers([peer])
  const front = await startChatFront(peers.endpoint)
  const close = async (): Promise<void> => {
    await front.close()
    await peers.close()
  }
  const other: UnderTest['other'] = (change) =>
    maker.createPlatform({
      endpoint: front.endpoint,
      clock,
      deliverTimeout: 5000,
      words: WORDS,
      setUp: 'same',
      ...change,
    })
  return { peer, platform: other({}), clock, front, revokeTokens, other, close }
}

/** Verified and parsed, as the gate does it. */
export function take(platform: ChatPlatform, call: SignedCall, headers = new Headers({ ...call.headers })): Parsed {
  const verified = platform.verify(headers, call.body)
  return 'flaw' in verified ? verified : platform.parse(verified.bytes)
}
