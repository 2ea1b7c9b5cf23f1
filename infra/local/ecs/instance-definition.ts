// What can be said about a local instance: a strict schema with defaults, for tests, files and the control API.

import { z } from 'zod'

const INSTANCE_STATUSES = ['Pending', 'Starting', 'Running', 'Stopping', 'Stopped'] as const
export type InstanceStatus = (typeof INSTANCE_STATUSES)[number]

const duration = z.number().int().nonnegative()
const stoppedMode = z.enum(['KeepCharging', 'StopCharging'])
const operationLocks = z.array(z.strictObject({ reason: z.string().min(1), message: z.string().optional() }))

/** How the instance behaves in time; all durations in milliseconds. */
const behaviour = {
  pendingMs: duration.default(10_000),
  startingMs: duration.default(30_000),
  stoppingMs: duration.default(20_000),
  /** DescribeInstances shows status, stopped mode and start time as they were this long ago. */
  describeLagMs: duration.default(0),
  /** What the next boots end in: `falls-back` returns to Stopped after `startingMs`, `hangs` stays Starting for ever. */
  boot: z.enum(['runs', 'falls-back', 'hangs']).default('runs'),
}

/** An error for a coming StartInstance of one instance. */
export const startError = z.strictObject({
  code: z.string().min(1),
  status: z.number().int().min(400).max(599),
  message: z.string(),
  /** How many starts get it; null: every one. */
  times: z.number().int().positive().nullable().default(1),
  /** The start takes effect all the same, and only its answer says otherwise. */
  applied: z.boolean().default(false),
  retryAfterMs: duration.optional(),
})

export const instanceDefinition = z.strictObject({
  id: z.string().regex(/^i-[a-z0-9]+$/, 'not an instance id like "i-bp67acfmxazb4p0001"'),
  region: z.string().regex(/^[a-z]{2}-[a-z0-9-]+$/, 'not a region like "cn-hangzhou"'),
  zone: z.string().optional(),
  name: z.string().default(''),
  type: z.string().default('ecs.g7.large'),
  imageId: z.string().default('aliyun_3_x64_20G_alibase_20240528.vhd'),
  chargeType: z.enum(['PostPaid', 'PrePaid']).default('PostPaid'),
  /** Epoch milliseconds. A subscription past it answers InstanceExpired. Default: never. */
  expiresAt: z.number().int().optional(),
  createdAt: z.number().int().optional(),
  /** Epoch milliseconds of the last start before the local cloud knew the instance. */
  startedAt: z.number().int().optional(),
  tags: z.record(z.string(), z.string()).default({}),
  resourceGroupId: z.string().default(''),
  spotStrategy: z.enum(['NoSpot', 'SpotWithPriceLimit', 'SpotAsPriceGo']).default('NoSpot'),
  status: z.enum(INSTANCE_STATUSES).default('Stopped'),
  stoppedMode: stoppedMode.default('KeepCharging'),
  /** `security` is the one that refuses a start. */
  locks: operationLocks.default([]),
  localDisks: z
    .strictObject({ amount: z.number().int().positive(), capacityGb: z.number().int().positive() })
    .optional(),
  startErrors: z.array(startError).default([]),
  ...behaviour,
})

export type InstanceInput = z.input<typeof instanceDefinition>
export type InstanceDefinition = z.output<typeof instanceDefinition>
export type StartErrorInput = z.input<typeof startError>
export type StartError = z.output<typeof startError>
export type StoppedMode = z.output<typeof stoppedMode>

/** What may change about an instance after it was added; what is left out stays. */
export const instanceChange = z.strictObject({
  status: z.enum(INSTANCE_STATUSES).optional(),
  stoppedMode: stoppedMode.optional(),
  locks: operationLocks.optional(),
  name: z.string().optional(),
  type: z.string().optional(),
  imageId: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
  expiresAt: z.number().int().optional(),
  pendingMs: duration.optional(),
  startingMs: duration.optional(),
  stoppingMs: duration.optional(),
  describeLagMs: duration.optional(),
  boot: z.enum(['runs', 'falls-back', 'hangs']).optional(),
})
export type InstanceChange = z.output<typeof instanceChange>
