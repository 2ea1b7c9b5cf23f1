// What people type to the robot: a few words, the same on every platform, in English and in Chinese.
import { instanceOrAliasSchema } from './alias.ts'
import { findVerb, firstWord, type Begun } from './command-words.ts'
import type { Language } from './language/language.ts'
import type { RequestId } from './request-id.ts'
import { instanceIdSchema } from './words.ts'

export type Command =
  /** `what`: an instance id, an alias of the policy, or the name of an instance. */
  | { readonly kind: 'start'; readonly what: string; readonly reason: string }
  | { readonly kind: 'list' }
  | { readonly kind: 'show'; readonly request: RequestId }
  | { readonly kind: 'cancel'; readonly request: RequestId; readonly reason?: string }
  | { readonly kind: 'help' }
  /** `word`: what it is about, as it was typed. */
  | { readonly kind: 'unclear'; readonly problem: Unclear; readonly word: string }

export type Unclear =
  | 'unknown_word'
  | 'approves'
  | 'denies'
  | 'no_instance'
  | 'no_reason'
  | 'one_at_a_time'
  | 'no_request'
  | 'not_a_request'

/** `language`: that of the word it began with; undefined where nothing tells. */
export interface Spoken {
  readonly language: Language | undefined
  readonly command: Command
}

/** Takes any text. The reason is one line, and otherwise as it was typed: whether it may be recorded is judged later. */
export function parseCommand(text: string): Spoken {
  const said = text.replaceAll(/\s+/g, ' ').replace(LEFTOVERS, '').trim()
  if (said === '') return { language: undefined, command: { kind: 'help' } }
  const begun = findVerb(said)
  if (begun !== undefined) return { language: begun.language, command: toCommand(begun, said) }
  const language = /\p{Script=Han}/u.test(said) ? 'zh' : undefined
  return { language, command: { kind: 'unclear', problem: 'unknown_word', word: shorten(firstWord(said) || said) } }
}

/** A mention of the robot, the slash of a command, a courtesy, and what platforms leave around them. */
const LEFTOVERS = /^(?:[\s\p{Cc}\p{Cf}/,:;，、：；。]|<@[^>]*>|@\S+|please(?=\s)|请)+/iu

const CHANGING: readonly Begun['verb'][] = ['start', 'cancel']

function toCommand({ verb, rest }: Begun, said: string): Command {
  const word = said.slice(0, said.length - rest.length)
  // Whoever asks whether something could be done has not said that it be done.
  if (CHANGING.includes(verb) && (/[?？]$/.test(word) || /^ ?[?？]/.test(rest))) return unclear('unknown_word', word)
  switch (verb) {
    case 'start':
      return toStart(rest, word)
    case 'show':
    case 'cancel': {
      const { taken, left } = takeWord(rest)
      const request = findRequestId(taken)
      if (taken === '') return unclear('no_request', word)
      if (request === undefined) return unclear('not_a_request', taken)
      const reason = toReason(left)
      return verb === 'show' || reason === '' ? { kind: verb, request } : { kind: verb, request, reason }
    }
    case 'list':
    case 'help':
      return { kind: verb }
    default:
      return unclear(verb, word)
  }
}

function toStart(rest: string, word: string): Command {
  const { taken, left } = takeWord(rest)
  if (taken === '') return unclear('no_instance', word)
  const [reason, second] = [toReason(left), takeWord(left).taken]
  if (instanceIdSchema.safeParse(toWhat(second)).success) return unclear('one_at_a_time', second)
  // Whoever thinks better of it in the same breath has given no reason.
  const begun = findVerb(reason)
  const isTakenBack = begun?.verb === 'cancel' && begun.rest === ''
  return reason === '' || isTakenBack ? unclear('no_reason', taken) : { kind: 'start', what: toWhat(taken), reason }
}

function unclear(problem: Unclear, word: string): Command {
  return { kind: 'unclear', problem, word: shorten(word) }
}

interface Taken {
  readonly taken: string
  readonly left: string
}

const QUOTED = /^(?:["“”]([^"“”]*)["“”]|「([^」]*)」|`([^`]*)`)/
/** Chinese may follow an id without a space. */
const GLUED_ID = /^(?:i-[a-z0-9]{4,40}|req_[0-9a-f]{32})(?=[^\0-\x7F])/i

/** The next word, or what stands in quotes; empty where there is none. */
function takeWord(text: string): Taken {
  const rest = text.replace(/^[\s,:;，、：；。！]+/, '')
  const quoted = QUOTED.exec(rest)
  // Only one of the ways to quote has caught something.
  if (quoted !== null) return { taken: quoted.slice(1).join('').trim(), left: rest.slice(quoted[0].length) }
  const glued = GLUED_ID.exec(rest)
  // An ASCII colon may be part of a name, but does not end one.
  const word = glued === null ? rest.replace(/[\s,;，、：；。].*$/, '') : glued[0]
  return { taken: word.replace(/:+$/, ''), left: rest.slice(word.length) }
}

const CONNECTORS = /^(?:(?:for|because of|because|[-–:])(?=\s|$)|—+|因为|(?:原因|理由)(?:是|[:：]))[\s:：]*/i

function toReason(text: string): string {
  return text
    .replace(/^[\s,;，、：；。]+/, '')
    .replace(CONNECTORS, '')
    .trim()
}

/** Full-width letters and capitals mean the same in an id; in the name of an instance they may not. */
function toWhat(written: string): string {
  const plain = written.normalize('NFKC')
  const id = plain.toLowerCase()
  if (instanceIdSchema.safeParse(id).success) return id
  return instanceOrAliasSchema.safeParse(plain).success ? plain : written
}

/** Also within the address of its page. */
function findRequestId(written: string): RequestId | undefined {
  const found = /req_([0-9a-f]{32})(?![0-9a-f])/.exec(written.normalize('NFKC').toLowerCase())?.[1]
  return found === undefined ? undefined : `req_${found}`
}

const LONGEST_WORD = 64

/** It is said back: nobody wants to read a page of it. */
function shorten(word: string): string {
  const letters = Array.from(word)
  return letters.length > LONGEST_WORD ? `${letters.slice(0, LONGEST_WORD).join('')}…` : word
}
