// A timer asks like anybody else: its schedule is the requester, on behalf of its owner, and it needs approval.
import { toProblem } from '#core/problem.ts'
import { isRefused, type Refused } from '#core/refusal.ts'
import { ask, type Asked } from './ask.ts'
import type { GateDeps } from './deps.ts'

/** `triggerTime`: the timer's own time, ISO 8601; the same for every repeat of one tick, so repeats find one request. */
export async function askBySchedule(deps: GateDeps, name: string, triggerTime: string): Promise<Asked | Refused> {
  const schedule = deps.policy.schedules[name]
  if (schedule === undefined) throw new Error(`a timer names the schedule ${name}, which the policy does not have`)
  const { startIn, ...wish } = schedule.ask
  const asked = await ask(
    deps,
    { principal: name, via: 'timer', key: `${name}@${triggerTime}` },
    {
      ...wish,
      notBefore: startIn === undefined ? null : Date.parse(triggerTime) + startIn,
    },
  )
  if (isRefused(asked)) await tellOwner(deps, name, schedule.owner, triggerTime, asked)
  return asked
}

/** Nobody waits for the answer of a timer, so its refusal must find its owner. */
async function tellOwner(
  deps: GateDeps,
  schedule: string,
  owner: string,
  triggerTime: string,
  { refusal }: Refused,
): Promise<void> {
  const problem = toProblem(refusal)
  deps.log.error('schedule.refused', { schedule, owner, triggerTime, reason: refusal.reason, detail: problem.detail })
  const telling = {
    kind: 'schedule_refused',
    id: `${schedule}@${triggerTime}`,
    at: deps.clock.now(),
    schedule,
    owner,
    problem,
  } as const
  const receivers = deps.policy.people[owner]?.tell ?? []
  const delivered = await Promise.all(receivers.map((receiver) => deps.messenger.deliver(receiver, telling)))
  const failed = delivered.filter(({ ok }) => !ok).length
  // The platform repeats a failed timer event; the message keeps its id.
  if (failed > 0)
    throw new Error(
      `the refusal of schedule ${schedule} could not be told to ${failed} of ${receivers.length} receivers`,
    )
}
