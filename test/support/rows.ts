// Rows of `asks` for tests that care about books and not about what is in them.
import { randomBytes } from 'node:crypto'
import type { RequestId } from '#core/request-id.ts'
import { createRow, headOf, NO_HEAD, type Head, type Row } from '#core/row.ts'

export function newStream(): RequestId {
  return `req_${randomBytes(16).toString('hex')}`
}

export function newRow(
  given: Partial<Pick<Row, 'stream' | 'body' | 'actor' | 'type' | 'at' | 'book'>> = {},
  after: Head = NO_HEAD,
): Row {
  const content = {
    book: 'asks',
    stream: newStream(),
    id: randomBytes(16).toString('hex'),
    type: 'cancelled',
    at: 1_795_424_400_123,
    actor: { principal: 'alice' },
    body: { by: 'alice' },
  } as const
  return createRow({ ...content, ...given }, after)
}

/** Rows 1 to `length` of one stream. */
export function newChain(length: number, stream = newStream()): readonly Row[] {
  const rows: Row[] = []
  while (rows.length < length) rows.push(newRow({ stream }, headOf(rows)))
  return rows
}
