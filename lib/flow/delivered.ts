import type { Heard } from '#core/telling.ts'

/** What became of telling one target. */
export interface Delivered {
  readonly target: string
  /** As it is recorded: the id of the message in a chat, else `delivered`. Undefined: to be told again. */
  readonly how?: string
  /** How far it got before it failed; recorded, so that the next time goes on from there. */
  readonly soFar?: Heard & { readonly how: string }
}
