import { createInstanceLooks } from '#adapters/ecs/looks.ts'
import { createInstanceStarts } from '#adapters/ecs/starts.ts'
import { DURATIONS } from '#core/durations.ts'
import { issueFor, startLocalCloud } from '#support/local-cloud.ts'
import { createMemoryCalls } from '#support/memory/calls.ts'
import { createVirtualClock } from '#support/memory/clock.ts'
import { createMemoryInstances } from '#support/memory/instances.ts'
import { describeInstances } from './instances.contract.ts'

describeInstances('memory', async () => {
  const calls = createMemoryCalls()
  const instances = createMemoryInstances(createVirtualClock(), calls)
  return {
    looks: instances.looks,
    starts: instances.starts,
    add: (instance) => instances.add(instance),
    accountId: '1234567890123456',
    lose: (operation, applied) => calls.plan({ operation, fault: { kind: 'lost', applied } }),
    started: (id) => instances.effective.filter(({ instanceId }) => instanceId === id).length,
    calls: (operation) => calls.list.filter((call) => call.operation === operation).length,
  }
})

describeInstances('ECS', async () => {
  const cloud = await startLocalCloud()
  const { spine, ecs, endpoints } = cloud
  const credentials = issueFor(cloud, 'starter')
  const options = {
    endpoint: new URL(endpoints.ecs[spine.region] ?? '').host,
    accountId: spine.accountId,
    credentials: () => credentials,
    durations: DURATIONS,
  }
  return {
    looks: createInstanceLooks(options),
    starts: createInstanceStarts(options),
    accountId: spine.accountId,
    add: ({ instanceId, status, regionId = spine.region, tags, name }) => {
      // The role may start what carries this tag.
      ecs.instances.add({ id: instanceId, region: regionId, tags: { startgate: 'allowed', ...tags }, name })
      if (status !== undefined) ecs.instances.change(instanceId, { status: status as 'Stopped' })
    },
    lose: (operation, applied) => void spine.faults.add({ operation, fault: { kind: 'lost', applied } }),
    started: (id) => ecs.instances.starts(id).length,
    calls: (operation) => spine.operations.since().filter((each) => each.operation === operation).length,
  }
})
