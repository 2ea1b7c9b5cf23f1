// DescribeInstances. All that the gate knows of ECS.
import type { Look } from '#core/ready.ts'
import type { InstanceLooks } from '#ports/instances.ts'
import { inTime } from './in-time.ts'
import { InstancesError } from './instances-error.ts'
import { createClient, loadSdk, type EcsOptions, type Fields } from './sdk.ts'
import { readThrown } from './thrown.ts'

export interface LookOptions extends EcsOptions {
  /** The account that the credentials belong to: ECS shows no other, and does not say which it is. */
  readonly accountId: string
}

/** As many as one call may name, and as many as one page may hold; the API's own page is ten. */
const AT_ONCE = 100

export function createInstanceLooks(options: LookOptions): InstanceLooks {
  return {
    async look(regionId, instanceIds) {
      const looks = new Map<string, Look>()
      for (let from = 0; from < instanceIds.length; from += AT_ONCE) {
        const ids = instanceIds.slice(from, from + AT_ONCE)
        for (const fields of await describe(options, regionId, { instanceIds: JSON.stringify(ids) })) {
          const look = toLook(options.accountId, fields)
          if (ids.includes(look.instanceId)) looks.set(look.instanceId, look)
        }
      }
      return looks
    },
    async find(regionId, name) {
      const found = await describe(options, regionId, { instanceName: name })
      return found.map((fields) => toLook(options.accountId, fields)).filter((look) => look.name === name)
    },
  }
}

type Filter = { readonly instanceIds: string } | { readonly instanceName: string }

async function describe(options: LookOptions, regionId: string, filter: Filter): Promise<readonly Fields[]> {
  const timeout = options.durations.lookTimeout
  const answer = await inTime(send(options, regionId, filter, timeout), timeout, 'late' as const)
  if (answer === 'late') throw new InstancesError(regionId, { kind: 'no_answer', detail: 'Deadline' })
  const found = answer.body?.instances?.instance
  // An empty list would say that the instances do not exist.
  if (!Array.isArray(found)) throw new InstancesError(regionId, { kind: 'no_answer', detail: 'no list of instances' })
  return found
}

async function send(options: LookOptions, regionId: string, filter: Filter, timeout: number) {
  try {
    const sdk = await loadSdk()
    const client = createClient(sdk, options, { regionId, timeout, userAgent: 'startgate' })
    const request = new sdk.DescribeInstancesRequest({ regionId, ...filter, maxResults: AT_ONCE })
    return await client.describeInstances(request)
  } catch (error) {
    throw new InstancesError(regionId, readThrown(error))
  }
}

function toLook(accountId: string, fields: Fields): Look {
  const expiresAt = toExpiry(fields['expiredTime'])
  return {
    accountId,
    regionId: toText(fields['regionId']),
    instanceId: toText(fields['instanceId']),
    name: toText(fields['instanceName']),
    type: toText(fields['instanceType']),
    zone: toText(fields['zoneId']),
    imageId: toText(fields['imageId']),
    chargeType: toChargeType(toText(fields['instanceChargeType']), toText(fields['spotStrategy'])),
    status: toText(fields['status']),
    stoppedMode: toText(fields['stoppedMode']),
    tags: Object.fromEntries(
      listOf(fields['tags'], 'tag')
        .map((tag) => [toText(tag['tagKey']), toText(tag['tagValue'])])
        // No schema keeps an entry of this name, so what was recorded would not fit its own digest.
        .filter(([key]) => key !== '__proto__'),
    ),
    locks: listOf(fields['operationLocks'], 'lockReason').map((lock) => toText(lock['lockReason'])),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }
}

/** ECS keeps it apart that an instance is a spot instance; whoever approves a start should see it with the price. */
function toChargeType(chargeType: string, spotStrategy: string): string {
  return spotStrategy === '' || spotStrategy === 'NoSpot' ? chargeType : `${chargeType} ${spotStrategy}`
}

/** What is paid as it goes expires in 2099. */
const NEVER = Date.UTC(2099)

function toExpiry(time: unknown): number | undefined {
  const at = Date.parse(toText(time))
  return Number.isNaN(at) || at >= NEVER ? undefined : at
}

function listOf(holder: unknown, name: string): readonly Fields[] {
  const list: unknown = typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : undefined
  return Array.isArray(list) ? (list as readonly Fields[]) : []
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
