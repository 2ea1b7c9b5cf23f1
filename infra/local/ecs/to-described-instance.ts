// One element of DescribeInstances' `Instances.Instance`, with the names and shapes of the real API.

import type { LocalInstance } from './instances.ts'

/** The ExpiredTime of an instance that is paid as it goes. */
const NEVER = '2099-12-31T15:59Z'

export function toDescribedInstance({ definition, described }: LocalInstance): Record<string, unknown> {
  const { id, region, tags, localDisks, expiresAt } = definition
  return {
    InstanceId: id,
    InstanceName: definition.name,
    RegionId: region,
    ZoneId: definition.zone ?? `${region}-h`,
    InstanceType: definition.type,
    InstanceTypeFamily: definition.type.split('.').slice(0, 2).join('.'),
    ImageId: definition.imageId,
    InstanceChargeType: definition.chargeType,
    SpotStrategy: definition.spotStrategy,
    ResourceGroupId: definition.resourceGroupId,
    Status: described.status,
    StoppedMode: described.stoppedMode,
    CreationTime: toMinute(definition.createdAt ?? 0),
    StartTime: described.startedAt === undefined ? '' : toMinute(described.startedAt),
    ExpiredTime: expiresAt === undefined ? NEVER : toMinute(expiresAt),
    OperationLocks: {
      LockReason: definition.locks.map(({ reason, message }) => ({ LockReason: reason, LockMsg: message ?? '' })),
    },
    Tags: { Tag: Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })) },
    // In GiB, for each disk; an instance without local disks has neither.
    ...(localDisks === undefined
      ? {}
      : { LocalStorageAmount: localDisks.amount, LocalStorageCapacity: localDisks.capacityGb }),
  }
}

/** `2026-01-01T00:00Z`: the API's times end at the minute. */
function toMinute(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16)}Z`
}
