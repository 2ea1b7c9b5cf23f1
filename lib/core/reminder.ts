// One reminder to each approver who has not said yes, while there is time left to say it.
import type { Asks } from './asks.ts'
import { toTarget, type Address } from './chat.ts'
import type { Durations } from './durations.ts'
import type { PolicyDocument } from './policy.ts'
import { listApprovers } from './say-state.ts'
import type { Standing } from './standing.ts'
import { isConnected, toAddress } from './targets.ts'

/** As an entry of `open` and a proposal have them; `notBefore` is 0 or null when it may be started at once. */
export interface Times {
  readonly createdAt: number
  readonly notBefore: number | null
  readonly expiresAt: number
}

type Lengths = Pick<Durations, 'remindBefore' | 'tellAgain' | 'tick'>

/**
 * When three quarters of its time are over, so that short requests remind as late as long ones, and an hour before the end
 * of very long ones: earlier it would be noise, later there is no time left. What may not start yet is in no hurry, so the
 * time begins at `notBefore`.
 */
export function remindsAt({ createdAt, notBefore, expiresAt }: Times, { remindBefore }: Lengths): number {
  const time = expiresAt - Math.max(createdAt, notBefore ?? 0)
  return expiresAt - Math.min(Math.floor(time / 4), remindBefore)
}

export function isTimeToRemind(times: Times, now: number, durations: Lengths): boolean {
  return now >= remindsAt(times, durations) && now < times.expiresAt
}

/** In the tick that follows that time, and those that follow its offsets, as whoever could not be reached is tried again. */
export function isReminderDue(times: Times, now: number, durations: Lengths): boolean {
  const age = now - remindsAt(times, durations)
  const { tellAgain, tick } = durations
  return isTimeToRemind(times, now, durations) && [0, ...tellAgain].some((at) => at <= age && age < at + tick)
}

export function toReminder(target: string): string {
  return `${target}#reminder`
}

/** Those whose yes it still waits for, and who were not reminded. `asks` must hold a proposal. */
export function findUnreminded(policy: PolicyDocument, asks: Asks, { state }: Standing): readonly Address[] {
  if (state !== 'pending' || asks.proposal === undefined) return []
  const saidYes = listApprovers(asks)
  const silent = asks.proposal.rule.approvers.filter((name) => !saidYes.includes(name))
  return silent
    .flatMap((name) => toAddress(policy, name))
    .filter((address) => isConnected(policy, address.platform) && !wasReminded(asks, toReminder(toTarget(address))))
}

function wasReminded(asks: Asks, reminder: string): boolean {
  return asks.events.some(({ type, body }) => type === 'posted' && Object.hasOwn(body.to, reminder))
}
