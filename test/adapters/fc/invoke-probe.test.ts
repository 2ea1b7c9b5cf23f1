import { expect, it } from 'vitest'
import { parseEvent } from '#adapters/fc/event.ts'
import { createInvokeProbe } from '#adapters/fc/invoke-probe.ts'
import { LOCAL_NAMES } from '#infra/local/create-spine.ts'
import { startFc } from '#support/local-fc.ts'

const { spine, arrived, endpoint } = await startFc()

function probeOf(role: 'gate' | 'starter') {
  const credentials = spine.credentials.issue(role, { ttlMs: 60_000 })
  const { accountId, region: regionId } = spine
  const durations = { recordTimeout: 10_000 }
  return createInvokeProbe({
    accountId,
    regionId,
    endpoint,
    credentials: () => credentials,
    functions: LOCAL_NAMES,
    durations,
  })
}

it('sends what does nothing, and says whether it was taken', async () => {
  expect(await probeOf('gate').try('starter')).toEqual({ is: 'done' })
  expect(arrived.map(({ name }) => name)).toEqual([LOCAL_NAMES.starter])
  expect(parseEvent(Buffer.from(arrived[0]?.event ?? ''))).toEqual({ kind: 'knock' })
})

it('tells a lack of permission from anything else', async () => {
  expect(await probeOf('starter').try('starter')).toEqual({ is: 'forbidden', code: 'AccessDenied' })
  spine.faults.add({ service: 'fc', fault: { kind: 'error', status: 403, code: 'SignatureNotMatch' } })
  expect(await probeOf('gate').try('gate')).toEqual({ is: 'other', code: 'SignatureNotMatch' })
})
