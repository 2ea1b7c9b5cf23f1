import { createOpenSet } from '#adapters/tablestore/open-set.ts'
import { createLocalDriver, startLocalCloud } from '#support/local-cloud.ts'
import { createMemoryCalls } from '#support/memory/calls.ts'
import { createMemoryOpenSet } from '#support/memory/open-set.ts'
import { describeOpenSet, type OpenSetUnderTest } from './open-set.contract.ts'

describeOpenSet('memory', async () => {
  const calls = createMemoryCalls()
  return {
    open: createMemoryOpenSet(calls),
    // The write comes first in every test that loses one.
    loseWrite: (applied) => calls.plan({ service: 'open', fault: { kind: 'lost', applied } }),
    loseRead: () => calls.plan({ operation: 'GetRange', fault: { kind: 'lost', applied: false } }),
  }
})

describeOpenSet('Tablestore', () => overSockets())
describeOpenSet('Tablestore in pages of three rows', () => overSockets(3))

async function overSockets(pageRows?: number): Promise<OpenSetUnderTest> {
  const cloud = await startLocalCloud(pageRows === undefined ? {} : { pageRows })
  const { faults } = cloud.spine
  return {
    open: createOpenSet(createLocalDriver(cloud, { role: 'gate' })),
    loseWrite: (applied) => void faults.add({ service: 'ots', fault: { kind: 'lost', applied } }),
    loseRead: () => faults.add({ operation: 'GetRange', fault: { kind: 'lost', applied: false } }),
  }
}
