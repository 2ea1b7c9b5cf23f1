// The token that a platform gives out for the secret of an app: kept while it is good, and fetched once for all who wait for it.
import type { Clock } from '#ports/world.ts'

export interface Token {
  readonly token: string
  /** Until when it is used, epoch ms. */
  readonly until: number
}

interface Failed {
  readonly ok: false
}

/** `refused`: the token that the platform does not take; another one is given. */
export type GetToken<F extends Failed> = (signal: AbortSignal, refused?: string) => Promise<Token | F>

/** Whoever waits for the call of another waits no longer than for his own: that one began before. */
export function createGetToken<F extends Failed>(
  fetchToken: (signal: AbortSignal) => Promise<Token | F>,
  clock: Pick<Clock, 'now'>,
): GetToken<F> {
  let kept: Token | undefined
  let fetching: Promise<Token | F> | undefined

  async function fetchAndKeep(signal: AbortSignal): Promise<Token | F> {
    try {
      const fetched = await fetchToken(signal)
      if ('token' in fetched) kept = fetched
      return fetched
    } finally {
      fetching = undefined
    }
  }

  return async (signal, refused) => {
    if (kept !== undefined && kept.token !== refused && clock.now() < kept.until) return kept
    fetching ??= fetchAndKeep(signal)
    return fetching
  }
}
