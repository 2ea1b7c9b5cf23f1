// GetRange: one page of rows in key order.

import type { GetRangeRequest, RangeRead } from '@alicloud/tablestore/lib/protocol/tablestore_compiled_proto.js'
import { capacity } from './capacity.ts'
import { type PrimaryKey, parseBound } from './key.ts'
import { MAX_BYTES_PER_PAGE } from './limits.ts'
import { has } from './messages.ts'
import { parseReading, sizeOfRow, toAnswer } from './read.ts'
import { invalid } from './refusal.ts'
import { readRow } from './row-reader.ts'
import { type AnswerRow, writeRows } from './row-writer.ts'
import { visible } from './stored-row.ts'
import { type Store, type Table, findTable } from './table.ts'

/**
 * A page ends at `limit` rows returned, at so many rows or bytes looked at, or at the end of the range: a filter can
 * leave a page empty although there is more. Then `nextStartPrimaryKey` says where the next page begins.
 */
export function readRange(store: Store, request: GetRangeRequest): RangeRead {
  const table = findTable(store, request.tableName)
  const range = parseRange(table, request)
  const reading = parseReading(request)
  const now = store.now()

  const answers: AnswerRow[] = []
  let looked = 0
  let bytes = 0
  let next: PrimaryKey | undefined
  for (const stored of table.rows.from(range.start, range.backward)) {
    if (!range.isInside(stored.key)) break
    const row = visible(stored, table.retention, now)
    const size = row === undefined ? 0 : sizeOfRow(row)
    // The first row is taken whatever its size, or a row larger than a page could never be passed.
    const isFull = looked > 0 && bytes + size > MAX_BYTES_PER_PAGE
    if (isFull || looked >= store.pageRows || answers.length >= range.limit) {
      next = stored.primaryKey
      break
    }
    looked += 1
    bytes += size
    const answer = row === undefined ? undefined : toAnswer(row, reading, request.returnEntirePrimaryKeys)
    if (answer !== undefined) answers.push(answer)
  }
  return {
    consumed: capacity({ read: Math.max(1, bytes) }),
    rows: writeRows(answers),
    ...(next !== undefined && { nextStartPrimaryKey: writeRows([{ primaryKey: next.columns, attributes: [] }]) }),
  }
}

interface Range {
  readonly start: Buffer
  readonly backward: boolean
  readonly isInside: (key: Buffer) => boolean
  readonly limit: number
}

function parseRange(table: Table, request: GetRangeRequest): Range {
  const start = parseBound(table.schema, readRow(request.inclusiveStartPrimaryKey))
  const end = parseBound(table.schema, readRow(request.exclusiveEndPrimaryKey))
  const limit = has(request, 'limit') ? request.limit : Number.POSITIVE_INFINITY
  if (limit <= 0) throw invalid('The limit must be greater than 0.')
  const order = Buffer.compare(start, end)
  switch (request.direction) {
    case 0:
      if (order >= 0) throw invalid('Begin key must less than end key in FORWARD.')
      return { start, backward: false, isInside: (key) => Buffer.compare(key, end) < 0, limit }
    case 1:
      if (order <= 0) throw invalid('Begin key must more than end key in BACKWARD.')
      return { start, backward: true, isInside: (key) => Buffer.compare(key, end) > 0, limit }
    default:
      throw invalid(`Invalid direction: ${request.direction}.`)
  }
}
