// The gate hands what it verified to itself by way of a queue that others may put into too: whoever may invoke the gate. So
// it seals each event with a key that only the gate has.
import type { ChatEvent } from './chat.ts'
import { hmacSha256, isSameDigest } from './digest.ts'
import type { Durations } from './durations.ts'

export interface SealedEvent {
  readonly chat: ChatEvent
  readonly seal: string
}

/** `audience`: another deployment may have been given the same view key. */
export interface Sealing {
  readonly viewKey: { readonly current: string; readonly previous?: string }
  readonly audience: string
}

export function sealEvent({ viewKey, audience }: Sealing, event: ChatEvent): SealedEvent {
  return { chat: event, seal: toSeal(viewKey.current, audience, event) }
}

/** Why it is not to be worked on. `now`: epoch ms. */
export function findSealFlaw(
  { viewKey, audience }: Sealing,
  { chat, seal }: SealedEvent,
  now: number,
  { chatEventAge, clockSkew }: Pick<Durations, 'chatEventAge' | 'clockSkew'>,
): 'not_sealed' | 'too_old' | 'from_the_future' | undefined {
  const keys = [viewKey.current, ...(viewKey.previous === undefined ? [] : [viewKey.previous])]
  const right = keys.map((key) => isSameDigest(toSeal(key, audience, chat), seal))
  if (!right.includes(true)) return 'not_sealed'
  if (now - chat.at > chatEventAge) return 'too_old'
  return chat.at - now > clockSkew ? 'from_the_future' : undefined
}

/** A key of its own: the view key also makes request ids, and no text may ever pass for one of the other kind. */
function toSeal(viewKey: string, audience: string, event: ChatEvent): string {
  return hmacSha256(hmacSha256(viewKey, { purpose: 'startgate-chat-seal/v1' }), [audience, event])
}
