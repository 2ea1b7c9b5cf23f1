// Makes what others wrote short enough for a message, value by value, so that a long one never hides what comes after it.

/** In characters as JavaScript counts them. The first holds a whole reason. */
const LENGTHS = [600, 300, 150, 75, 40]

/** Lays out with ever shorter values, `each` at most, until it fits; the last one as it is. */
export function fit<T>(layOut: (each: number) => T, fits: (laidOut: T) => boolean): T {
  const [first = 0, ...shorter] = LENGTHS
  return shorter.reduce((laidOut, each) => (fits(laidOut) ? laidOut : layOut(each)), layOut(first))
}

/** Ends in `…` when something was left out, and never in the middle of a character; half of one comes out as a mark. */
export function cut(text: string, most: number, escape: (character: string) => string = (each) => each): string {
  let kept = ''
  let withDots = ''
  for (const character of text.replace(/\p{Cs}/gu, '\uFFFD')) {
    if (kept.length + 1 <= most) withDots = kept
    kept += escape(character)
    if (kept.length > most) return `${withDots}…`
  }
  return kept
}
