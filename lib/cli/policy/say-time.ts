// An instant as the commands about a policy say it: one form everywhere, and as the clocks on the wall of its time zone show it.
import type { Policy } from '#core/policy.ts'
import { toReadableInstant } from '#core/words.ts'

/** `2026-11-23 10:00:00 UTC, Mon 18:00 in Asia/Shanghai`; the second half where the policy has a time zone of its own. */
export function sayTime({ timeZone }: Pick<Policy, 'timeZone'>, at: number): string {
  if (timeZone === 'UTC') return toReadableInstant(at)
  const wall = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit' })
  const { weekday, hour, minute } = Object.fromEntries(wall.formatToParts(at).map(({ type, value }) => [type, value]))
  return `${toReadableInstant(at)}, ${weekday} ${hour}:${minute} in ${timeZone}`
}
