// StartInstance, sent exactly once. Nothing in here repeats a call; whether another attempt may follow is for the rules.
import type { InstanceStarts, StartAnswer, StartCall } from '#ports/instances.ts'
import { inTime } from './in-time.ts'
import { createClient, loadSdk, type EcsClient, type EcsOptions } from './sdk.ts'
import { readThrown } from './thrown.ts'

export function createInstanceStarts(options: EcsOptions): InstanceStarts {
  const { startDeadline } = options.durations
  return { start: (call) => inTime(start(options, call), startDeadline, { kind: 'unsettled' }) }
}

async function start(options: EcsOptions, call: StartCall): Promise<StartAnswer> {
  const prepared = await prepare(options, call)
  if ('kind' in prepared) return prepared
  try {
    const { statusCode, body } = await prepared.client.startInstance(prepared.request)
    const requestId = body?.['requestId']
    if (statusCode !== 200 || typeof requestId !== 'string' || !/^[\w-]{1,100}$/.test(requestId))
      return { kind: 'no_answer', detail: 'an answer without a request id' }
    return { kind: 'accepted', requestId }
  } catch (error) {
    return readThrown(error)
  }
}

/** Whatever fails in here, nothing was sent. */
async function prepare(
  options: EcsOptions,
  { regionId, instanceId, initLocalDisk, dryRun, request }: StartCall,
): Promise<{ readonly client: EcsClient; readonly request: object } | StartAnswer> {
  try {
    const sdk = await loadSdk()
    const timeout = options.durations.startTimeout
    const client = createClient(sdk, options, { regionId, timeout, userAgent: `startgate/${request}` })
    const fields = {
      instanceId,
      // Left out unless asked for: the one that wipes disks is never sent by accident.
      ...(initLocalDisk ? { initLocalDisk } : {}),
      ...(dryRun ? { dryRun } : {}),
    }
    return { client, request: new sdk.StartInstanceRequest(fields) }
  } catch (error) {
    return { kind: 'not_sent', detail: `the call could not be made: ${error instanceof Error ? error.name : 'Error'}` }
  }
}
