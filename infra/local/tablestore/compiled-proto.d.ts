// The messages of the service's protobuf schema that the local server speaks. A field that is absent on the wire reads
// as its default through the prototype; `Object.hasOwn` tells whether it was sent. 64-bit numbers read as Long.

declare module '@alicloud/tablestore/lib/protocol/tablestore_compiled_proto.js' {
  export interface Codec<Message> {
    /** Throws on anything that is not such a message. */
    decode(bytes: Uint8Array): Message
    encode(message: Message): { finish(): Uint8Array }
  }

  export interface Int64 {
    toString(): string
  }

  export interface ServiceError {
    readonly code: string
    readonly message: string
  }

  export interface CapacityUnit {
    readonly read: number
    readonly write: number
  }

  export interface Consumed {
    readonly capacityUnit: CapacityUnit
  }

  export interface KeyColumnSchema {
    readonly name: string
    readonly type: number
    readonly option?: number
  }

  export interface DefinedColumnSchema {
    readonly name: string
    readonly type: number
  }

  export interface TableMeta {
    readonly tableName: string
    readonly primaryKey: readonly KeyColumnSchema[]
    readonly definedColumn: readonly DefinedColumnSchema[]
  }

  export interface TableOptions {
    readonly timeToLive: number
    readonly maxVersions: number
    readonly deviationCellVersionInSec: Int64 | number
    readonly allowUpdate: boolean
  }

  export interface CreateTableRequest {
    readonly tableMeta: TableMeta
    readonly reservedThroughput: Consumed
    readonly tableOptions?: TableOptions | null
    readonly indexMetas: readonly unknown[]
  }

  export interface TableName {
    readonly tableName: string
  }

  export interface TableNames {
    readonly tableNames: readonly string[]
  }

  export interface DescribeTableAnswer {
    readonly tableMeta: TableMeta
    readonly reservedThroughputDetails: Consumed & { readonly lastIncreaseTime: number }
    readonly tableOptions: TableOptions
    readonly tableStatus: number
  }

  export interface Condition {
    readonly rowExistence: number
    readonly columnCondition: Uint8Array
  }

  export interface ReturnContent {
    readonly returnType: number
    readonly returnColumnNames: readonly string[]
  }

  export interface TimeRange {
    readonly startTime: Int64
    readonly endTime: Int64
    readonly specificTime: Int64
  }

  /** What GetRow, GetRange and each table of BatchGetRow share. */
  export interface ReadOptions extends TableName {
    readonly columnsToGet: readonly string[]
    readonly timeRange?: TimeRange | null
    readonly maxVersions: number
    readonly filter: Uint8Array
    readonly startColumn: string
    readonly endColumn: string
  }

  export interface GetRowRequest extends ReadOptions {
    readonly primaryKey: Uint8Array
    readonly transactionId: string
  }

  export interface RowRead {
    readonly consumed: Consumed
    readonly row: Uint8Array
  }

  export interface GetRangeRequest extends ReadOptions {
    readonly direction: number
    readonly limit: number
    readonly inclusiveStartPrimaryKey: Uint8Array
    readonly exclusiveEndPrimaryKey: Uint8Array
    readonly transactionId: string
    readonly dataBlockTypeHint: number
    readonly returnEntirePrimaryKeys: boolean
  }

  export interface RangeRead {
    readonly consumed: Consumed
    readonly rows: Uint8Array
    readonly nextStartPrimaryKey?: Uint8Array
  }

  /** What the three single-row writes share, but for the name of the field with the row. */
  export interface WriteOptions {
    readonly condition: Condition
    readonly returnContent?: ReturnContent | null
  }

  export interface PutRowRequest extends TableName, WriteOptions {
    readonly row: Uint8Array
    readonly transactionId: string
  }

  export interface UpdateRowRequest extends TableName, WriteOptions {
    readonly rowChange: Uint8Array
    readonly transactionId: string
  }

  export interface DeleteRowRequest extends TableName, WriteOptions {
    readonly primaryKey: Uint8Array
    readonly transactionId: string
  }

  export interface RowWritten {
    readonly consumed: Consumed
    readonly row?: Uint8Array
  }

  export interface TableInBatchGetRow extends ReadOptions {
    readonly primaryKey: readonly Uint8Array[]
  }

  export interface BatchGetRowRequest {
    readonly tables: readonly TableInBatchGetRow[]
  }

  export interface RowInBatchWriteRow extends WriteOptions {
    readonly type: number
    readonly rowChange: Uint8Array
  }

  export interface TableInBatchWriteRow extends TableName {
    readonly rows: readonly RowInBatchWriteRow[]
  }

  export interface BatchWriteRowRequest {
    readonly tables: readonly TableInBatchWriteRow[]
    readonly transactionId: string
  }

  export interface RowInBatchAnswer {
    readonly isOk: boolean
    readonly error?: ServiceError
    readonly consumed?: Consumed
    readonly row?: Uint8Array
  }

  export interface BatchAnswer {
    readonly tables: readonly (TableName & { readonly rows: readonly RowInBatchAnswer[] })[]
  }

  export interface Filter {
    readonly type: number
    readonly filter: Uint8Array
  }

  export interface SingleColumnValueFilter {
    readonly comparator: number
    readonly columnName: string
    readonly columnValue: Uint8Array
    readonly filterIfMissing: boolean
    readonly latestVersionOnly: boolean
  }

  export interface CompositeColumnValueFilter {
    readonly combinator: number
    readonly subFilters: readonly Filter[]
  }

  export interface ColumnPaginationFilter {
    readonly offset: number
    readonly limit: number
  }

  const root: {
    readonly main: {
      readonly proto: {
        readonly Error: Codec<ServiceError>
        readonly CreateTableRequest: Codec<CreateTableRequest>
        readonly CreateTableResponse: Codec<object>
        readonly ListTableRequest: Codec<object>
        readonly ListTableResponse: Codec<TableNames>
        readonly DeleteTableRequest: Codec<TableName>
        readonly DeleteTableResponse: Codec<object>
        readonly DescribeTableRequest: Codec<TableName>
        readonly DescribeTableResponse: Codec<DescribeTableAnswer>
        readonly GetRowRequest: Codec<GetRowRequest>
        readonly GetRowResponse: Codec<RowRead>
        readonly GetRangeRequest: Codec<GetRangeRequest>
        readonly GetRangeResponse: Codec<RangeRead>
        readonly PutRowRequest: Codec<PutRowRequest>
        readonly PutRowResponse: Codec<RowWritten>
        readonly UpdateRowRequest: Codec<UpdateRowRequest>
        readonly UpdateRowResponse: Codec<RowWritten>
        readonly DeleteRowRequest: Codec<DeleteRowRequest>
        readonly DeleteRowResponse: Codec<RowWritten>
        readonly BatchGetRowRequest: Codec<BatchGetRowRequest>
        readonly BatchGetRowResponse: Codec<BatchAnswer>
        readonly BatchWriteRowRequest: Codec<BatchWriteRowRequest>
        readonly BatchWriteRowResponse: Codec<BatchAnswer>
      }
    }
    readonly filter: {
      readonly proto: {
        readonly Filter: Codec<Filter>
        readonly SingleColumnValueFilter: Codec<SingleColumnValueFilter>
        readonly CompositeColumnValueFilter: Codec<CompositeColumnValueFilter>
        readonly ColumnPaginationFilter: Codec<ColumnPaginationFilter>
      }
    }
  }
  export default root
}
