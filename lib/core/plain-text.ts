// What somebody wrote, as others may read it: on a terminal and on a page alike. Nothing here needs Node.

/**
 * What hides or turns text. First what is none of it: U+FE0F where it makes a picture of what stands before it, or a key of a
 * digit. Without a look behind, which older browsers of phones cannot read.
 */
const PARTS =
  /(\p{Extended_Pictographic}\uFE0F|\uFE0F\u20E3)|[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu
/** Not even a blank that counts as a sign. */
const NOTHING = /^[\s\u2800]+$/

/** Each character that a screen would obey, or a reader not see, becomes a visible mark. */
export function toPlain(text: string): string {
  return replaceHidden(text, () => '\uFFFD')
}

export function replaceHidden(text: string, by: (character: string) => string): string {
  return text.replace(PARTS, (part: string, shown: string | undefined) => shown ?? by(part))
}

/** Whether it is one line in which there is something to see, and nothing that reorders or hides text from who reads it. */
export function isPlainLine(text: string): boolean {
  return toPlain(text) === text && !NOTHING.test(text)
}
