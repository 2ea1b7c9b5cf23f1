// What the gate does when nobody waits for an answer. Loaded when there is something to do: no call over HTTP waits for it.
import { findSealFlaw } from '#core/chat-seal.ts'
import { parseSealedEvent } from '#core/sealed-event.ts'
import type { GateDeps } from '#flow/deps.ts'
import { hear } from '#flow/hear.ts'
import { askBySchedule } from '#flow/schedule.ts'
import { tell, tellDue } from '#flow/tell.ts'
import type { FcEvent } from './event.ts'
import { failIfAny, orFailPlainly, toPlainError } from './failure.ts'

export async function work(
  deps: GateDeps,
  event: Exclude<FcEvent, { kind: 'http' | 'doctor' | 'knock' }>,
): Promise<void> {
  const { log } = deps
  switch (event.kind) {
    case 'job': {
      if (event.job !== 'tell') throw toPlainError(`the gate has no job ${event.job}`)
      const { worked, faults } = await orFailPlainly(log, 'tell', () => tellDue(deps))
      return failIfAny(log, 'tell', faults, worked)
    }
    case 'ask': {
      const { schedule, triggerTime } = event
      // A refusal is no failure: the schedule's owner was told, and a repeat would only be refused again.
      await orFailPlainly(log, `the ask of schedule ${schedule}`, () => askBySchedule(deps, schedule, triggerTime))
      return
    }
    case 'chat': {
      const sealed = parseSealedEvent(event.sealed)
      if (sealed === undefined) throw unknownEvent()
      const flaw = findSealFlaw(deps, sealed, deps.clock.now(), deps.durations)
      if (flaw !== undefined) {
        log.error('chat.refused', { flaw })
        throw toPlainError('the gate did not hand this on, or too long ago; nothing was done')
      }
      const { chat } = sealed
      // Until it has all been done, the platform repeats it.
      return orFailPlainly(log, `what was said on ${chat.by.platform}`, () => hear(deps, chat))
    }
    case 'hint':
      return orFailPlainly(log, `telling of ${event.request}`, () => tell(deps, event.request, 'hint'))
    case 'unknown':
      throw unknownEvent()
  }
}

function unknownEvent(): Error {
  return toPlainError('the gate does not know this event; nothing was done')
}
