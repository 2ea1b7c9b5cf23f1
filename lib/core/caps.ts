// How much one request may hold, so that nobody can make it too large to be read and judged in time.
import { toCanonicalJson } from './canonical-json.ts'
import type { Row } from './row.ts'

export const MAX_ROWS = 64
export const MAX_BYTES = 256 * 1024
/**
 * What the last rows are kept for: a no and the `stopped` that follows it, which a flood of approvals can never keep out;
 * before those approvals, which a flood of tellings cannot.
 */
export const ROWS_KEPT = { no: 0, yes: 8, telling: 16 } as const

export function hasRoom(rows: readonly Row[], body: unknown, kind: keyof typeof ROWS_KEPT): boolean {
  const used = rows.reduce((sum, row) => sum + countBytes(row.body), 0)
  const limit = 1 - ROWS_KEPT[kind] / MAX_ROWS
  const needed = kind === 'no' ? 2 : 1
  return rows.length + needed <= MAX_ROWS * limit && used + countBytes(body) <= MAX_BYTES * limit
}

function countBytes(body: unknown): number {
  return new TextEncoder().encode(toCanonicalJson(body)).length
}
