// A timer asks like anybody else: its schedule is the requester, on behalf of its owner, and it needs approval.
import { fromTarget } from '#core/chat.ts'
import { CHAT_WORDS } from '#core/language/chat-tables.ts'
import { toProblem } from '#core/problem.ts'
import { isRefused, type Refused } from '#core/refusal.ts'
import { findTargetsOf } from '#core/targets.ts'
import { ask, type Asked } from './ask.ts'
import type { GateDeps } from './deps.ts'
import { languageAt, toMessageKey } from './show-card.ts'

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
  const id = `${schedule}@${triggerTime}`
  const telling = { kind: 'schedule_refused', id, at: deps.clock.now(), schedule, owner, problem } as const
  const targets = findTargetsOf(deps.policy, owner)
  const delivered = await Promise.all(
    targets.map((target) => {
      const address = fromTarget(target)
      if (address === undefined) return deps.messenger.deliver(target, telling)
      const language = languageAt(deps, address)
      const text = `${schedule}: ${CHAT_WORDS[language].refused(toProblem(refusal, language).detail)}`
      return deps.chat.post(address, { kind: 'text', text }, toMessageKey(id, target))
    }),
  )
  const failed = delivered.filter(({ ok }) => !ok).length
  // The platform repeats a failed timer event; the message keeps its id.
  if (failed > 0)
    throw new Error(`the refusal of schedule ${schedule} could not be told to ${failed} of ${targets.length} receivers`)
}
