import type { Address } from '#core/chat.ts'
import type { ChatMessage } from '#core/card.ts'

export type Posted =
  /** `id` names the message for `edit`. */
  | { readonly ok: true; readonly id: string }
  /**
   * `why` is for the log: it holds no token, and nothing that the platform wrote freely. `gone`: the platform says for
   * certain that the message is not there any more.
   */
  | { readonly ok: false; readonly why: string; readonly gone?: true }

/** Puts messages into chats and changes them there. Never throws, and answers within `deliverTimeout`. */
export interface Chat {
  /**
   * Puts a new message. `failed` also covers an answer that was lost: posted again under the same `key` (at most 64 visible
   * ASCII characters) it is the same message where the platform can tell, and a second one where it cannot.
   */
  post(to: Address, message: ChatMessage, key: string): Promise<Posted>
  /** Replaces what a message of `post` shows. Doing it twice is harmless. */
  edit(to: Address, id: string, message: ChatMessage): Promise<Posted>
}
