// Carries one checked write out. Existence is judged before the columns, and nothing is stored until both hold.

import type { RowWritten } from '@alicloud/tablestore/lib/protocol/tablestore_compiled_proto.js'
import { capacity } from './capacity.ts'
import type { Change, Step } from './change.ts'
import { conditionFailed, invalid } from './refusal.ts'
import { writeRows } from './row-writer.ts'
import { type Columns, type StoredRow, type Version, addVersion, visible } from './stored-row.ts'
import type { Table } from './table.ts'

/** 403 OTSConditionCheckFail, or 400 OTSParameterInvalid for a counter that cannot count. */
export function applyChange(table: Table, change: Change, now: number): RowWritten {
  const before = visible(table.rows.find(change.key.bytes), table.retention, now)
  checkCondition(change, before)
  const after = change.kind === 'delete' ? undefined : changed(change, before, table, BigInt(now))
  if (after === undefined) table.rows.remove(change.key.bytes)
  else table.rows.put(after)
  const isConditional = change.existence !== 'ignore' || change.columnTest !== undefined
  return {
    consumed: capacity({ read: isConditional ? 1 : 0, write: change.bytes }),
    ...returned(change, after),
  }
}

function checkCondition(change: Change, before: StoredRow | undefined): void {
  if (change.existence === 'expectExist' && before === undefined) throw conditionFailed()
  if (change.existence === 'expectNotExist' && before !== undefined) throw conditionFailed()
  // Of a row that is not there every column is missing.
  if (change.columnTest?.(before?.columns ?? new Map()) === false) throw conditionFailed()
}

/** A put starts from nothing, an update from what is visible: what has expired does not come back. */
function changed(change: Change, before: StoredRow | undefined, table: Table, now: bigint): StoredRow {
  const columns = new Map(change.kind === 'update' ? before?.columns : undefined)
  for (const step of change.steps) {
    const versions = applyStep(step, columns, now).slice(0, table.retention.maxVersions)
    if (versions.length === 0) columns.delete(step.name)
    else columns.set(step.name, versions)
  }
  return { key: change.key.bytes, primaryKey: change.key, columns, writtenAt: now }
}

function applyStep(step: Step, columns: Columns, now: bigint): readonly Version[] {
  const versions = columns.get(step.name) ?? []
  switch (step.kind) {
    case 'put':
      return addVersion(versions, { timestamp: step.timestamp, value: step.value })
    case 'deleteAll':
      return []
    case 'deleteOne':
      return versions.filter(({ timestamp }) => timestamp !== step.timestamp)
    case 'increment':
      return addVersion(versions, { timestamp: now, value: { type: 'integer', value: counted(step, versions) } })
  }
}

function counted(step: Extract<Step, { kind: 'increment' }>, versions: readonly Version[]): bigint {
  const latest = versions[0]?.value ?? { type: 'integer', value: 0n }
  if (latest.type !== 'integer') throw invalid(`The atomic counter ${step.name} is not an integer: ${latest.type}.`)
  const sum = latest.value + step.by
  if (BigInt.asIntN(64, sum) !== sum) throw invalid(`The atomic counter ${step.name} overflows.`)
  return sum
}

function returned(change: Change, after: StoredRow | undefined): Pick<RowWritten, 'row'> {
  if (change.returns === 'nothing') return {}
  if (change.returns === 'key') {
    return { row: writeRows([{ primaryKey: change.key.columns, attributes: [] }]) }
  }
  const attributes = change.returns.columns.flatMap((name) => {
    const latest = after?.columns.get(name)?.[0]
    return latest === undefined ? [] : [{ name, ...latest }]
  })
  return { row: writeRows([{ primaryKey: [], attributes }]) }
}
