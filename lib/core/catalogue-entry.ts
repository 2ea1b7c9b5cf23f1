// The form of the catalogue's rows.

/** Who can do something about it. */
export type Who = 'nobody' | 'requester' | 'operator' | 'billing'

/**
 * `ended`: no further attempt. `again`: one may help after a pause. `look`: it may have been started, only looking tells.
 * `passed`: the dry run's yes.
 */
export type Follow = 'ended' | 'again_soon' | 'again_later' | 'again_much_later' | 'look' | 'passed'

export interface CatalogueEntry {
  readonly code: string
  /** The HTTP status that the entry is for; undefined: any below 500. */
  readonly status?: number
  /** True when this answer shows that the call started nothing. No 5xx ever does. */
  readonly provesNothingHappened: boolean
  readonly follow: Follow
  readonly who: Who
  /** What happened, in one sentence. */
  readonly says: string
  /** What to do next, in one sentence. */
  readonly cure: string
}

export function entry(
  code: string | readonly [code: string, status: number],
  follow: Follow,
  who: Who,
  says: string,
  cure: string,
): CatalogueEntry {
  const meaning = { provesNothingHappened: follow !== 'look', follow, who, says, cure }
  return typeof code === 'string' ? { code, ...meaning } : { code: code[0], status: code[1], ...meaning }
}

export const LOOKING = 'The instance is being looked at; there is nothing to do yet.'
