// The team on a chat platform: who they are there, and what they do.
import type { Address, ChatEvent } from '#core/chat.ts'
import type { Policy } from '#core/policy.ts'
import { parseAsks } from '#core/asks.ts'
import type { RequestId } from '#core/request-id.ts'
import { teamDocument, teamPolicy } from './team.ts'
import { createWorld, type World } from './world.ts'

export const TEAM = 'T1'
export const GROUP: Address = { platform: 'slack', kind: 'group', id: 'C1' }

/** alice is `slack:T1/UALICE`, and so on; erin is in no policy. */
export function chatPolicy(change: Readonly<Record<string, unknown>> = {}): Policy {
  const document = teamDocument()
  const people = Object.entries(document['people'] as Record<string, object>).map(([name, person]) => [
    name,
    { ...person, chat: [`slack:${TEAM}/${userOf(name)}`] },
  ])
  return teamPolicy({
    ...document,
    people: Object.fromEntries(people) as object,
    chats: { slack: { team: TEAM, app: 'A1' } },
    ...change,
  })
}

export function userOf(name: string): string {
  return `U${name.toUpperCase()}`
}

/** Where they are written to alone. */
export function inboxOf(name: string): string {
  return `slack/person/${userOf(name)}`
}

interface Said {
  readonly id?: string
  readonly at: number
  readonly where?: Address
}

export function says(name: string, text: string, { id = 'm1', at, where }: Said): ChatEvent {
  const place: Address = where ?? { platform: 'slack', kind: 'person', id: userOf(name) }
  return { kind: 'said', id, by: { platform: 'slack', tenant: TEAM, user: userOf(name) }, at, where: place, text }
}

export function taps(name: string, request: RequestId, { id = 'tap1', at }: Omit<Said, 'where'>): ChatEvent {
  const by = { platform: 'slack', tenant: TEAM, user: userOf(name) } as const
  return { kind: 'tapped', id, by, at, button: 'deny', request }
}

export function createChattyWorld(policy = chatPolicy()): World {
  return createWorld({ policy })
}

/** What this person was answered, alone. */
export function answersTo(world: World, name: string): readonly string[] {
  return world.chat.messages
    .filter(({ to }) => to === inboxOf(name))
    .map(({ shown }) => (shown.kind === 'text' ? shown.text : `card: ${shown.card.title}`))
}

/** The only request that was recorded, and the group that it came from. */
export function onlyRequest(world: World) {
  const [row, ...more] = world.asks.rows().filter(({ type }) => type === 'requested')
  if (row === undefined || more.length > 0) throw new Error('there is not exactly one request')
  const { proposal, events } = parseAsks([row])
  const first = events[0]
  if (proposal === undefined || first?.type !== 'requested') throw new Error('the request is not sound')
  return { proposal, from: first.body.from, id: proposal.request.id }
}
