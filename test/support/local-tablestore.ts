// A local Tablestore on a socket of its own, for one test file.

import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'
import { type LocalSpine, type SpineOptions, createSpine } from '#infra/local/create-spine.ts'
import type { Credentials } from '#infra/local/spine.ts'
import { type Tablestore, createTablestore } from '#infra/local/tablestore/server.ts'
import { type SdkClient, sdk } from '#support/tablestore-sdk.ts'

const INSTANCE = 'startgate'

export interface LocalTablestore {
  readonly url: string
  readonly spine: LocalSpine
  readonly tablestore: Tablestore
  /** Signs with the operator's key. */
  readonly client: SdkClient
  readonly clientFor: (credentials: Credentials) => SdkClient
}

export interface LocalTablestoreOptions {
  readonly pageRows?: number
  readonly spine?: SpineOptions
}

/** Keys of STRING columns and INTEGER columns, named by how they begin: `s…`, `i…`; `b…` is BINARY. */
export interface TableOptions {
  readonly key: readonly string[]
  readonly ttlSeconds?: number
  readonly maxVersions?: number
  readonly allowUpdate?: boolean
}

/**
 * Listens until the test file is done. The cloud's clock is `Date` looked up at each call: the SDK signs with it, so a
 * test that fakes `Date` moves both together.
 */
export async function startTablestore(options: LocalTablestoreOptions = {}): Promise<LocalTablestore> {
  const spine = createSpine({ policies: {}, now: () => Date.now(), ...options.spine })
  const tablestore = createTablestore({
    spine,
    instance: INSTANCE,
    ...(options.pageRows !== undefined && { pageRows: options.pageRows }),
  })
  const server = http.createServer(tablestore.handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const agent = new http.Agent({ keepAlive: true, maxSockets: 32 })
  afterAll(() => {
    agent.destroy()
    server.closeAllConnections()
    server.close()
  })

  const clientFor = (credentials: Credentials): SdkClient =>
    new sdk.Client({
      endpoint: url,
      instancename: INSTANCE,
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: credentials.accessKeySecret,
      ...(credentials.securityToken !== undefined && { stsToken: credentials.securityToken }),
      maxRetries: 0,
      httpOptions: { agent },
    })
  return { url, spine, tablestore, clientFor, client: clientFor(spine.credentials.operator) }
}

const KEY_TYPES: Readonly<Record<string, number>> = { i: 1, s: 2, b: 3 }

export function tableParams(tableName: string, options: TableOptions): Readonly<Record<string, unknown>> {
  return {
    tableMeta: {
      tableName,
      primaryKey: options.key.map((name) => ({ name, type: KEY_TYPES[name.charAt(0)] })),
    },
    reservedThroughput: { capacityUnit: { read: 0, write: 0 } },
    tableOptions: {
      timeToLive: options.ttlSeconds ?? -1,
      maxVersions: options.maxVersions ?? 1,
      ...(options.allowUpdate !== undefined && { allowUpdate: options.allowUpdate }),
    },
  }
}
