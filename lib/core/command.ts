// What people type to the robot: a few words, the same on every platform, in English and in Chinese.
import type { Language } from './language/language.ts'

export type Command =
  /** `what`: an instance id, an alias of the policy, or the name of an instance. */
  | { readonly kind: 'start'; readonly what: string; readonly reason: string }
  | { readonly kind: 'list' }
  | { readonly kind: 'show'; readonly request: string }
  | { readonly kind: 'cancel'; readonly request: string; readonly reason?: string }
  | { readonly kind: 'help' }
  /** `word`: what it is about, as it was typed. */
  | { readonly kind: 'unclear'; readonly problem: Unclear; readonly word: string }

export type Unclear = 'unknown_word' | 'approves' | 'no_instance' | 'no_reason' | 'no_request'

/** `language`: that of the word it began with. */
export interface Spoken {
  readonly language: Language
  readonly command: Command
}
