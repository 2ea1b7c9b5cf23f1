// A table and its definition, checked as CreateTable checks it.

import type { CreateTableRequest, TableMeta } from '@alicloud/tablestore/lib/protocol/tablestore_compiled_proto.js'
import type { KeyColumn } from './key.ts'
import * as limits from './limits.ts'
import { has, toBigInt } from './messages.ts'
import { type OrderedRows, createOrderedRows } from './ordered-rows.ts'
import { invalid, Refusal } from './refusal.ts'
import type { Retention, StoredRow } from './stored-row.ts'

export interface Table {
  /** As it was sent, for DescribeTable. */
  readonly meta: TableMeta
  readonly schema: readonly KeyColumn[]
  readonly retention: Retention
  /** How far a written timestamp may lie from now. */
  readonly deviationSeconds: bigint
  /** False: UpdateRow is refused. */
  readonly allowUpdate: boolean
  /** Epoch milliseconds. */
  readonly createdAt: number
  readonly rows: OrderedRows<StoredRow>
}

/** What the operations work on. */
export interface Store {
  readonly tables: Map<string, Table>
  /** Epoch milliseconds. */
  now(): number
  readonly pageRows: number
}

/** 404 OTSObjectNotExist. */
export function findTable(store: Store, name: string): Table {
  const table = store.tables.get(name)
  if (table === undefined) throw new Refusal(404, 'OTSObjectNotExist', 'Requested table does not exist.')
  return table
}

/** 400 OTSParameterInvalid for a definition that the service does not take. */
export function parseTable(request: CreateTableRequest, now: number): Table {
  const schema = parseSchema(request.tableMeta)
  checkDefinedColumns(request.tableMeta, schema)
  if (request.indexMetas.length > 0) throw invalid('Secondary indexes are not supported by this instance.')
  const { read, write } = request.reservedThroughput.capacityUnit
  if (read < 0 || write < 0) throw invalid(`Invalid Capacity Unit:${read},${write}. Capacity Unit must be nonnegative.`)
  return {
    meta: request.tableMeta,
    schema,
    ...parseOptions(request),
    createdAt: now,
    rows: createOrderedRows(),
  }
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,254}$/

export function checkTableName(name: string): string {
  if (!NAME.test(name)) throw invalid(`Invalid table name: ${name}.`)
  return name
}

export function checkColumnName(name: string): string {
  if (name === '') throw invalid('invalid name of column: empty name.')
  if (!NAME.test(name)) throw invalid(`Invalid column name: ${name}.`)
  return name
}

const KEY_TYPES = new Map<number, KeyColumn['type']>([
  [1, 'integer'],
  [2, 'string'],
  [3, 'binary'],
])

function parseSchema(meta: TableMeta): readonly KeyColumn[] {
  const count = meta.primaryKey.length
  if (count < 1 || count > limits.MAX_KEY_COLUMNS) {
    throw invalid(`The number of primary key columns must be in range: [1, ${limits.MAX_KEY_COLUMNS}].`)
  }
  const schema = meta.primaryKey.map((column): KeyColumn => {
    const type = KEY_TYPES.get(column.type)
    if (type === undefined) throw invalid('Invalid column type, only STRING,INTEGER,BINARY is allowed.')
    if (has(column, 'option')) throw invalid('AUTO_INCREMENT primary keys are not supported by this instance.')
    return { name: checkColumnName(column.name), type }
  })
  const twice = schema.find(({ name }, index) => schema.findIndex((other) => other.name === name) !== index)
  if (twice !== undefined) throw invalid(`Duplicated primary key name: '${twice.name}'.`)
  return schema
}

function checkDefinedColumns(meta: TableMeta, schema: readonly KeyColumn[]): void {
  const limit = limits.MAX_DEFINED_COLUMNS
  const count = meta.definedColumn.length
  if (count > limit) {
    throw invalid(`The number of attribute columns exceeds the limit, limit count:${limit}, column count: ${count}.`)
  }
  for (const { name } of meta.definedColumn) {
    checkColumnName(name)
    if (schema.some((column) => column.name === name)) {
      throw invalid(`Duplicated attribute column name with primary key column: ${name}.`)
    }
  }
}

function parseOptions(request: CreateTableRequest): Pick<Table, 'retention' | 'deviationSeconds' | 'allowUpdate'> {
  const options = request.tableOptions ?? undefined
  if (options === undefined || !has(options, 'timeToLive')) {
    throw invalid('Time-to-live is missing while creating table.')
  }
  if (!has(options, 'maxVersions')) throw invalid('MaxVersions is missing while creating table.')
  const ttl = options.timeToLive
  if (ttl === 0 || ttl < -1) throw invalid('TimeToLive cannot be 0 or less than -1.')
  if (ttl !== -1 && ttl < limits.MIN_TTL_SECONDS) {
    throw invalid(`TimeToLive must be -1 or not less than ${limits.MIN_TTL_SECONDS}.`)
  }
  if (options.maxVersions <= 0) throw invalid('The maximum versions cannot be less than or equal to 0')
  const deviationSeconds = has(options, 'deviationCellVersionInSec')
    ? toBigInt(options.deviationCellVersionInSec)
    : BigInt(limits.DEFAULT_DEVIATION_SECONDS)
  if (deviationSeconds <= 0n || deviationSeconds > limits.MAX_TIMESTAMP / 1000n) {
    throw invalid('The maximum deviation must be in range [0, INT64_MAX/1000000].')
  }
  return {
    retention: { ttlSeconds: ttl, maxVersions: options.maxVersions },
    deviationSeconds,
    allowUpdate: has(options, 'allowUpdate') ? options.allowUpdate : true,
  }
}
