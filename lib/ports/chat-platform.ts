import type { ChatEvent } from '#core/chat.ts'
import type { Platform } from '#core/words.ts'
import type { Chat } from './chat.ts'

/** What a call of the platform came to. */
export type Verified =
  /** `bytes`: what it says, decrypted where it came encrypted. `replay`: the same for every copy of this very call. */
  | { readonly bytes: Uint8Array; readonly replay: string }
  /** For the log alone: outside there is one answer for all of them. */
  | { readonly flaw: string }

export type Parsed =
  | ChatEvent
  /** The platform asks whether somebody is there, and wants to hear this. */
  | { readonly kind: 'handshake'; readonly challenge: string }
  /** Verified, and nothing that Startgate does anything about: a picture, a message of a robot. */
  | { readonly kind: 'ignored' }
  | { readonly flaw: string }

/** What the platform is answered at once, while the work is still to be done. */
export interface ChatAnswer {
  readonly status: number
  /** Sent as JSON; undefined: an empty body. */
  readonly body: unknown
}

/** `taken`: it will be worked on. `failed`: it will not, and has to be said again. */
export type Receipt = 'taken' | 'failed'

/** One platform. `verify` and `parse` are pure but for the clock and make no call, so that a stranger costs nothing. */
export interface ChatPlatform extends Chat {
  readonly platform: Platform
  /** Over the bytes as they came; nothing in them is believed, or read as JSON, before. */
  verify(headers: Headers, body: Uint8Array): Verified
  /** What verified bytes say. A tenant or an app that is not the policy's is a flaw. */
  parse(bytes: Uint8Array): Parsed
  answer(to: Exclude<Parsed, { readonly flaw: string }>, receipt: Receipt): ChatAnswer
}
