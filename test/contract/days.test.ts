import { createDays } from '#adapters/tablestore/days.ts'
import { createLocalDriver, startLocalCloud } from '#support/local-cloud.ts'
import { createMemoryCalls } from '#support/memory/calls.ts'
import { createMemoryDays } from '#support/memory/days.ts'
import { describeDays, type DaysUnderTest } from './days.contract.ts'

describeDays('memory', async () => {
  const calls = createMemoryCalls()
  return {
    days: createMemoryDays(calls),
    lose: (applied) => calls.plan({ fault: { kind: 'lost', applied } }),
  }
})

describeDays('Tablestore', () => overSockets())
describeDays('Tablestore in pages of two rows', () => overSockets(2))

async function overSockets(pageRows?: number): Promise<DaysUnderTest> {
  const cloud = await startLocalCloud(pageRows === undefined ? {} : { pageRows })
  return {
    days: createDays(createLocalDriver(cloud, { role: 'gate' })),
    lose: (applied) => void cloud.spine.faults.add({ fault: { kind: 'lost', applied } }),
  }
}
