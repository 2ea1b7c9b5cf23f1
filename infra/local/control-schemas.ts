// What the control API takes: strict, so that a misspelt field is an error and not a wish that does not hold.

import * as z from '#core/zod.ts'
import type { FaultRule } from './spine.ts'

const count = z.number().check(z.int(), z.nonnegative())
const status = z.number().check(z.int(), z.minimum(100), z.maximum(599))
const applied = z.boolean()

const fault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('lost'), applied }),
  z.strictObject({ kind: z.literal('truncated'), stall: z.boolean() }),
  z.strictObject({ kind: z.literal('delayed'), ms: count, before: z.boolean() }),
  z.strictObject({
    kind: z.literal('error'),
    status,
    code: z.string().check(z.minLength(1)),
    message: z.exactOptional(z.string()),
    applied: z.exactOptional(applied),
  }),
  z.strictObject({ kind: z.literal('html'), status, applied }),
  z.strictObject({ kind: z.literal('crash'), applied }),
  z.strictObject({ kind: z.literal('freeze'), applied, ms: count }),
  z.strictObject({ kind: z.literal('expired') }),
])

export const faultRule: z.ZodMiniType<FaultRule> = z.strictObject({
  service: z.exactOptional(z.enum(['ots', 'ecs', 'fc'])),
  operation: z.exactOptional(z.string().check(z.minLength(1))),
  role: z.exactOptional(z.string().check(z.minLength(1))),
  subject: z.exactOptional(z.string().check(z.minLength(1))),
  skip: z.exactOptional(count),
  times: z.exactOptional(z.nullable(z.number().check(z.int(), z.positive()))),
  fault,
})

export const clockOffset = z.strictObject({ offsetMs: z.number().check(z.int()) })
export const stopInstance = z.strictObject({
  stoppedMode: z._default(z.enum(['KeepCharging', 'StopCharging']), 'KeepCharging'),
})
/** A query parameter that holds a position in the log. */
export const mark = z.optional(z.coerce.number().check(z.int(), z.nonnegative()))
