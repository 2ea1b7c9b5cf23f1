// What chat platforms send: verified over the bytes as they came, handed on, and answered in time. The work itself comes
// later, in an invocation of its own: platforms wait 2 s, and a function does nothing after its answer.
import { createResponse } from '#core/http-message.ts'
import type { Platform } from '#core/words.ts'
import type { ChatAnswer, ChatPlatform } from '#ports/chat-platform.ts'
import type { HandOn } from '#ports/hand-on.ts'
import type { Call } from './door.ts'
import type { App } from './hono.ts'
import { sendJson, sendRefusal } from './respond.ts'

export interface ChatOptions {
  /** Those that the policy connects; each is loaded when it first calls. */
  readonly platforms: ReadonlyMap<Platform, () => Promise<ChatPlatform>>
  /** Calls that this instance has handed on, by `replay`. */
  readonly seen: {
    /** False: it was taken before. */
    take(replay: string): boolean
    giveBack(replay: string): void
  }
  readonly handOn: HandOn
}

/** A platform that is not connected has no route. */
export function addChatRoutes(app: App, chat: ChatOptions): void {
  for (const [name, load] of chat.platforms) app.post(toPath(name), async (c) => hearCall(chat, await load(), c))
}

export function listChatPaths({ platforms }: ChatOptions): readonly string[] {
  return [...platforms.keys()].map(toPath)
}

function toPath(platform: Platform): string {
  return `/v1/chat/${platform}`
}

async function hearCall({ seen, handOn }: ChatOptions, platform: ChatPlatform, c: Call): Promise<Response> {
  const verified = platform.verify(c.req.raw.headers, c.get('body'))
  if ('flaw' in verified) return turnAway(c, verified.flaw)
  const parsed = platform.parse(verified.bytes)
  if ('flaw' in parsed) return turnAway(c, parsed.flaw)
  if (parsed.kind === 'handshake' || parsed.kind === 'ignored') return send(platform.answer(parsed, 'taken'))
  if (!seen.take(verified.replay)) return turnAway(c, 'replayed')
  let taken = false
  try {
    taken = await handOn.send(parsed)
  } finally {
    // It has to be said again, so a copy of this very call is as good as any.
    if (!taken) seen.giveBack(verified.replay)
  }
  return send(platform.answer(parsed, taken ? 'taken' : 'failed'))
}

function turnAway(c: Call, flaw: string): Response {
  return sendRefusal(c, { reason: 'unauthenticated', flaw })
}

function send({ status, body }: ChatAnswer): Response {
  return body === undefined ? createResponse({ body: null, status }) : sendJson(body, status)
}
