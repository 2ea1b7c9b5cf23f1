// What every list of days promises, wherever it is kept.
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { DayEntry, Days } from '#ports/days.ts'

export interface DaysUnderTest {
  readonly days: Days
  /** The answer to the next call is lost; a write is carried out or not. */
  lose(applied: boolean): void
}

export function describeDays(name: string, setup: () => Promise<DaysUnderTest>): void {
  describe(`a list of days (${name})`, async () => {
    const under = await setup()
    const { days } = under

    it('has nothing on a day of which nothing was put', async () => {
      expect(await days.list('2001-01-01', undefined, 10)).toEqual({ entries: [], cursor: undefined })
    })

    it('has the entries of the day by time and then by id, and those of no other day', async () => {
      const day = '2026-11-01'
      const entries = await fill(days, day, [3, 1, 2, 1, 86_399_999, 0])
      await fill(days, '2026-10-31', [86_399_999])
      await fill(days, '2026-11-02', [0])

      expect(await days.list(day, undefined, 100)).toEqual({ entries: sorted(entries), cursor: undefined })
    })

    it('has an entry once that was put twice', async () => {
      const [entry] = await fill(days, '2026-11-03', [5])
      if (entry !== undefined) await days.put(entry)

      expect((await days.list('2026-11-03', undefined, 10)).entries).toEqual([entry])
    })

    it.each([1, 2, 3, 7, 8, 9])('has all eight of a day in pieces of %i', async (limit) => {
      const day = `2026-12-0${limit}`
      const entries = await fill(days, day, [4, 4, 4, 1, 2, 4, 9, 7])
      const pieces = await collect(days, day, limit)

      expect(pieces.flat()).toEqual(sorted(entries))
      expect(pieces.map(({ length }) => length)).toEqual(
        Array.from({ length: Math.ceil(8 / limit) }, (_, n) => Math.min(limit, 8 - n * limit)),
      )
    })

    it.each([true, false])(
      'has the entry although the answer to its put was lost (carried out: %s)',
      async (applied) => {
        const day = applied ? '2027-01-01' : '2027-01-02'
        under.lose(applied)
        const entries = await fill(days, day, [1])
        under.lose(false)

        expect(await days.list(day, undefined, 10)).toEqual({ entries, cursor: undefined })
      },
    )
  })
}

async function fill(days: Days, day: string, offsets: readonly number[]): Promise<readonly DayEntry[]> {
  const entries = offsets.map((offset): DayEntry => {
    return { request: `req_${randomBytes(16).toString('hex')}`, createdAt: Date.parse(`${day}T00:00:00Z`) + offset }
  })
  for (const entry of entries) await days.put(entry)
  return entries
}

function sorted(entries: readonly DayEntry[]): readonly DayEntry[] {
  return entries.toSorted((one, other) => one.createdAt - other.createdAt || (one.request < other.request ? -1 : 1))
}

/** Piece by piece until there is no cursor any more. */
async function collect(days: Days, day: string, limit: number): Promise<readonly (readonly DayEntry[])[]> {
  const pieces: (readonly DayEntry[])[] = []
  let cursor: DayEntry | undefined
  do {
    const piece = await days.list(day, cursor, limit)
    pieces.push(piece.entries)
    cursor = piece.cursor
  } while (cursor !== undefined)
  return pieces
}
