// Joins the record with the world: all that a look at the gate's health needs.
import { createBook } from '#adapters/tablestore/book.ts'
import { createDriver, type Driver } from '#adapters/tablestore/driver.ts'
import { createOpenSet } from '#adapters/tablestore/open-set.ts'
import type { Config } from '#lib/config.ts'
import type { Ground } from '#lib/wire.ts'
import type { Book } from '#ports/book.ts'
import type { OpenSet } from '#ports/open-set.ts'

export interface OpenRecord {
  readonly driver: Driver
  readonly asks: Book
  readonly runs: Book
  readonly open: OpenSet
}

export function wireRecord({ tablestore, durations }: Config, { clock, log, credentials }: Ground): OpenRecord {
  const { endpoint, instance: instanceName } = tablestore
  const driver = createDriver({ endpoint, instanceName, credentials, durations, clock, log })
  return {
    driver,
    asks: createBook(driver, 'asks'),
    runs: createBook(driver, 'runs'),
    open: createOpenSet(driver),
  }
}
