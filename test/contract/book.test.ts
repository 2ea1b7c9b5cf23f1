import { createBook } from '#adapters/tablestore/book.ts'
import { createLocalDriver, startLocalCloud } from '#support/local-cloud.ts'
import { createMemoryBook } from '#support/memory/book.ts'
import { createMemoryCalls } from '#support/memory/calls.ts'
import { describeBook, type BookUnderTest } from './book.contract.ts'

describeBook('memory', async () => {
  const calls = createMemoryCalls()
  return {
    book: createMemoryBook('asks', calls),
    losePuts: (applied, times) => calls.plan({ operation: 'PutRow', times, fault: { kind: 'lost', applied } }),
    loseReads: (times) => calls.plan({ operation: 'GetRange', times, fault: { kind: 'lost', applied: false } }),
  }
})

describeBook('Tablestore', () => overSockets())
describeBook('Tablestore in pages of two rows', () => overSockets(2), 20)

async function overSockets(pageRows?: number): Promise<BookUnderTest> {
  const cloud = await startLocalCloud(pageRows === undefined ? {} : { pageRows })
  const { faults } = cloud.spine
  return {
    book: createBook(createLocalDriver(cloud, { role: 'gate' }), 'asks'),
    losePuts: (applied, times) => faults.add({ operation: 'PutRow', times, fault: { kind: 'lost', applied } }),
    loseReads: (times) => faults.add({ operation: 'GetRange', times, fault: { kind: 'lost', applied: false } }),
  }
}
