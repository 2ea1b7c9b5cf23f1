// What is looked at before anything reads the text as YAML: a text that was made to harm never gets that far.
import type { Flaw } from './flaw.ts'

/** Enough for a thousand people, and read within seconds whatever is in it. */
const LONGEST = 200_000
/** A policy is some ten deep. Far deeper ones exhaust the memory of the YAML parser, which ends the process. */
const DEEPEST = 60
const WIDEST_INDENT = 200

/** At most the first flaw of each sort. */
export function checkText(text: string): readonly Flaw[] {
  if (text.length > LONGEST) {
    const cure = 'leave out what is no longer needed'
    return [{ offset: 0, path: [], cause: `the file has more than ${LONGEST} characters`, cure }]
  }
  return [...findHidden(text), ...findTooDeep(text)]
}

/** The space is the only blank that there may be: U+2800 is a pattern of Braille without a dot. */
const HIDDEN = /(?![ \t\n])(?!\r\n)(?!^\uFEFF)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u

/** Characters that a reviewer does not see, sees in another order than they are in, or takes for a space. */
function findHidden(text: string): readonly Flaw[] {
  const hidden = HIDDEN.exec(text)
  if (hidden === null) return []
  const code = (hidden[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  const cause = `here is a character that nobody sees, U+${code}`
  return [{ offset: hidden.index, path: [], cause, cure: 'remove it: whoever reviews the file must see what is in it' }]
}

function findTooDeep(text: string): readonly Flaw[] {
  const indented = new RegExp(`^[ \\t?:-]{${WIDEST_INDENT}}`, 'm').exec(text)
  const offset = indented?.index ?? findDeepBracket(text)
  if (offset === undefined) return []
  return [
    { offset, path: [], cause: 'this is nested too deeply', cure: 'a policy is a few levels deep; write it flat' },
  ]
}

/** Brackets in texts and comments count too: there are never so many. */
function findDeepBracket(text: string): number | undefined {
  let depth = 0
  for (const { 0: bracket, index } of text.matchAll(/[[\]{}]/g)) {
    depth = bracket === '[' || bracket === '{' ? depth + 1 : Math.max(0, depth - 1)
    if (depth > DEEPEST) return index
  }
  return undefined
}
