// The local cloud for one test file, and adapters of the product on it.

import { afterAll } from 'vitest'
import { createDriver, type Driver } from '#adapters/tablestore/driver.ts'
import { createClock } from '#adapters/world.ts'
import type { Log } from '#ports/world.ts'
import { createLocalCloud, type LocalCloud, type LocalCloudOptions } from '#infra/local/cloud.ts'
import { LOCAL_NAMES } from '#infra/local/create-spine.ts'
import type { Credentials } from '#infra/local/spine.ts'
import { createRecordingLog } from './memory/log.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** Listens until the test file is done. */
export async function startLocalCloud(options: LocalCloudOptions = {}): Promise<LocalCloud> {
  const cloud = await createLocalCloud(options)
  afterAll(() => cloud.close())
  return cloud
}

/** What a function with this role is handed at an invocation. */
export function issueFor(cloud: LocalCloud, role: string): Credentials {
  return cloud.spine.credentials.issue(role, { ttlMs: DAY_MS })
}

export interface LocalDriverOptions {
  /** Default: the operator's key, which may do everything. */
  readonly role?: 'gate' | 'starter'
  /** Default 2 s. */
  readonly recordTimeout?: number
  readonly log?: Log
  readonly credentials?: () => Credentials
}

/** The product's Tablestore driver on the local cloud. */
export function createLocalDriver(cloud: LocalCloud, options: LocalDriverOptions = {}): Driver {
  const { role, recordTimeout = 2000, log = createRecordingLog() } = options
  const issued = role === undefined ? cloud.spine.credentials.operator : issueFor(cloud, role)
  return createDriver({
    endpoint: cloud.endpoints.ots,
    instanceName: LOCAL_NAMES.instance,
    credentials: options.credentials ?? (() => issued),
    durations: { recordTimeout },
    clock: createClock(),
    log,
  })
}
