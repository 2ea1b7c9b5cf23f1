// What a receiver is sent: plain JSON, the same for every receiver. `data.number` grows with every change of a request, by one
// or by more: of two messages about it the larger number is the later one. A message that is sent again keeps number and id.
import type { Telling } from '#core/telling.ts'

export interface Message {
  readonly type: 'start-request.state' | 'schedule.refused'
  readonly timestamp: string
  readonly data: Readonly<Record<string, unknown>>
}

export function toMessage(telling: Telling, publicUrl: string): Message {
  const timestamp = new Date(telling.at).toISOString()
  switch (telling.kind) {
    case 'state': {
      const { facts, timeline: _, ...view } = telling.view
      const instanceId = facts.find(({ key }) => key === 'instance')?.value
      const review = `${publicUrl}/r/${view.id}`
      return {
        type: 'start-request.state',
        timestamp,
        data: { number: telling.number, ...view, instanceId, review, facts },
      }
    }
    case 'schedule_refused': {
      const { schedule, owner, problem } = telling
      return { type: 'schedule.refused', timestamp, data: { schedule, owner, problem } }
    }
  }
}
