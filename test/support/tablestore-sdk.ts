// The official SDK as the tests of the local server use it, unmodified, with the types that these tests need.

import { createRequire } from 'node:module'

export type Key = readonly Readonly<Record<string, unknown>>[]
type Params = Readonly<Record<string, unknown>>

/** An integer as the SDK reads it. */
export interface SdkInteger {
  toString(): string
}

export interface SdkRow {
  readonly primaryKey?: readonly { readonly name: string; readonly value: unknown }[]
  readonly attributes?: readonly {
    readonly columnName: string
    readonly columnValue: unknown
    readonly timestamp: SdkInteger
  }[]
}

interface SdkBatchRow extends SdkRow {
  readonly isOk: boolean
  readonly errorCode: string | null
  readonly errorMessage: string | null
  readonly tableName: string
}

interface Consumed {
  readonly consumed: { readonly capacityUnit: { readonly read: number; readonly write: number } }
}

export interface SdkClient {
  createTable(params: Params): Promise<object>
  describeTable(params: Params): Promise<{
    readonly tableMeta: { readonly tableName: string; readonly primaryKey: readonly { readonly name: string }[] }
    readonly tableOptions: { readonly timeToLive: number; readonly maxVersions: number; readonly allowUpdate: boolean }
    readonly tableStatus: number
  }>
  listTable(params: Params): Promise<{ readonly tableNames: readonly string[] }>
  deleteTable(params: Params): Promise<object>
  putRow(params: Params): Promise<Consumed & { readonly row: SdkRow | null }>
  updateRow(params: Params): Promise<Consumed & { readonly row: SdkRow | null }>
  deleteRow(params: Params): Promise<Consumed & { readonly row: SdkRow | null }>
  getRow(params: Params): Promise<Consumed & { readonly row: SdkRow }>
  getRange(params: Params): Promise<
    Consumed & {
      readonly rows: readonly SdkRow[]
      readonly nextStartPrimaryKey: readonly { readonly name: string; readonly value: unknown }[] | null
    }
  >
  batchGetRow(params: Params): Promise<{ readonly tables: readonly (readonly SdkBatchRow[])[] }>
  batchWriteRow(params: Params): Promise<{ readonly tables: readonly SdkBatchRow[] }>
  startLocalTransaction(params: Params): Promise<object>
}

/** A test of one column, or several combined. */
export interface SdkFilter {
  addSubCondition?(filter: SdkFilter): void
}

interface Sdk {
  readonly Client: new (options: Params) => SdkClient
  readonly Condition: new (existence: number, filter?: SdkFilter | null) => object
  readonly SingleColumnCondition: new (
    column: string,
    value: unknown,
    comparator: number,
    passIfMissing: boolean,
    latestVersionOnly?: boolean,
  ) => SdkFilter
  readonly CompositeCondition: new (combinator: number) => SdkFilter & Required<Pick<SdkFilter, 'addSubCondition'>>
  readonly ColumnPaginationFilter: new (limit: number, offset: number) => SdkFilter
  readonly ComparatorType: Readonly<
    Record<'EQUAL' | 'NOT_EQUAL' | 'GREATER_THAN' | 'GREATER_EQUAL' | 'LESS_THAN' | 'LESS_EQUAL', number>
  >
  readonly LogicalOperator: Readonly<Record<'NOT' | 'AND' | 'OR', number>>
  readonly RowExistenceExpectation: Readonly<Record<'IGNORE' | 'EXPECT_EXIST' | 'EXPECT_NOT_EXIST', number>>
  readonly ReturnType: Readonly<Record<'NONE' | 'Primarykey' | 'AfterModify', number>>
  readonly Direction: Readonly<Record<'FORWARD' | 'BACKWARD', string>>
  readonly Long: { fromNumber(value: number): SdkInteger; fromString(value: string): SdkInteger }
  readonly INF_MIN: unknown
  readonly INF_MAX: unknown
  readonly PK_AUTO_INCR: unknown
}

export const sdk = createRequire(import.meta.url)('@alicloud/tablestore') as Sdk

const { IGNORE, EXPECT_EXIST, EXPECT_NOT_EXIST } = sdk.RowExistenceExpectation

export const ignore = (filter?: SdkFilter): object => new sdk.Condition(IGNORE, filter)
export const expectExist = (filter?: SdkFilter): object => new sdk.Condition(EXPECT_EXIST, filter)
export const expectNotExist = (filter?: SdkFilter): object => new sdk.Condition(EXPECT_NOT_EXIST, filter)
export const long = (value: number | string): SdkInteger => sdk.Long.fromString(String(value))

/** The columns of a row by name, integers as bigint; of several versions the newest. */
export function columnsOf(row: SdkRow | null | undefined): Record<string, unknown> {
  const columns: Record<string, unknown> = {}
  for (const { columnName, columnValue } of row?.attributes ?? []) columns[columnName] ??= plain(columnValue)
  return columns
}

/** The key of a row in its order, integers as bigint. */
export function keyOf(row: SdkRow | null | undefined): readonly unknown[] {
  return (row?.primaryKey ?? []).map(({ value }) => plain(value))
}

/** The service's own error code, which the SDK leaves inside the message, and the HTTP status that it calls the code. */
export async function refusalOf(call: Promise<unknown>): Promise<{ status: number; code: string; message: string }> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof Error)) throw new Error('the call was not refused')
  const status = 'code' in error ? Number(error.code) : Number.NaN
  const length = error.message.charCodeAt(1)
  const code = error.message.startsWith('\n') ? error.message.slice(2, 2 + length) : ''
  return { status, code, message: error.message.slice(2 + length) }
}

function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value
  // The SDK's integer, an Int64LE: its decimal text is exact.
  return BigInt((value as SdkInteger).toString())
}
