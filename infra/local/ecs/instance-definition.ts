// What can be said about a local instance: a strict schema with defaults, for tests, files and the control API.

import * as z from '#core/zod.ts'

const INSTANCE_STATUSES = ['Pending', 'Starting', 'Running', 'Stopping', 'Stopped'] as const
export type InstanceStatus = (typeof INSTANCE_STATUSES)[number]

const duration = z.number().check(z.int(), z.nonnegative())
const stoppedMode = z.enum(['KeepCharging', 'StopCharging'])
const operationLocks = z.array(
  z.strictObject({ reason: z.string().check(z.minLength(1)), message: z.optional(z.string()) }),
)

/** How the instance behaves in time; all durations in milliseconds. */
const behaviour = {
  pendingMs: z._default(duration, 10_000),
  startingMs: z._default(duration, 30_000),
  stoppingMs: z._default(duration, 20_000),
  /** DescribeInstances shows status, stopped mode and start time as they were this long ago. */
  describeLagMs: z._default(duration, 0),
  /** What the next boots end in: `falls-back` returns to Stopped after `startingMs`, `hangs` stays Starting for ever. */
  boot: z._default(z.enum(['runs', 'falls-back', 'hangs']), 'runs'),
}

/** An error for a coming StartInstance of one instance. */
export const startError = z.strictObject({
  code: z.string().check(z.minLength(1)),
  status: z.number().check(z.int(), z.minimum(400), z.maximum(599)),
  message: z.string(),
  /** How many starts get it; null: every one. */
  times: z._default(z.nullable(z.number().check(z.int(), z.positive())), 1),
  /** The start takes effect all the same, and only its answer says otherwise. */
  applied: z._default(z.boolean(), false),
  retryAfterMs: z.optional(duration),
})

export const instanceDefinition = z.strictObject({
  id: z.string().check(z.regex(/^i-[a-z0-9]+$/, 'not an instance id like "i-bp67acfmxazb4p0001"')),
  region: z.string().check(z.regex(/^[a-z]{2}-[a-z0-9-]+$/, 'not a region like "cn-hangzhou"')),
  zone: z.optional(z.string()),
  name: z._default(z.string(), ''),
  type: z._default(z.string(), 'ecs.g7.large'),
  imageId: z._default(z.string(), 'aliyun_3_x64_20G_alibase_20240528.vhd'),
  chargeType: z._default(z.enum(['PostPaid', 'PrePaid']), 'PostPaid'),
  /** Epoch milliseconds. A subscription past it answers InstanceExpired. Default: never. */
  expiresAt: z.optional(z.number().check(z.int())),
  createdAt: z.optional(z.number().check(z.int())),
  /** Epoch milliseconds of the last start before the local cloud knew the instance. */
  startedAt: z.optional(z.number().check(z.int())),
  tags: z._default(z.record(z.string(), z.string()), {}),
  resourceGroupId: z._default(z.string(), ''),
  spotStrategy: z._default(z.enum(['NoSpot', 'SpotWithPriceLimit', 'SpotAsPriceGo']), 'NoSpot'),
  status: z._default(z.enum(INSTANCE_STATUSES), 'Stopped'),
  stoppedMode: z._default(stoppedMode, 'KeepCharging'),
  /** `security` is the one that refuses a start. */
  locks: z._default(operationLocks, []),
  localDisks: z.optional(
    z.strictObject({
      amount: z.number().check(z.int(), z.positive()),
      capacityGb: z.number().check(z.int(), z.positive()),
    }),
  ),
  startErrors: z._default(z.array(startError), []),
  ...behaviour,
})

export type InstanceInput = z.input<typeof instanceDefinition>
export type InstanceDefinition = z.output<typeof instanceDefinition>
export type StartErrorInput = z.input<typeof startError>
export type StartError = z.output<typeof startError>
export type StoppedMode = z.output<typeof stoppedMode>

/** What may change about an instance after it was added; what is left out stays. */
export const instanceChange = z.strictObject({
  status: z.optional(z.enum(INSTANCE_STATUSES)),
  stoppedMode: z.optional(stoppedMode),
  locks: z.optional(operationLocks),
  name: z.optional(z.string()),
  type: z.optional(z.string()),
  imageId: z.optional(z.string()),
  tags: z.optional(z.record(z.string(), z.string())),
  expiresAt: z.optional(z.number().check(z.int())),
  pendingMs: z.optional(duration),
  startingMs: z.optional(duration),
  stoppingMs: z.optional(duration),
  describeLagMs: z.optional(duration),
  boot: z.optional(z.enum(['runs', 'falls-back', 'hangs'])),
})
export type InstanceChange = z.output<typeof instanceChange>
