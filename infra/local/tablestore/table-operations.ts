// CreateTable, DescribeTable, ListTable and DeleteTable. A table is ready as soon as it is created.

import type {
  CreateTableRequest,
  DescribeTableAnswer,
} from '@alicloud/tablestore/lib/protocol/tablestore_compiled_proto.js'
import { MAX_TABLES } from './limits.ts'
import { Refusal } from './refusal.ts'
import { type Store, findTable, parseTable } from './table.ts'

const ACTIVE = 1

/** 409 OTSObjectAlreadyExist, 403 OTSQuotaExhausted, or 400 for the definition. */
export function createTable(store: Store, request: CreateTableRequest): object {
  const name = request.tableMeta.tableName
  const table = parseTable(request, store.now())
  if (store.tables.has(name)) {
    throw new Refusal(409, 'OTSObjectAlreadyExist', 'Requested table already exists.')
  }
  if (store.tables.size >= MAX_TABLES) {
    throw new Refusal(403, 'OTSQuotaExhausted', 'Number of tables exceeded the quota.')
  }
  store.tables.set(name, table)
  return {}
}

export function describeTable(store: Store, name: string): DescribeTableAnswer {
  const { meta, retention, deviationSeconds, allowUpdate, createdAt } = findTable(store, name)
  return {
    tableMeta: meta,
    reservedThroughputDetails: {
      capacityUnit: { read: 0, write: 0 },
      lastIncreaseTime: Math.floor(createdAt / 1000),
    },
    tableOptions: {
      timeToLive: retention.ttlSeconds,
      maxVersions: retention.maxVersions,
      deviationCellVersionInSec: Number(deviationSeconds),
      allowUpdate,
    },
    tableStatus: ACTIVE,
  }
}

export function listTables(store: Store): { readonly tableNames: readonly string[] } {
  return { tableNames: [...store.tables.keys()].toSorted() }
}

export function deleteTable(store: Store, name: string): object {
  findTable(store, name)
  store.tables.delete(name)
  return {}
}
