// What Slack's calls say: a slash command as a form, a tapped button as JSON in a form.
import { chatEventSchema } from '#core/chat.ts'
import { sha256 } from '#core/digest.ts'
import type { ChatPlatform, Parsed } from '#ports/chat-platform.ts'
import type { Clock } from '#ports/world.ts'
import { cut } from '#adapters/chat/fit.ts'
import { notOurs } from '#adapters/chat/not-ours.ts'
import { MOST_BYTES, readJson } from '#adapters/chat/read-json.ts'
import * as z from '#core/zod.ts'

export interface SlackApp {
  readonly team: string
  readonly app: string
}

/** The button's own id, which the card names. */
export const DENY = 'deny'
/** The longest text that an event holds. */
const LONGEST = 4000

const interactionSchema = z.object({
  type: z.string(),
  api_app_id: z.string(),
  team: z.object({ id: z.string() }),
  user: z.object({ id: z.string(), team_id: z.string() }),
})

const tapSchema = z.object({
  user: z.object({ id: z.string() }),
  container: z.object({ message_ts: z.string() }),
  actions: z.tuple([z.object({ action_id: z.literal(DENY), action_ts: z.string(), value: z.string() })]),
})

export function createParse(ours: SlackApp, clock: Pick<Clock, 'now'>): ChatPlatform['parse'] {
  return (bytes) => {
    const form = readForm(bytes)
    if (form === undefined) return { flaw: 'not_a_form' }
    if (form.has('payload')) return parseInteraction(form.get('payload') ?? '', ours, clock.now())
    return form.has('command') ? parseCommand(form, bytes, ours, clock.now()) : { kind: 'ignored' }
  }
}

/** Undefined also where a field stands twice: who reads the other one reads something else. */
function readForm(bytes: Uint8Array): ReadonlyMap<string, string> | undefined {
  if (bytes.length > MOST_BYTES) return undefined
  try {
    const fields = [...new URLSearchParams(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))]
    const form = new Map(fields)
    return form.size === fields.length ? form : undefined
  } catch {
    return undefined
  }
}

function parseCommand(form: ReadonlyMap<string, string>, bytes: Uint8Array, ours: SlackApp, at: number): Parsed {
  const [team, app] = [form.get('team_id') ?? '', form.get('api_app_id') ?? '']
  if (team !== ours.team) return notOurs('team', team)
  if (app !== ours.app) return notOurs('app', app)
  const [user, channel, trigger] = ['user_id', 'channel_id', 'trigger_id'].map((name) => form.get(name) ?? '')
  return toEvent({
    kind: 'said',
    // Slack takes the trigger for a permission to open a form before whoever wrote, for some seconds.
    id: sha256(trigger || bytes),
    by: { platform: 'slack', tenant: ours.team, user },
    at,
    // The robot is not in the chats that two people have with each other; it can only write to each of them.
    where: channel?.startsWith('D')
      ? { platform: 'slack', kind: 'person', id: user }
      : { platform: 'slack', kind: 'group', id: channel },
    text: cut(form.get('text') ?? '', LONGEST),
  })
}

function parseInteraction(payload: string, ours: SlackApp, at: number): Parsed {
  const interaction = readJson(payload, interactionSchema)
  if (interaction === undefined) return { flaw: 'form' }
  const { type, api_app_id, team, user } = interaction
  // In a channel that two organisations share, people of the other one see the button too.
  const stranger = [team.id, user.team_id].find((id) => id !== ours.team)
  if (stranger !== undefined) return notOurs('team', stranger)
  if (api_app_id !== ours.app) return notOurs('app', api_app_id)
  const tap = type === 'block_actions' ? readJson(payload, tapSchema) : undefined
  if (tap === undefined) return { kind: 'ignored' }
  const [{ action_ts, value }] = tap.actions
  return toEvent({
    kind: 'tapped',
    id: `${tap.container.message_ts}:${action_ts}:${user.id}`,
    by: { platform: 'slack', tenant: ours.team, user: user.id },
    at,
    button: 'deny',
    request: value,
  })
}

function toEvent(event: unknown): Parsed {
  return chatEventSchema.safeParse(event).data ?? { flaw: 'form' }
}
