import type { RequestId } from '#core/request-id.ts'

export interface DayEntry {
  readonly request: RequestId
  readonly createdAt: number
}

/** Finished requests by the day (UTC) they were made. */
export interface Days {
  /** Putting an entry twice leaves one. */
  put(entry: DayEntry): Promise<void>
  /** The day's entries by `createdAt`, at most `limit`, from after `cursor` on; `cursor` of the answer is undefined at the end. */
  list(
    day: string,
    cursor: DayEntry | undefined,
    limit: number,
  ): Promise<{ readonly entries: readonly DayEntry[]; readonly cursor: DayEntry | undefined }>
}
