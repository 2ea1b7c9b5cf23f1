// Calls of a platform that this instance has already taken, so that a copy of one is refused. Another instance does not
// know of them: whatever may happen once only is guarded by the record.
import { HOUR, MINUTE } from '#core/durations.ts'
import type { Clock } from '#ports/world.ts'

export interface Seen {
  /** False: it was taken before, and was not given back since. */
  take(replay: string): boolean
  /** It came to nothing: the platform may send it again. */
  giveBack(replay: string): void
}

/**
 * As long as a call can be valid under its own headers: those to DingTalk's robot are for an hour, and all for five minutes
 * before their time.
 */
const KEPT = HOUR + 5 * MINUTE
const MOST = 10_000

export function createSeen(clock: Pick<Clock, 'monotonic'>): Seen {
  /** In the order in which they were taken, so that the oldest stands first. */
  const takenAt = new Map<string, number>()
  const forgetOld = (now: number): void => {
    for (const [replay, at] of takenAt) {
      if (now - at <= KEPT) return
      takenAt.delete(replay)
    }
  }
  return {
    take(replay) {
      const now = clock.monotonic()
      forgetOld(now)
      if (takenAt.has(replay)) return false
      const [oldest] = takenAt.keys()
      if (oldest !== undefined && takenAt.size >= MOST) takenAt.delete(oldest)
      takenAt.set(replay, now)
      return true
    },
    giveBack: (replay) => void takenAt.delete(replay),
  }
}
