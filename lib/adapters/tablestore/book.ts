// A book as a table: one conditional PutRow wins a number.
import type { BookName, Row } from '#core/row.ts'
import type { Book } from '#ports/book.ts'
import type { Driver } from './driver.ts'
import { createPause, persistRead, readRange, toWriteError, type Pause } from './persist.ts'
import { RecordError } from './record-error.ts'
import { columnsOf, keyOf, KEYS, toRow } from './stored-event.ts'
import { HIGHEST, LOWEST } from './values.ts'

export function createBook(driver: Driver, book: BookName): Book {
  const lowest = (stream: string) => ({ [KEYS[book].stream]: stream, [KEYS[book].n]: LOWEST })
  const highest = (stream: string) => ({ [KEYS[book].stream]: stream, [KEYS[book].n]: HIGHEST })

  return {
    async read(stream) {
      const question = { table: book, from: lowest(stream), to: highest(stream) }
      const { rows } = await readRange(driver, question, `read ${book} of ${stream}`)
      return rows.map((row) => toRow(book, row))
    },
    async latest(stream) {
      const question = { table: book, from: highest(stream), to: lowest(stream), backward: true, limit: 1 }
      const { rows } = await readRange(driver, question, `read the latest of ${book} of ${stream}`)
      return rows.map((row) => toRow(book, row)).at(0)
    },
    put: (row) => put(driver, row),
  }
}

/**
 * After an attempt that failed only the row itself can tell, by the `id` of this very put:
 *
 *     put ── ok ─────────────────────────────────► mine
 *      ├─ condition failed, at the first attempt ► taken
 *      ├─ condition failed, at a later one ──────► read: my id ► mine · another ► taken
 *      ├─ unknown ───────────────────────────────► read: my id ► mine · another ► taken · absent ► put again
 *      └─ not applied ───────────────────────────► put again
 *
 * An unknown attempt that lands late is harmless: it finds the row of the repetition, or the repetition finds its row.
 */
async function put(driver: Driver, row: Row): Promise<'mine' | 'taken'> {
  const write = { table: row.book, key: keyOf(row), existence: 'EXPECT_NOT_EXIST' } as const
  const columns = columnsOf(row)
  const pause = createPause(driver, `put ${row.type} into ${row.book} of ${row.stream} at ${row.n}`)
  let unclear = false
  for (let first = true; ; first = false) {
    const done = await driver.putRow(write, columns)
    if ('ok' in done) return 'mine'
    const { failure } = done
    if (failure.kind === 'condition' && first) return 'taken'
    if (failure.kind === 'rejected') throw toWriteError(unclear, pause.what, failure)
    unclear ||= failure.kind === 'unknown'
    const found = unclear || failure.kind === 'condition' ? await settle(driver, row, pause) : 'absent'
    if (found !== 'absent') return found
    if (!(await pause(failure))) throw toWriteError(unclear, pause.what, failure)
  }
}

async function settle(driver: Driver, row: Row, pause: Pause): Promise<'mine' | 'taken' | 'absent'> {
  try {
    const found = await persistRead(() => driver.getRow(row.book, keyOf(row)), pause)
    if (found === undefined) return 'absent'
    return found.columns['id'] === row.id ? 'mine' : 'taken'
  } catch (error) {
    // That the row cannot be read says nothing about whether it is there.
    throw error instanceof RecordError ? new RecordError('record_unclear', pause.what, error.failure) : error
  }
}
