// Creates the tables of `infra/tables.json` through the official SDK, as a deployment would.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import * as z from '#core/zod.ts'
import type { Credentials } from './spine.ts'

const tableDefinition = z.strictObject({
  name: z.string().check(z.regex(/^[A-Za-z_][A-Za-z0-9_]*$/)),
  comment: z.string().check(z.minLength(1)),
  primaryKey: z
    .array(z.strictObject({ name: z.string().check(z.minLength(1)), type: z.enum(['STRING', 'INTEGER']) }))
    .check(z.minLength(1), z.maxLength(4)),
  /** Seconds; -1: rows are kept for ever. */
  timeToLive: z.number().check(z.int()),
  maxVersions: z.number().check(z.int(), z.positive()),
  allowUpdate: z.boolean(),
})

export type TableDefinition = z.output<typeof tableDefinition>

export function readTables(): readonly TableDefinition[] {
  const text = readFileSync(new URL('../tables.json', import.meta.url), 'utf8')
  return z.strictObject({ tables: z.array(tableDefinition) }).parse(JSON.parse(text)).tables
}

/** Rejects when a table is there already. */
export async function createTables(options: {
  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string
  readonly instance: string
  readonly credentials: Credentials
  readonly tables?: readonly TableDefinition[]
}): Promise<void> {
  const { accessKeyId, accessKeySecret } = options.credentials
  const client = new sdk.Client({
    endpoint: options.endpoint,
    instancename: options.instance,
    accessKeyId,
    secretAccessKey: accessKeySecret,
    maxRetries: 0,
  })
  for (const table of options.tables ?? readTables()) await client.createTable(toParams(table))
}

interface Sdk {
  readonly Client: new (options: object) => { createTable(params: object): Promise<object> }
  readonly PrimaryKeyType: Readonly<Record<TableDefinition['primaryKey'][number]['type'], number>>
}

const sdk: Sdk = createRequire(import.meta.url)('@alicloud/tablestore')

function toParams({ name, primaryKey, timeToLive, maxVersions, allowUpdate }: TableDefinition): object {
  return {
    tableMeta: {
      tableName: name,
      primaryKey: primaryKey.map((key) => ({ name: key.name, type: sdk.PrimaryKeyType[key.type] })),
    },
    reservedThroughput: { capacityUnit: { read: 0, write: 0 } },
    tableOptions: { timeToLive, maxVersions, allowUpdate },
  }
}
