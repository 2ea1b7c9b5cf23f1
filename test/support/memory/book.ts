// A book in memory: the same promises as the one in the cloud, in one process and without any waiting.
import type { BookName, Row } from '#core/row.ts'
import type { Book } from '#ports/book.ts'
import { createMemoryCalls, MemoryUnclearError, type MemoryCalls } from './calls.ts'

export interface MemoryBook extends Book {
  /** Every row of every stream, in the order in which they were put. */
  rows(): readonly Row[]
  /** Puts a row where it stands, whatever is there: what somebody with write access to the table could do. */
  overwrite(row: Row): void
}

export function createMemoryBook(name: BookName, calls: MemoryCalls = createMemoryCalls()): MemoryBook {
  const streams = new Map<string, Map<number, string>>()
  const order: string[] = []

  // Kept as text, as a table does: nobody can change a row by holding on to it.
  const write = (row: Row): boolean => {
    const stream = streams.get(row.stream) ?? new Map<number, string>()
    streams.set(row.stream, stream)
    if (stream.has(row.n)) return false
    stream.set(row.n, JSON.stringify(row))
    order.push(JSON.stringify(row))
    return true
  }
  const sorted = (stream: string): Row[] =>
    [...(streams.get(stream) ?? [])].toSorted(([one], [other]) => one - other).map(([, text]) => parse(text))
  const enter = (operation: string, subject: string) => calls.enter({ service: name, operation, subject })

  const reading = async (stream: string): Promise<readonly Row[]> => {
    const fault = await enter('GetRange', stream)
    if (fault === undefined) return sorted(stream)
    if (fault.kind === 'unclear')
      throw new MemoryUnclearError({ service: name, operation: 'GetRange', subject: stream })
    return reading(stream)
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
    const text = streams.get(stream)?.get(n)
    if (text === undefined) return undefined
    return parse(text).id === id ? 'mine' : 'taken'
  }

  return {
    read: reading,
    latest: async (stream) => (await reading(stream)).at(-1),
    put: (row) => put(row, false),
    rows: () => order.map(parse),
    overwrite(row) {
      const stream = streams.get(row.stream) ?? new Map<number, string>()
      streams.set(row.stream, stream.set(row.n, JSON.stringify(row)))
    },
  }
}

function parse(text: string): Row {
  return JSON.parse(text) as Row
}
