// The official SDK with its traps closed: every call ends at a deadline of ours, nothing is repeated behind our back, and
// what a failure means is told by the service's own code. It carries out single calls; what to do about a failed one is
// for its callers.
import http from 'node:http'
import https from 'node:https'
import tablestore from '@alicloud/tablestore'
import type { Calls, Outcome, TablestoreOptions, Write } from './driver.ts'
import { DEADLINE, toFailure } from './failure.ts'
import { toColumns, toInteger, toKey, toNextKey, toTableShape } from './sdk-values.ts'
import { toStoredRow } from './values.ts'

export function createCalls(options: TablestoreOptions): Calls {
  const timeout = options.durations.recordTimeout
  const client = createClient(options)
  const call = <Result>(send: () => Promise<Result>) => endInTime(send, timeout)

  return {
    async getPage({ table, from, to, backward = false, limit }, start) {
      const params = {
        tableName: table,
        direction: backward ? tablestore.Direction.BACKWARD : tablestore.Direction.FORWARD,
        inclusiveStartPrimaryKey: start ?? toKey(from),
        exclusiveEndPrimaryKey: toKey(to),
        ...(limit === undefined ? {} : { limit }),
      }
      const got = await call(() => client.getRange(params))
      if ('failure' in got) return got
      const { rows, nextStartPrimaryKey } = got.ok
      const next = nextStartPrimaryKey?.length ? toNextKey(nextStartPrimaryKey) : undefined
      return { ok: { rows: rows.map(toStoredRow).filter((row) => row !== undefined), next } }
    },
    async getRow(table, key) {
      const got = await call(() => client.getRow({ tableName: table, primaryKey: toKey(key) }))
      return 'failure' in got ? got : { ok: toStoredRow(got.ok.row) }
    },
    async putRow(write, columns) {
      const params = { ...toParams(write), attributeColumns: toColumns(columns) }
      return toVoid(await call(() => client.putRow(params)))
    },
    deleteRow: async (write) => toVoid(await call(() => client.deleteRow(toParams(write)))),
    async describeTable(table) {
      const got = await call(() => client.describeTable({ tableName: table }))
      return 'failure' in got ? got : { ok: toTableShape(got.ok) }
    },
  }
}

function createClient({ endpoint, instanceName, credentials, durations }: TablestoreOptions) {
  // Without an agent of one's own the SDK opens a TLS connection per call.
  const agent = new (endpoint.startsWith('https:') ? https : http).Agent({ keepAlive: true })
  const client = new tablestore.Client({
    endpoint,
    instancename: instanceName,
    // The SDK would repeat reads for up to a minute, and keeps this number for the whole process.
    maxRetries: 0,
    // Closes the socket before the deadline below gives the call up: a frozen function would send the rest of it on thawing.
    httpOptions: { timeout: Math.floor(durations.recordTimeout * 0.8), agent },
  })
  client.config.getCredentials = () => {
    const { accessKeyId, accessKeySecret, securityToken } = credentials()
    return { accessKeyId, secretAccessKey: accessKeySecret, securityToken }
  }
  return client
}

/** An answer that is cut off never settles in the SDK. A call given up here may still be carried out. */
async function endInTime<Result>(send: () => Promise<Result>, ms: number): Promise<Outcome<Result>> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<Outcome<Result>>((resolve) => {
    timer = setTimeout(() => resolve({ failure: DEADLINE }), ms)
  })
  const answer = send().then(
    (ok) => ({ ok }),
    (error: unknown) => ({ failure: toFailure(error) }),
  )
  try {
    return await Promise.race([answer, deadline])
  } finally {
    clearTimeout(timer)
  }
}

function toParams({ table, key, existence, column }: Write) {
  // The SDK's default lets a missing column pass.
  const condition =
    column === undefined
      ? null
      : new tablestore.SingleColumnCondition(
          column.name,
          toInteger(column.value),
          tablestore.ComparatorType[column.is],
          false,
        )
  return {
    tableName: table,
    primaryKey: toKey(key),
    condition: new tablestore.Condition(tablestore.RowExistenceExpectation[existence], condition),
  }
}

function toVoid(outcome: Outcome<unknown>): Outcome<void> {
  return 'failure' in outcome ? outcome : { ok: undefined }
}
