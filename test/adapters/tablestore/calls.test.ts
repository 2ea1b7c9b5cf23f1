// How many calls each promise costs when nothing goes wrong: they are paid for, and counted in the stories too.
import { describe, expect, it } from 'vitest'
import { createBook } from '#adapters/tablestore/book.ts'
import { createDays } from '#adapters/tablestore/days.ts'
import { createOpenSet } from '#adapters/tablestore/open-set.ts'
import type { OpenEntry } from '#ports/open-set.ts'
import { createLocalDriver, startLocalCloud } from '#support/local-cloud.ts'
import { newChain, newRow, newStream } from '#support/rows.ts'

const cloud = await startLocalCloud()
const driver = createLocalDriver(cloud, { role: 'gate' })
const [asks, open, days] = [createBook(driver, 'asks'), createOpenSet(driver), createDays(driver)]

async function countCalls(work: () => Promise<unknown>): Promise<readonly string[]> {
  const mark = cloud.spine.operations.mark()
  await work()
  return cloud.spine.operations.since(mark).map(({ operation }) => operation)
}

describe('one call each', () => {
  const [row] = newChain(1)
  const stream = row?.stream ?? ''
  const entry: OpenEntry = {
    request: newStream(),
    phase: 'decide',
    digest: '',
    createdAt: 1,
    notBefore: 0,
    expiresAt: 2,
  }
  const done = { request: entry.request, createdAt: 1 }

  it.each<[string, string, () => Promise<unknown>]>([
    ['a put', 'PutRow', () => asks.put(newRow({ stream }))],
    ['a put at a number that is taken', 'PutRow', () => asks.put(newRow({ stream }))],
    ['a read', 'GetRange', () => asks.read(stream)],
    ['the latest', 'GetRange', () => asks.latest(stream)],
    ['an entry added', 'PutRow', () => open.add(entry)],
    ['an entry that exists', 'PutRow', () => open.add(entry)],
    ['a raise', 'PutRow', () => open.raise({ ...entry, phase: 'tell' })],
    ['a raise that fails', 'PutRow', () => open.raise(entry)],
    ['all entries', 'GetRange', () => open.all()],
    ['a removal', 'DeleteRow', () => open.remove(entry.request)],
    ['a removal if unchanged', 'DeleteRow', () => open.removeIfUnchanged(entry)],
    ['an entry of a day', 'PutRow', () => days.put(done)],
    ['a day', 'GetRange', () => days.list('1970-01-01', undefined, 100)],
    ['a full piece of a day', 'GetRange', () => days.list('1970-01-01', undefined, 1)],
  ])('%s: %s', async (_, operation, work) => {
    expect(await countCalls(work)).toEqual([operation])
  })
})

describe('one call per page', () => {
  it('for a stream, and one for its latest row', async () => {
    const paged = await startLocalCloud({ pageRows: 2 })
    const book = createBook(createLocalDriver(paged), 'asks')
    const rows = newChain(5)
    for (const row of rows) await book.put(row)
    const mark = paged.spine.operations.mark()
    await book.read(rows[0]?.stream ?? '')
    await book.latest(rows[0]?.stream ?? '')

    expect(paged.spine.operations.since(mark).map(({ operation }) => operation)).toEqual(Array(4).fill('GetRange'))
  })
})
