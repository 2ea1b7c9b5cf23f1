// What somebody wrote, as others may read it: on a terminal and on a page alike. Nothing here needs Node.

export const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/** Each character that a screen would obey, or a reader not see, becomes a visible mark. */
export function toPlain(text: string): string {
  return text.replace(HIDDEN, '\uFFFD')
}

/** Whether it is one line without control characters, and without any that reorder or hide text from who reads it. */
export function isPlainLine(text: string): boolean {
  return !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text)
}
