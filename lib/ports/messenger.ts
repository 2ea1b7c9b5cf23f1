import type { Telling } from '#core/telling.ts'

export interface Messenger {
  /**
   * Delivers one message to one receiver of the policy, once. `failed` also covers an answer that was lost: the same
   * message may then arrive again, with the same id. Never throws.
   */
  deliver(
    receiver: string,
    telling: Telling,
  ): Promise<{ readonly ok: true } | { readonly ok: false; readonly why: string }>
}
