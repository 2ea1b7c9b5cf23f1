// The words that a command may begin with.
import type { Language } from './language/language.ts'

type Verb = 'start' | 'list' | 'show' | 'cancel' | 'help' | 'approves' | 'denies'

/** `rest`: what follows the word. */
export interface Begun {
  readonly verb: Verb
  readonly language: Language
  readonly rest: string
}

/** `stop` is none of them: of a request it would be `cancel`, and of an instance nobody does it here. */
const ENGLISH: Readonly<Record<Verb, readonly string[]>> = {
  start: ['start', 'boot'],
  list: ['list', 'ls', 'pending'],
  show: ['show', 'status', 'view'],
  cancel: ['cancel', 'withdraw'],
  help: ['help', 'usage', 'hi', 'hello', '?'],
  approves: [
    'approve',
    'approved',
    'approves',
    'yes',
    'y',
    'ok',
    'okay',
    'lgtm',
    'accept',
    'agree',
    'allow',
    '+1',
    '👍',
  ],
  denies: ['deny', 'denied', 'reject', 'rejected', 'refuse', 'decline', 'no', '-1', '👎'],
}

/** Chinese writers put no space behind a word: whatever begins with one of these begins with that word. */
const CHINESE: Readonly<Record<Verb, readonly string[]>> = {
  start: ['启动', '开机'],
  list: ['列表', '列出', '查看列表'],
  show: ['查看', '状态', '查询'],
  cancel: ['取消', '撤回', '撤销'],
  help: ['帮助', '你好', '您好'],
  approves: ['批准', '同意', '通过', '可以', '好的'],
  denies: ['拒绝', '驳回', '不同意', '不批准'],
}

const BY_WORD = new Map(listWords(ENGLISH))
const BY_BEGINNING = listWords(CHINESE).toSorted(([one], [other]) => other.length - one.length)

/** Undefined for a word that is none of these. */
export function findVerb(text: string): Begun | undefined {
  const beginning = BY_BEGINNING.find(([word]) => text.startsWith(word))
  if (beginning !== undefined) {
    return { verb: beginning[1], language: 'zh', rest: text.slice(beginning[0].length) }
  }
  const word = firstWord(text)
  const plain = word.normalize('NFKC').toLowerCase()
  const verb = BY_WORD.get(plain) ?? BY_WORD.get(plain.replace(/[.!?]+$/, ''))
  return verb === undefined ? undefined : { verb, language: 'en', rest: text.slice(word.length) }
}

/** As it was typed, up to what separates or quotes. `text` is one line. */
export function firstWord(text: string): string {
  return text.replace(/[\s,:;，、：；。"“”「`].*$/, '')
}

function listWords(words: Readonly<Record<Verb, readonly string[]>>): readonly (readonly [word: string, verb: Verb])[] {
  return Object.entries(words).flatMap(([verb, all]) => all.map((word) => [word, verb as Verb] as const))
}
