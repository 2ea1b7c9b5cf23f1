// One line of what `startgate doctor` says.
import type { NotLearned, Seen } from './seen.ts'

export type Verdict = 'ok' | 'wrong' | 'unknown'

export interface Finding {
  /** Stable, for programs: `gate.clock`. */
  readonly check: string
  readonly verdict: Verdict
  readonly says: string
  /** What to do about it; of what is ok there is none. */
  readonly cure?: string
}

export interface Judged {
  readonly verdict: Verdict
  readonly says: string
  /** Where it is another than that of the check. */
  readonly cure?: string
}

export interface Check {
  readonly check: string
  /** What puts it right when it is wrong. */
  readonly cure: string
  judge(seen: Seen): Judged
}

export const ok = (says: string): Judged => ({ verdict: 'ok', says })
export const wrong = (says: string, cure?: string): Judged => ({
  verdict: 'wrong',
  says,
  ...(cure === undefined ? {} : { cure }),
})
export const unknown = (says: string, cure: string): Judged => ({ verdict: 'unknown', says, cure })

export function toFinding({ check, cure, judge }: Check, seen: Seen): Finding {
  const { verdict, says, cure: own } = judge(seen)
  return verdict === 'ok' ? { check, verdict, says } : { check, verdict, says, cure: own ?? cure }
}

/** `needs`: RAM's name of what the operator lacks when it is refused. */
export function notLearned(what: string, { failure, status }: NotLearned, needs: string): Judged {
  const cure =
    status === 403
      ? `Run it with credentials that may ${needs}.`
      : 'Look at the code above, and run startgate doctor again.'
  return unknown(`${what} could not be read (${status === undefined ? failure : `${status} ${failure}`}).`, cure)
}
