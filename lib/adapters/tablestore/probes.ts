// What the role may do with the tables, tried without doing it.
import { TABLES, type TableName } from '#core/doctor/grants.ts'
import type { Tried } from '#core/doctor/report.ts'
import type { TableProbes } from '#ports/probes.ts'
import type { Driver, Outcome, RangeQuestion } from './driver.ts'
import { HIGHEST, LOWEST, type RowKey } from './values.ts'

export function createTableProbes(driver: Driver): TableProbes {
  return {
    async try({ verb, table, must }) {
      const key = toDoctorKey(table)
      switch (verb) {
        case 'get':
          return toTried(await driver.getRow(table, key))
        case 'range':
          return toTried(await driver.getPage(toFirst(table), undefined))
        case 'put':
          return must ? tryPut(driver, table) : tryForbiddenPut(driver, table)
        case 'delete':
          return toTried(await driver.deleteRow({ table, key, existence: 'EXPECT_EXIST' }))
      }
    },
    async describe(table) {
      const described = await driver.describeTable(table)
      const tried = toTried(described)
      return 'ok' in described ? { tried, shape: described.ok } : { tried }
    },
  }
}

/** There is no row at this key, so the condition stops the put. */
async function tryPut(driver: Driver, table: TableName): Promise<Tried> {
  return toTried(await driver.putRow({ table, key: toDoctorKey(table), existence: 'EXPECT_EXIST' }, { v: 1 }))
}

/** Where there is a row, the condition stops a put that RAM lets through. */
async function tryForbiddenPut(driver: Driver, table: TableName): Promise<Tried> {
  const page = await driver.getPage(toFirst(table), undefined)
  const key = ('ok' in page ? page.ok.rows[0]?.key : undefined) ?? toDoctorKey(table)
  return toTried(await driver.putRow({ table, key, existence: 'EXPECT_NOT_EXIST' }, { v: 1 }))
}

function toFirst(table: TableName): RangeQuestion {
  const all = (bound: typeof LOWEST) =>
    Object.fromEntries(TABLES[table].primaryKey.map(({ name }) => [name, bound] as const))
  return { table, from: all(LOWEST), to: all(HIGHEST), limit: 1 }
}

function toDoctorKey(table: TableName): RowKey {
  const values = TABLES[table].primaryKey.map(
    ({ name, type }, at) => [name, type === 'INTEGER' ? 0 : at === 0 ? 'doctor' : '0'] as const,
  )
  return Object.fromEntries(values)
}

function toTried(outcome: Outcome<unknown>): Tried {
  if (!('failure' in outcome)) return { is: 'done' }
  const { kind, code } = outcome.failure
  if (kind === 'condition') return { is: 'condition' }
  return { is: code === 'OTSNoPermissionAccess' ? 'forbidden' : 'other', code }
}
