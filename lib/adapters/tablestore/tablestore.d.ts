// The part of the official SDK that is called here; it ships no types. Imports stay inside the block: at the top they
// would turn it into an addition to a module that has none.
declare module '@alicloud/tablestore' {
  import type { Agent as HttpAgent } from 'node:http'
  import type { Agent as HttpsAgent } from 'node:https'

  /** Every integer is one: a plain number would be stored as a double. */
  interface Int64 {
    toString(): string
  }
  interface Bound {
    readonly bound?: never
  }
  interface SdkCredentials {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly securityToken?: string | undefined
  }
  type Key = readonly Readonly<Record<string, string | Int64 | Bound>>[]
  interface Row {
    readonly primaryKey?: readonly { readonly name: string; readonly value: string | Int64 }[]
    readonly attributes?: readonly { readonly columnName: string; readonly columnValue: unknown }[]
  }
  class SingleColumnCondition {
    constructor(column: string, value: Int64, comparator: number, passIfMissing: false)
  }
  class Condition {
    constructor(existence: number, column: SingleColumnCondition | null)
  }
  interface WriteParams {
    readonly tableName: string
    readonly primaryKey: Key
    readonly condition: Condition
  }
  interface RangeParams {
    readonly tableName: string
    readonly direction: string
    readonly inclusiveStartPrimaryKey: Key
    readonly exclusiveEndPrimaryKey: Key
    readonly limit?: number
  }
  interface TableDescription {
    readonly tableMeta: { readonly primaryKey: readonly { readonly name: string; readonly type: number }[] }
    readonly tableOptions: {
      readonly timeToLive: number
      readonly maxVersions: number
      readonly allowUpdate?: boolean | null
    }
  }
  class Client {
    constructor(options: {
      readonly endpoint: string
      readonly instancename: string
      readonly maxRetries: number
      readonly httpOptions: { readonly timeout: number; readonly agent: HttpAgent | HttpsAgent }
    })
    readonly config: { getCredentials: () => SdkCredentials }
    putRow(
      params: WriteParams & { readonly attributeColumns: readonly Readonly<Record<string, string | Int64>>[] },
    ): Promise<unknown>
    deleteRow(params: WriteParams): Promise<unknown>
    describeTable(params: { readonly tableName: string }): Promise<TableDescription>
    getRow(params: { readonly tableName: string; readonly primaryKey: Key }): Promise<{ readonly row: Row }>
    getRange(
      params: RangeParams,
    ): Promise<{ readonly rows: readonly Row[]; readonly nextStartPrimaryKey?: Row['primaryKey'] | null }>
  }
  const tablestore: {
    readonly Client: typeof Client
    readonly Condition: typeof Condition
    readonly SingleColumnCondition: typeof SingleColumnCondition
    readonly RowExistenceExpectation: Readonly<Record<'IGNORE' | 'EXPECT_EXIST' | 'EXPECT_NOT_EXIST', number>>
    readonly ComparatorType: Readonly<Record<'EQUAL' | 'LESS_EQUAL', number>>
    readonly Direction: Readonly<Record<'FORWARD' | 'BACKWARD', string>>
    readonly Long: { fromString(text: string): Int64 }
    readonly INF_MIN: Bound
    readonly INF_MAX: Bound
  }
  export default tablestore
  export type { Bound, Client, Int64, Key, RangeParams, Row, SdkCredentials, TableDescription, WriteParams }
}
