// Finished requests by day, as a table of keys.
import { isRequestId } from '#core/request-id.ts'
import type { DayEntry, Days } from '#ports/days.ts'
import type { Driver } from './driver.ts'
import { createPause, persistWrite, readRange } from './persist.ts'
import { HIGHEST, LOWEST, type StoredRow } from './values.ts'

const TABLE = 'days'

export function createDays(driver: Driver): Days {
  return {
    /** Repeated or late, it puts the same key over itself. The one column is there because a row of keys alone may be refused. */
    async put({ request, createdAt }) {
      const key = { day: toDay(createdAt), at: createdAt, request }
      await persistWrite(
        () => driver.putRow({ table: TABLE, key, existence: 'IGNORE' }, { v: 1 }),
        createPause(driver, `put ${request} into days`),
      )
    },
    async list(day, cursor, limit) {
      const from =
        cursor === undefined
          ? { day, at: LOWEST, request: LOWEST }
          : // All ids are equally long, so nothing lies between an id and the same id with one digit more.
            { day, at: cursor.createdAt, request: `${cursor.request}0` }
      const to = { day, at: HIGHEST, request: HIGHEST }
      const { rows, more } = await readRange(driver, { table: TABLE, from, to, limit }, `list ${day}`)
      const entries = rows.map(toEntry).filter((entry) => entry !== undefined)
      return { entries, cursor: more ? entries.at(-1) : undefined }
    },
  }
}

function toEntry({ key }: StoredRow): DayEntry | undefined {
  const { at, request } = key
  return typeof at === 'number' && typeof request === 'string' && isRequestId(request)
    ? { request, createdAt: at }
    : undefined
}

function toDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
