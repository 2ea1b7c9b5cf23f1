// What the tables are asked, call by call, whoever carries it out. The SDK is loaded with the first call: whoever is turned
// away before that does not wait for it.
import type { Key } from '@alicloud/tablestore'
import type { TableShape } from '#core/doctor/report.ts'
import type { Durations } from '#core/durations.ts'
import type { Clock, Log } from '#ports/world.ts'
import type { Failure } from './failure.ts'
import type { KeyBound, RowKey, StoredRow, Value } from './values.ts'

export interface TablestoreOptions {
  /** `https://<instance>.<region>.vpc.tablestore.aliyuncs.com`. */
  readonly endpoint: string
  readonly instanceName: string
  /** Asked at every call: the platform hands out fresh ones with each invocation. */
  readonly credentials: () => {
    readonly accessKeyId: string
    readonly accessKeySecret: string
    readonly securityToken?: string | undefined
  }
  readonly durations: Pick<Durations, 'recordTimeout'>
  readonly clock: Clock
  readonly log: Log
}

export interface RangeQuestion {
  readonly table: string
  readonly from: KeyBound
  readonly to: KeyBound
  readonly backward?: boolean
  readonly limit?: number
}

export interface Page {
  readonly rows: readonly StoredRow[]
  readonly next: Key | undefined
}

export interface Write {
  readonly table: string
  readonly key: RowKey
  readonly existence: 'IGNORE' | 'EXPECT_EXIST' | 'EXPECT_NOT_EXIST'
  /** A condition on an INTEGER column; a row without that column does not meet it. */
  readonly column?: { readonly name: string; readonly is: 'EQUAL' | 'LESS_EQUAL'; readonly value: number }
}

export type Outcome<Result> = { readonly ok: Result } | { readonly failure: Failure }

export interface Driver {
  readonly clock: Clock
  readonly log: Log
  /** Longest time of one call, ms. */
  readonly timeout: number
  /** Each settles within `timeout` and never throws for what the service or the network does. */
  getPage(question: RangeQuestion, start: Key | undefined): Promise<Outcome<Page>>
  getRow(table: string, key: RowKey): Promise<Outcome<StoredRow | undefined>>
  putRow(write: Write, columns: Readonly<Record<string, Value>>): Promise<Outcome<void>>
  deleteRow(write: Write): Promise<Outcome<void>>
  describeTable(table: string): Promise<Outcome<TableShape>>
}

export type Calls = Pick<Driver, 'getPage' | 'getRow' | 'putRow' | 'deleteRow' | 'describeTable'>

export function createDriver(options: TablestoreOptions): Driver {
  const { clock, log, durations } = options
  let loading: Promise<Calls> | undefined
  const load = (): Promise<Calls> => (loading ??= createCallsOf(options))
  return {
    clock,
    log,
    timeout: durations.recordTimeout,
    getPage: async (question, start) => (await load()).getPage(question, start),
    getRow: async (table, key) => (await load()).getRow(table, key),
    putRow: async (write, columns) => (await load()).putRow(write, columns),
    deleteRow: async (write) => (await load()).deleteRow(write),
    describeTable: async (table) => (await load()).describeTable(table),
  }
}

async function createCallsOf(options: TablestoreOptions): Promise<Calls> {
  const { createCalls } = await import('./calls.ts')
  return createCalls(options)
}
