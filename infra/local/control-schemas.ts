// What the control API takes: strict, so that a misspelt field is an error and not a wish that does not hold.

import { z } from 'zod'
import type { FaultRule } from './spine.ts'

const count = z.number().int().nonnegative()
const status = z.number().int().min(100).max(599)
const applied = z.boolean()

const fault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('lost'), applied }),
  z.strictObject({ kind: z.literal('truncated'), stall: z.boolean() }),
  z.strictObject({ kind: z.literal('delayed'), ms: count, before: z.boolean() }),
  z.strictObject({
    kind: z.literal('error'),
    status,
    code: z.string().min(1),
    message: z.string().exactOptional(),
    applied: applied.exactOptional(),
  }),
  z.strictObject({ kind: z.literal('html'), status, applied }),
  z.strictObject({ kind: z.literal('crash'), applied }),
  z.strictObject({ kind: z.literal('freeze'), applied, ms: count }),
  z.strictObject({ kind: z.literal('expired') }),
])

export const faultRule: z.ZodType<FaultRule> = z.strictObject({
  service: z.enum(['ots', 'ecs', 'fc']).exactOptional(),
  operation: z.string().min(1).exactOptional(),
  role: z.string().min(1).exactOptional(),
  subject: z.string().min(1).exactOptional(),
  skip: count.exactOptional(),
  times: z.number().int().positive().nullable().exactOptional(),
  fault,
})

export const clockOffset = z.strictObject({ offsetMs: z.number().int() })
export const stopInstance = z.strictObject({
  stoppedMode: z.enum(['KeepCharging', 'StopCharging']).default('KeepCharging'),
})
/** A query parameter that holds a position in the log. */
export const mark = z.coerce.number().int().nonnegative().optional()
