// The small schemas that every door shares: ids, names and texts that people write.
import { isPlainLine } from './plain-text.ts'
import * as z from './zod.ts'

/** A name from the policy: a person, a machine, a schedule, a rule or a receiver. */
export const nameSchema = z
  .string()
  .check(z.regex(/^[a-z][a-z0-9-]{0,62}$/, 'a name is lower-case letters, digits and "-", starting with a letter'))

export const digestSchema = z.string().check(z.regex(/^[0-9a-f]{64}$/))

/** How a request stands when nothing can change it any more. */
export const FINAL_STATES = [
  'running',
  'satisfied',
  'dry_run_passed',
  'failed',
  'stuck',
  'denied',
  'cancelled',
  'expired',
] as const
export const STATES = ['pending', 'ready', 'waiting', 'expiring', 'stopping', 'starting', ...FINAL_STATES] as const

/** Where people chat. */
export const platformSchema = z.enum(['dingtalk', 'feishu', 'slack'])
export type Platform = z.infer<typeof platformSchema>

export const accountIdSchema = z.string().check(z.regex(/^[0-9]{8,20}$/, 'an account id is 8 to 20 digits'))
export const regionIdSchema = z
  .string()
  .check(z.regex(/^[a-z]{2}(-[a-z0-9]+){1,3}$/, 'a region id looks like cn-hangzhou'))
export const instanceIdSchema = z
  .string()
  .check(z.regex(/^i-[a-z0-9]{4,40}$/, 'an instance id looks like i-bp67acfmxazb4p3ujhx1'))

/** `<accountId>/<region>/<starter function name>`: where an approval is worth something. */
export const audienceSchema = z
  .string()
  .check(
    z.regex(
      /^[0-9]{8,20}\/[a-z0-9-]+\/[A-Za-z0-9_-]+$/,
      'an audience looks like 1234567890123456/cn-hangzhou/startgate-starter',
    ),
  )

/** Epoch milliseconds. */
export const instantSchema = z.int().check(z.minimum(0), z.maximum(8_640_000_000_000_000))

/** In characters as JavaScript counts them. */
export const LONGEST_LINE = 500

/** One line that a person wrote: no control characters, and none that reorder or hide text from the approver who reads it. */
export const lineSchema = z
  .string()
  .check(
    z.trim(),
    z.minLength(1, 'must not be empty'),
    z.maxLength(LONGEST_LINE, `at most ${LONGEST_LINE} characters`),
    z.refine(isPlainLine, 'one line of plain text, without control or direction characters'),
  )

/** How instants are said, epoch ms: everywhere in UTC, in chats as the policy's clocks show them. */
export type SayInstant = (at: number) => string

/** An instant as people read it, in UTC to the second: `2026-11-23 09:30:00 UTC`. */
export function toReadableInstant(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
