// A book in memory: the same promises as the one in the cloud, in one process and without any waiting.
import type { BookName, Row } from '#core/row.ts'
import type { Book } from '#ports/book.ts'
import { createMemoryCalls, MemoryUnclearError, type MemoryCalls } from './calls.ts'

export interface MemoryBook extends Book {
  /** Every row of every stream, in the order in which they were put. */
  rows(): readonly Row[]
  /** The rows of one stream as they are now, without a call. */
  stream(stream: string): readonly Row[]
  /** Puts a row where it stands, whatever is there: what somebody with write access to the table could do. */
  overwrite(row: Row): void
}

/** `pageRows`: a reading takes a call for each so many rows. */
export function createMemoryBook(
  name: BookName,
  calls: MemoryCalls = createMemoryCalls(),
  pageRows = Number.POSITIVE_INFINITY,
): MemoryBook {
  const streams = new Map<string, Map<number, Row>>()
  const order: Row[] = []

  const write = (row: Row): boolean => {
    const stream = streams.get(row.stream) ?? new Map<number, Row>()
    streams.set(row.stream, stream)
    if (stream.has(row.n)) return false
    const kept = keep(row)
    stream.set(row.n, kept)
    order.push(kept)
    return true
  }
  const sorted = (stream: string): Row[] =>
    [...(streams.get(stream) ?? [])].toSorted(([one], [other]) => one - other).map(([, row]) => row)
  const enter = (operation: string, subject: string) => calls.enter({ service: name, operation, subject })

  const reading = async (stream: string): Promise<readonly Row[]> => {
    const rows: Row[] = []
    for (let more = true; more;) {
      const page = await readPage(stream, rows.at(-1)?.n ?? 0)
      rows.push(...page)
      more = page.length === pageRows
    }
    return rows
  }

  const readPage = async (stream: string, after: number): Promise<readonly Row[]> => {
    const fault = await enter('GetRange', stream)
    if (fault === undefined)
      return sorted(stream)
        .filter(({ n }) => n > after)
        .slice(0, pageRows)
    if (fault.kind === 'unclear')
      throw new MemoryUnclearError({ service: name, operation: 'GetRange', subject: stream })
    return readPage(stream, after)
  }

  const put = async (row: Row, unclear: boolean): Promise<'mine' | 'taken'> => {
    const subject = `${row.stream}, ${row.n}`
    const fault = await enter('PutRow', subject)
    if (fault === undefined) {
      if (write(row)) return 'mine'
      return unclear && (await settle(row)) === 'mine' ? 'mine' : 'taken'
    }
    if (fault.applied) write(row)
    if (fault.kind === 'unclear') throw new MemoryUnclearError({ service: name, operation: 'PutRow', subject })
    const found = await settle(row)
    return found ?? put(row, true)
  }

  const settle = async ({ stream, n, id }: Row): Promise<'mine' | 'taken' | undefined> => {
    await enter('GetRow', `${stream}, ${n}`)
    const there = streams.get(stream)?.get(n)
    if (there === undefined) return undefined
    return there.id === id ? 'mine' : 'taken'
  }

  return {
    read: reading,
    latest: async (stream) => (await reading(stream)).at(-1),
    put: (row) => put(row, false),
    rows: () => order,
    stream: sorted,
    overwrite(row) {
      const stream = streams.get(row.stream) ?? new Map<number, Row>()
      streams.set(row.stream, stream.set(row.n, keep(row)))
    },
  }
}

/** A copy as a table would give it back, which nobody can change by holding on to it. */
function keep(row: Row): Row {
  return freeze(JSON.parse(JSON.stringify(row)) as Row)
}

function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null)
    for (const member of Object.values(Object.freeze(value))) freeze(member)
  return value
}
