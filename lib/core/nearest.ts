// "Did you mean …?": the known word that somebody most likely wanted to write.

const FURTHEST = 2
/** Among more names than these many are near each other, and a file of thousands of wrong ones would take minutes. */
const MOST_KNOWN = 300

/** The nearest known word, at most two letters away; undefined where none is, or where it would be a guess. */
export function findNearest(written: string, known: readonly string[]): string | undefined {
  const furthest = Math.min(FURTHEST, Math.floor(written.length / 2))
  for (let allowed = 0; allowed <= furthest; allowed += 1) {
    const near = known.find((word) => isWithin(written.toLowerCase(), word.toLowerCase(), allowed))
    if (near !== undefined) return near
  }
  return undefined
}

/** What to do about a name that leads nowhere. `where`: what it could be added to. */
export function cureUnknown(name: string, known: readonly string[], where: string): string {
  const near = known.length > MOST_KNOWN ? undefined : findNearest(name, known)
  return near === undefined ? `add ${name} to ${where}, or correct the name` : `did you mean ${near}?`
}

/** Whether at most so many letters must be put in, left out, changed or swapped with the next one. */
function isWithin(one: string, other: string, allowed: number): boolean {
  if (one === other) return true
  if (allowed === 0) return false
  const differs = one.split('').findIndex((letter, index) => letter !== other[index])
  const at = differs === -1 ? one.length : differs
  const [left, right] = [one.slice(at), other.slice(at)]
  const swapped = left.startsWith(`${right[1]}${right[0]}`)
  return (
    isWithin(left.slice(1), right, allowed - 1) ||
    isWithin(left, right.slice(1), allowed - 1) ||
    isWithin(left.slice(1), right.slice(1), allowed - 1) ||
    (swapped && isWithin(left.slice(2), right.slice(2), allowed - 1))
  )
}
