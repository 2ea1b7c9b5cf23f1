import { createHints } from '#adapters/fc/hints.ts'
import type { RequestId } from '#core/request-id.ts'
import { LOCAL_NAMES } from '#infra/local/create-spine.ts'
import { startFc } from '#support/local-fc.ts'
import { createMemoryCalls } from '#support/memory/calls.ts'
import { createMemoryHints } from '#support/memory/hints.ts'
import { createRecordingLog } from '#support/memory/log.ts'
import { describeHints } from './hints.contract.ts'

describeHints('memory', async () => {
  const calls = createMemoryCalls()
  const hints = createMemoryHints(calls)
  return { hints, arrived: () => hints.sent, lose: (applied) => calls.plan({ fault: { kind: 'lost', applied } }) }
})

describeHints('Function Compute', async () => {
  const { endpoint, spine, arrived } = await startFc()
  const credentials = spine.credentials.issue('gate', { ttlMs: 60_000 })
  const hints = createHints({
    accountId: spine.accountId,
    regionId: spine.region,
    endpoint,
    credentials: () => credentials,
    functions: LOCAL_NAMES,
    durations: { recordTimeout: 2000 },
    log: createRecordingLog(),
  })
  return {
    hints,
    arrived: () =>
      arrived.map(({ name, event }) => {
        const { hint } = JSON.parse(event) as { hint: RequestId }
        return { to: name === LOCAL_NAMES.gate ? 'gate' : 'starter', request: hint }
      }),
    lose: (applied) => void spine.faults.add({ service: 'fc', fault: { kind: 'lost', applied } }),
  }
})
