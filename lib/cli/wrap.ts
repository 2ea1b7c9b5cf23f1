// Prose on a terminal: broken between words, never inside one.
import { stripVTControlCharacters } from 'node:util'

/** Longer lines are hard to read, however wide the terminal is. */
export const WIDEST = 100

/** A character that takes two columns; between two of them a line may be broken, but not before punctuation. */
const WIDE = String.raw`[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE4F\uFF01-\uFF60\uFFE0-\uFFE6\p{Emoji_Presentation}]`
const WORD = new RegExp(`( *)(${WIDE}[、。，：；！？）」』》]*|(?:(?!${WIDE})[^ ])+)`, 'gu')

/** `hang`: blanks before each line but the first; as many as the text begins with, unless given. Colours take no room. */
export function wrap(text: string, width: number, hang = countLeadingBlanks(text)): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const [more, , word = ''] of text.matchAll(WORD)) {
    if (line.trim() !== '' && countColumns(line + more) > width && countColumns(word) > 0) {
      lines.push(line)
      line = ' '.repeat(hang) + word
    } else line += more
  }
  return [...lines, line]
}

/** How much room it takes on a terminal. */
export function countColumns(text: string): number {
  const seen = stripVTControlCharacters(text).replace(/\p{M}/gu, '')
  return [...seen.matchAll(/./gsu)].length + [...seen.matchAll(new RegExp(WIDE, 'gu'))].length
}

function countLeadingBlanks(text: string): number {
  return /^ */.exec(stripVTControlCharacters(text))?.[0].length ?? 0
}
