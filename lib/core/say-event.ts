// One row of a book as a line of the timeline.
import type { AskEvent } from './asks.ts'
import { lookUp } from './catalogue.ts'
import type { Actor } from './row.ts'
import type { RunEvent } from './runs.ts'
import { sayAnswer } from './say-state.ts'

export interface TimelineLine {
  /** Epoch ms. */
  readonly at: number
  readonly who: string
  readonly what: string
}

function sayActor(actor: Actor): string {
  return 'principal' in actor ? actor.principal : `the ${actor.function}`
}

export function sayAsk(event: AskEvent): TimelineLine {
  const line = (what: string): TimelineLine => ({ at: event.at, who: sayActor(event.actor), what })
  switch (event.type) {
    case 'requested':
      return line(`asked: ${event.body.proposal.request.reason}`)
    case 'approved':
      return line(`approved${event.body.reason === undefined ? '' : `: ${event.body.reason}`}`)
    case 'denied':
      return line(`denied: ${event.body.reason}`)
    case 'cancelled':
      return line(`cancelled${event.body.reason === undefined ? '' : `: ${event.body.reason}`}`)
    case 'stopped':
      return line('made sure that nothing was under way')
    case 'posted':
      return line(
        `told ${Object.entries(event.body.to)
          .map(([target, how]) => `${target} (${how})`)
          .join(', ')}`,
      )
  }
}

export function sayRun(event: RunEvent): TimelineLine {
  const line = (what: string): TimelineLine => ({ at: event.at, who: sayActor(event.actor), what })
  switch (event.type) {
    case 'attempted':
      return line(event.body.dryRun ? 'tries a dry run of StartInstance' : 'sends StartInstance')
    case 'accepted':
      return line(`StartInstance was accepted (${event.body.requestId})`)
    case 'refused':
      return line(
        `refused: ${event.body.answer.code}. ${lookUp(event.body.answer.code, event.body.answer.status).says}`,
      )
    case 'unclear':
      return line(`no clear answer: ${event.body.answer.code}. Looking at the instance`)
    case 'stood_down':
      return line(`stood down before sending anything (${event.body.why})`)
    case 'running':
      return line(`the instance is ${event.body.status}${event.body.inferred ? ', seen by looking' : ''}`)
    case 'failed':
    case 'stuck':
      return line(`${event.type}: ${sayAnswer(event.body.answer)}`)
    case 'satisfied':
      return line(`the instance was ${event.body.status} already`)
  }
}
