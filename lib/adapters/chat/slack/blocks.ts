// How a message looks in Slack. All text of others is plain text, with the three characters escaped that Slack decodes
// everywhere.
import type { ActionsBlockElement, KnownBlock, PlainTextElement } from '@slack/types'
import type { Card, CardButton, ChatMessage } from '#core/card.ts'
import type { Language } from '#core/language/language.ts'
import { toPlain } from '#core/plain-text.ts'
import { cut, fit } from '#adapters/chat/fit.ts'
import { DENY } from './parse.ts'

export interface SlackMessage {
  /** What a notification shows. */
  readonly text: string
  readonly blocks: readonly KnownBlock[]
}

/** Slack's bounds, in characters. That of all blocks together it does not publish: about 13,200. */
const HEADER = 150
const SECTION = 3000
const FIELD = 2000
const FIELDS = 10
const BUTTON = 75
const CONFIRM = { title: 100, text: 300, button: 30 }
const ALL_BLOCKS = 12_000
/** A tap sends the card back inside a form, which must not get longer than a call may be. In bytes. */
const SENT_BACK = 36_000
const NOTIFICATION = 300
/** As JSON in which every character is escaped they are still short enough in all. */
const MOST_TEXTS = 2

const MARKS: Readonly<Record<Card['tone'], string>> = {
  waiting: '⏳',
  under_way: '▶',
  good: '✅',
  bad: '❌',
  over: '⬛',
}
const BACK: Readonly<Record<Language, string>> = { en: 'Back', zh: '返回' }

export function toSlackMessage(message: ChatMessage): SlackMessage {
  if (message.kind === 'text')
    return { text: cut(toPlainLines(message.text), NOTIFICATION, escape), blocks: toTexts(message.text).map(toSection) }
  const { card } = message
  return {
    text: cut(toPlainLine(`${MARKS[card.tone]} ${card.title}: ${card.headline}`), NOTIFICATION, escape),
    blocks: fit((each) => layOut(card, each), isSmallEnough),
  }
}

function layOut(card: Card, each: number): readonly KnownBlock[] {
  const line = (text: string, most = each): string => cut(toPlainLine(text), most, escape)
  const fields = card.facts.map(({ label, value }) =>
    plain(`${line(label, 100)}\n${line(value, Math.min(each, FIELD - 101))}`),
  )
  const warnings = card.warnings.map((warning) => `⚠ ${line(warning)}`).join('\n')
  const buttons = card.buttons.map((button) => toButton(button, card))
  return [
    { type: 'header', text: plain(line(`${MARKS[card.tone]} ${card.title}`, HEADER)) },
    toSection(line(card.headline)),
    ...chunk(fields, FIELDS).map((some): KnownBlock => ({ type: 'section', fields: some })),
    ...(warnings === '' ? [] : [toSection(warnings)]),
    ...(buttons.length === 0 ? [] : [{ type: 'actions', elements: buttons } as const]),
    { type: 'context', elements: [plain(line(card.footer))] },
  ]
}

function toButton(button: CardButton, { request, language }: Card): ActionsBlockElement {
  const text = plain(cut(button.label, BUTTON, escape))
  if (button.kind === 'review') return { type: 'button', action_id: 'review', text, url: button.url, style: 'primary' }
  return {
    type: 'button',
    action_id: DENY,
    text,
    value: request,
    style: 'danger',
    confirm: {
      title: plain(cut(button.label, CONFIRM.title, escape)),
      text: plain(cut(button.confirm, CONFIRM.text, escape)),
      confirm: plain(cut(button.label, CONFIRM.button, escape)),
      deny: plain(BACK[language]),
    },
  }
}

/** Line by line into as few texts as hold them, and no more than there may be. */
function toTexts(text: string): readonly string[] {
  const texts: string[] = []
  for (const line of toPlainLines(text)
    .split('\n')
    .map((each) => cut(each, SECTION / 2, escape))) {
    const last = texts.at(-1)
    const longer = last === undefined ? line : `${last}\n${line}`
    if (last !== undefined && longer.length < SECTION) texts[texts.length - 1] = longer
    else if (texts.length < MOST_TEXTS) texts.push(line)
    else return [...texts.slice(0, -1), `${last}…`]
  }
  return texts
}

function toPlainLines(text: string): string {
  return text.split('\n').map(toPlain).join('\n')
}

/** What somebody wrote never looks like two values. */
function toPlainLine(text: string): string {
  return toPlain(text.replaceAll(/[\r\n]+/g, ' '))
}

function toSection(text: string): KnownBlock {
  return { type: 'section', text: plain(text) }
}

/** `text` is escaped already. Without `emoji` a name between colons stays what it is. */
function plain(text: string): PlainTextElement {
  return { type: 'plain_text', text: text.trim() === '' ? '–' : text, emoji: false }
}

export function escape(character: string): string {
  return { '&': '&amp;', '<': '&lt;', '>': '&gt;' }[character] ?? character
}

function isSmallEnough(blocks: readonly KnownBlock[]): boolean {
  const json = JSON.stringify(blocks)
  const sentBack = Array.from(json, weigh).reduce((sum, weight) => sum + weight, 0)
  const longest = Math.max(...blocks.map((block) => (block.type === 'section' ? (block.text?.text.length ?? 0) : 0)))
  return json.length <= ALL_BLOCKS && sentBack <= SENT_BACK && longest <= SECTION
}

/** As JSON in ASCII, in a form: a letter stays, a sign takes three bytes, and `\u542f` eight for each half of a character. */
function weigh(character: string): number {
  if (/[A-Za-z0-9]/.test(character)) return 1
  return character.charCodeAt(0) < 0x80 ? 3 : 8 * character.length
}

function chunk<T>(items: readonly T[], size: number): readonly T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size))
}
