// Looks into the tables without a request: for tests and for showing what was recorded.

import { visible } from './stored-row.ts'
import type { Store } from './table.ts'
import type { Value } from './value.ts'

interface RowSeen {
  readonly primaryKey: Readonly<Record<string, Value['value']>>
  /** The latest version of each column. */
  readonly attributes: Readonly<Record<string, Value['value']>>
}

export interface Inspection {
  /** Names, sorted. */
  tables(): readonly string[]
  /** The rows that a reader would see now, in key order; none for a table that does not exist. */
  rows(table: string): readonly RowSeen[]
  /** How many rows are stored, those with it that no reader sees any more. */
  count(table: string): number
}

export function createInspection(store: Store): Inspection {
  return {
    tables: () => [...store.tables.keys()].toSorted(),
    count: (name) => store.tables.get(name)?.rows.size() ?? 0,
    rows(name) {
      const table = store.tables.get(name)
      if (table === undefined) return []
      return [...table.rows.from(BEFORE_ALL, false)].flatMap((stored) => {
        const row = visible(stored, table.retention, store.now())
        if (row === undefined) return []
        const key = row.primaryKey.columns.map(({ name: column, value }) => [column, value.value] as const)
        const attributes = [...row.columns].flatMap(([column, [latest]]) =>
          latest === undefined ? [] : [[column, latest.value.value] as const],
        )
        return [{ primaryKey: Object.fromEntries(key), attributes: Object.fromEntries(attributes) }]
      })
    },
  }
}

/** Sorts before every key. */
const BEFORE_ALL = Buffer.alloc(0)
