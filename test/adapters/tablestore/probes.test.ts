// What a role may do is found out without doing it.
import { beforeEach, describe, expect, it } from 'vitest'
import { createOpenSet } from '#adapters/tablestore/open-set.ts'
import { createTableProbes } from '#adapters/tablestore/probes.ts'
import { ACTS, nameOf, TABLES, type Act, type TableName } from '#core/doctor/grants.ts'
import { FUNCTIONS } from '#core/doctor/report.ts'
import { createLocalDriver, startLocalCloud } from '#support/local-cloud.ts'
import { refusalOf, sdk } from '#support/tablestore-sdk.ts'

const cloud = await startLocalCloud()
const { tablestore, spine, endpoints } = cloud
const probesOf = (role: 'gate' | 'starter' | undefined, recordTimeout?: number) =>
  createTableProbes(
    createLocalDriver(cloud, {
      ...(role === undefined ? {} : { role }),
      ...(recordTimeout === undefined ? {} : { recordTimeout }),
    }),
  )
const rows = () => Object.fromEntries(tablestore.tables().map((name) => [name, tablestore.rows(name)]))

const ROWS: Readonly<Record<TableName, readonly (string | number)[]>> = {
  asks: [`req_${'0'.repeat(32)}`, 1],
  runs: ['0'.repeat(64), 1],
  open: ['0', `req_${'0'.repeat(32)}`],
  days: ['2026-11-23', 1, `req_${'0'.repeat(32)}`],
}

beforeEach(() => spine.faults.clear())

describe.each(['empty tables', 'tables that hold something'])('with %s', (what) => {
  it.each(FUNCTIONS)('the %s is found to have exactly its role, and nothing changes', async (role) => {
    if (what !== 'empty tables') for (const [name, key] of Object.entries(ROWS)) tablestore.seed(name, [key], { v: 7 })
    const before = rows()
    for (const act of ACTS[role]) {
      const { is } = await probesOf(role).try(act)
      expect(`${nameOf(act)}: ${is}`).toMatch(act.must ? /: (done|condition)$/ : /: forbidden$/)
    }
    expect(rows()).toEqual(before)
  })
})

describe('whoever may do too much', () => {
  const put = (table: TableName): Act => ({ verb: 'put', table, must: false })

  it('is found out, and a row that is there stays as it is', async () => {
    const before = rows()
    expect(await probesOf(undefined).try(put('runs'))).toMatchObject({ is: 'condition' })
    expect(await probesOf(undefined).try({ verb: 'delete', table: 'asks', must: false })).toMatchObject({
      is: 'condition',
    })
    expect(rows()).toEqual(before)
  })

  it('leaves a row at (doctor, 0) of an empty table, which nobody takes for a request', async () => {
    const empty = await startLocalCloud()
    const driver = createLocalDriver(empty)
    const tried = Object.keys(TABLES).map((name) => createTableProbes(driver).try(put(name as TableName)))
    expect((await Promise.all(tried)).map(({ is }) => is)).toEqual(['done', 'done', 'done', 'done'])
    expect(empty.tablestore.rows('runs').map(({ primaryKey }) => primaryKey)).toEqual([{ digest: 'doctor', n: 0n }])
    expect(await createOpenSet(driver).all()).toEqual([])
    expect(await createTableProbes(driver).try({ verb: 'delete', table: 'open', must: true })).toEqual({ is: 'done' })
    expect(empty.tablestore.rows('open')).toEqual([])
  })
})

describe('a table', () => {
  it.each(Object.entries(TABLES))('%s is described', async (name, shape) => {
    expect(await probesOf('gate').describe(name)).toEqual({ tried: { is: 'done' }, shape })
  })

  it('that is not there, or may not be described, is not', async () => {
    const missing = { is: 'other', code: 'OTSObjectNotExist' }
    expect(await probesOf(undefined).describe('nothing')).toEqual({ tried: missing })
    expect(await probesOf('starter').describe('runs')).toMatchObject({ tried: { is: 'forbidden' } })
  })

  it('of another key has another shape', async () => {
    const { accessKeyId, accessKeySecret: secretAccessKey } = spine.credentials.operator
    const client = new sdk.Client({ endpoint: endpoints.ots, instancename: 'startgate', accessKeyId, secretAccessKey })
    await client.createTable({
      tableMeta: { tableName: 'other', primaryKey: [{ name: 'b', type: 3 }] },
      reservedThroughput: { capacityUnit: { read: 0, write: 0 } },
      tableOptions: { timeToLive: 86_400, maxVersions: 2 },
    })
    expect(await probesOf(undefined).describe('other')).toMatchObject({
      shape: { primaryKey: [{ name: 'b', type: 'BINARY' }], timeToLive: 86_400, maxVersions: 2, allowUpdate: true },
    })
    expect((await refusalOf(client.describeTable({ tableName: 'nothing' }))).code).toBe('OTSObjectNotExist')
  })
})

it('a service that is in trouble says nothing about permissions', async () => {
  spine.faults.add({ operation: 'PutRow', fault: { kind: 'error', status: 503, code: 'OTSServerBusy' } })
  const act = { verb: 'put', table: 'asks', must: true } as const
  expect(await probesOf('gate').try(act)).toEqual({ is: 'other', code: 'OTSServerBusy' })
  spine.faults.add({ operation: 'PutRow', fault: { kind: 'truncated', stall: true } })
  expect(await probesOf('gate', 100).try(act)).toMatchObject({ is: 'other' })
})
