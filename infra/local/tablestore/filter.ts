// Conditions on columns, as writes and reads carry them: parsed once with the service's limits, then asked per row.

import { createCursor } from './cursor.ts'
import { MAX_FILTERS } from './limits.ts'
import { decode, filterMessages } from './messages.ts'
import { invalid } from './refusal.ts'
import type { Columns } from './stored-row.ts'
import { type Value, isValue, readValue } from './value.ts'

/** True when the columns pass. */
export type ColumnTest = (columns: Columns) => boolean

/** Which part of a wide row a read returns. */
export interface ColumnPage {
  readonly offset: number
  readonly limit: number
}

/** The column condition of a write. 400 OTSParameterInvalid when malformed or with more than 10 conditions. */
export function parseCondition(bytes: Uint8Array): ColumnTest {
  const filter = decode(filterMessages.Filter, bytes, 'Deserialize filter failed.')
  if (filter.type === TYPE.COLUMN_PAGINATION) throw invalid(`Invalid type of filter: ${filter.type}.`)
  return parseTest(filter, { left: MAX_FILTERS }, 0)
}

/** The filter of a read: a test, or a page of columns. */
export function parseFilter(bytes: Uint8Array): { readonly test?: ColumnTest; readonly page?: ColumnPage } {
  const filter = decode(filterMessages.Filter, bytes, 'Deserialize filter failed.')
  if (filter.type !== TYPE.COLUMN_PAGINATION) return { test: parseTest(filter, { left: MAX_FILTERS }, 0) }
  const page = decode(
    filterMessages.ColumnPaginationFilter,
    filter.filter,
    'Deserialize column pagination filter failed.',
  )
  if (page.offset < 0) throw invalid('Offset in ColumnPaginationFilter must be greater than or equal to 0.')
  if (page.limit <= 0) throw invalid('Limit in ColumnPaginationFilter must be greater than 0.')
  return { page: { offset: page.offset, limit: page.limit } }
}

const TYPE = { SINGLE_COLUMN_VALUE: 1, COMPOSITE_COLUMN_VALUE: 2, COLUMN_PAGINATION: 3 } as const
const COMBINATOR = { NOT: 1, AND: 2, OR: 3 } as const
/** Deeper than any tree of ten conditions needs, and far from exhausting the stack. */
const MAX_DEPTH = 20

interface Budget {
  left: number
}

type FilterMessage = ReturnType<typeof filterMessages.Filter.decode>

function parseTest(filter: FilterMessage, budget: Budget, depth: number): ColumnTest {
  if (depth > MAX_DEPTH) throw invalid(`The count of filter exceeds the max：${MAX_FILTERS}.`)
  switch (filter.type) {
    case TYPE.SINGLE_COLUMN_VALUE:
      return parseSingle(filter.filter, budget)
    case TYPE.COMPOSITE_COLUMN_VALUE:
      return parseComposite(filter.filter, budget, depth)
    default:
      throw invalid(`Invalid type of ${depth === 0 ? 'filter' : 'sub-filter'}: ${filter.type}.`)
  }
}

function parseComposite(bytes: Uint8Array, budget: Budget, depth: number): ColumnTest {
  const composite = decode(filterMessages.CompositeColumnValueFilter, bytes, 'Deserialize composite filter failed.')
  const tests = composite.subFilters.map((filter) => parseTest(filter, budget, depth + 1))
  const [only] = tests
  switch (composite.combinator) {
    case COMBINATOR.NOT:
      if (only === undefined || tests.length > 1) {
        throw invalid('Invalid NOT operator: the number of sub-filters must be 1.')
      }
      return (columns) => !only(columns)
    case COMBINATOR.AND:
    case COMBINATOR.OR:
      if (tests.length < 2) throw invalid('Invalid AND/OR operator: the number of sub-filters must be 2.')
      return composite.combinator === COMBINATOR.AND
        ? (columns) => tests.every((test) => test(columns))
        : (columns) => tests.some((test) => test(columns))
    default:
      throw invalid(`Invalid relation operator: ${composite.combinator}.`)
  }
}

function parseSingle(bytes: Uint8Array, budget: Budget): ColumnTest {
  budget.left -= 1
  if (budget.left < 0) throw invalid(`The count of filter exceeds the max：${MAX_FILTERS}.`)
  const single = decode(filterMessages.SingleColumnValueFilter, bytes, 'Deserialize relation filter failed.')
  const wanted = readValue(createCursor(single.columnValue), single.columnName)
  if (!isValue(wanted)) throw invalid('Invalid column type.')
  const holds = parseComparator(single.comparator)
  return (columns) => {
    const versions = columns.get(single.columnName)
    if (versions === undefined) return !single.filterIfMissing
    const asked = single.latestVersionOnly ? versions.slice(0, 1) : versions
    return asked.some(({ value }) => {
      const order = compare(value, wanted)
      return order !== undefined && holds(order)
    })
  }
}

function parseComparator(comparator: number): (order: number) => boolean {
  const holds = COMPARATORS[comparator - 1]
  if (holds === undefined) throw invalid(`Invalid relation operator: ${comparator}.`)
  return holds
}

/** In the order of their numbers, from CT_EQUAL = 1. */
const COMPARATORS: readonly ((order: number) => boolean)[] = [
  (order) => order === 0,
  (order) => order !== 0,
  (order) => order > 0,
  (order) => order >= 0,
  (order) => order < 0,
  (order) => order <= 0,
]

/** Undefined for values of different types: no comparison holds between them. */
function compare(left: Value, right: Value): number | undefined {
  if (left.type === 'string' && right.type === 'string') {
    return Buffer.compare(Buffer.from(left.value), Buffer.from(right.value))
  }
  if (left.type === 'binary' && right.type === 'binary') return Buffer.compare(left.value, right.value)
  if (left.type !== right.type) return undefined
  return left.value === right.value ? 0 : left.value < right.value ? -1 : 1
}
