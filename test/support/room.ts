// The group on Slack that the team's rule tells, and the cards that are there and with people.
import { chatPolicy } from './chatters.ts'
import { teamDocument } from './team.ts'
import type { World } from './world.ts'

export const ROOM = 'slack/group/C1'

export function roomPolicy() {
  const { rules, receivers } = teamDocument()
  return chatPolicy({
    receivers: { ...(receivers as object), room: { group: 'slack/C1' } },
    rules: rules.map((rule) => ({ ...rule, tell: ['ops-room', 'room'] })),
  })
}

export function cardsOf(world: World, target: string) {
  return world.chat.messages.filter(({ to }) => to === target)
}

/** The titles of the cards that a target has, as they show now. */
export function shownAt(world: World, target: string): readonly string[] {
  return cardsOf(world, target).map(({ shown }) => (shown.kind === 'card' ? shown.card.title : shown.text))
}

/** Of each row that records a telling: what became of it, by target. */
export function told(world: World): readonly Readonly<Record<string, string>>[] {
  return world.asks
    .rows()
    .filter(({ type }) => type === 'posted')
    .map(({ body }) => (body as { readonly to: Readonly<Record<string, string>> }).to)
}

export const WAITS = 'A start waits for approval'
export const RUNS = 'The instance was started'
export const CANCELLED = 'The start was cancelled'
