// Repeating, where it is harmless: reads always, writes when a second one changes nothing that the first did not.
import type { Driver, Outcome, Page, RangeQuestion } from './driver.ts'
import type { Failure } from './failure.ts'
import { RecordError } from './record-error.ts'
import type { StoredRow } from './values.ts'

const READS = 3
/** No call begins later than this many timeouts after the first one of its operation. */
const BUDGET = 3

/** Waits before a further attempt; false when there is no time left for one. */
export interface Pause {
  readonly what: string
  (failure: Failure): Promise<boolean>
}

/** Doubling from a hundredth of the timeout of a call. */
export function createPause({ clock, log, timeout }: Driver, what: string): Pause {
  const until = clock.monotonic() + BUDGET * timeout
  let ms = timeout / 100
  const pause = async ({ code, status, requestId }: Failure): Promise<boolean> => {
    log.warn('record.failed', { what, code, status, requestId })
    if (clock.monotonic() + ms >= until) return false
    await clock.sleep(ms)
    ms *= 2
    return true
  }
  return Object.assign(pause, { what })
}

export async function persistRead<Result>(read: () => Promise<Outcome<Result>>, pause: Pause): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    const got = await read()
    if ('ok' in got) return got.ok
    const { failure } = got
    if (failure.kind === 'rejected') throw new RecordError('record_refused', pause.what, failure)
    if (attempt >= READS || !(await pause(failure))) throw new RecordError('record_unavailable', pause.what, failure)
  }
}

/** For writes that may be carried out twice. False: the condition was not met, by the last attempt at least. */
export async function persistWrite(write: () => Promise<Outcome<void>>, pause: Pause): Promise<boolean> {
  for (let unclear = false; ;) {
    const done = await write()
    if ('ok' in done) return true
    const { failure } = done
    if (failure.kind === 'condition') return false
    unclear ||= failure.kind === 'unknown'
    if (failure.kind === 'rejected' || !(await pause(failure))) throw toWriteError(unclear, pause.what, failure)
  }
}

/** An attempt that was refused or not carried out proves nothing about an earlier one whose outcome is unknown. */
export function toWriteError(unclear: boolean, what: string, failure: Failure): RecordError {
  const clear = failure.kind === 'rejected' ? 'record_refused' : 'record_unavailable'
  return new RecordError(unclear ? 'record_unclear' : clear, what, failure)
}

/** The whole range up to its limit, whatever pages it comes in: one may be short, or empty, and still not be the last. */
export async function readRange(
  driver: Driver,
  question: RangeQuestion,
  what: string,
): Promise<{ readonly rows: readonly StoredRow[]; readonly more: boolean }> {
  const { limit } = question
  const rows: StoredRow[] = []
  for (let start: Page['next']; ;) {
    const rest = limit === undefined ? question : { ...question, limit: limit - rows.length }
    const from = start
    const page = await persistRead(() => driver.getPage(rest, from), createPause(driver, what))
    rows.push(...page.rows)
    if (page.next === undefined) return { rows, more: false }
    if (limit !== undefined && rows.length >= limit) return { rows, more: true }
    start = page.next
  }
}
