// The token that a platform gives out for the secret of an app: kept while it is good, and fetched once for all who wait for it.
import type { Clock } from '#ports/world.ts'

export interface Token {
  readonly token: string
  /** Until when it is used, epoch ms. */
  readonly until: number
}

interface Failed {
  readonly ok: false
  readonly why: string
}

/** `refused`: the token that the platform does not take; another one is given. */
export type GetToken = (signal: AbortSignal, refused?: string) => Promise<Token | Failed>

/** Whoever waits for the call of another waits no longer than for his own: that one began before. */
export function createGetToken(
  fetchToken: (signal: AbortSignal) => Promise<Token | Failed>,
  clock: Pick<Clock, 'now'>,
): GetToken {
  let kept: Token | undefined
  let fetching: Promise<Token | Failed> | undefined

  async function fetchAndKeep(signal: AbortSignal): Promise<Token | Failed> {
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
