// One thing that was looked at, and what came of it.

export interface Check {
  /** Stable, for programs. */
  readonly key: string
  /** `note`: worth knowing, and no reason to doubt the receipt. */
  readonly verdict: 'ok' | 'wrong' | 'note'
  readonly text: string
}

/** Wrong with each of the faults, or one `ok`; what is undefined is no fault. */
export function toChecks(key: string, ok: string, faults: readonly (string | undefined)[]): readonly Check[] {
  const found = faults.filter((fault) => fault !== undefined)
  return found.length === 0
    ? [{ key, verdict: 'ok', text: ok }]
    : found.map((text) => ({ key, verdict: 'wrong', text }))
}
