// What every call gets before any route sees it: a name for the log, a body of limited size, and safe headers.
import type { Context, MiddlewareHandler, Next } from 'hono'
import { pickLanguage, type Language } from '#core/language/language.ts'
import type { Log, Random } from '#ports/world.ts'
import { readBody } from './read-body.ts'
import { sendRefusal } from './respond.ts'

/** What is known of a call before anything is looked up. */
interface Known {
  /** Names this call in the log. */
  readonly callId: string
  readonly log: Log
  /** What whoever calls wants to read. */
  readonly language: Language
  /** The bytes as they were received; signatures are verified over these. */
  readonly body: Uint8Array
  /** The machine whose signature this call has, and the id under which it was signed. */
  readonly webhook?: { readonly caller: string; readonly id: string }
}

export interface Door {
  readonly Variables: Known
  /** Where the door hands a call to the routes behind it. */
  readonly Bindings: Known
}

export type Call = Context<Door>

export interface DoorOptions {
  readonly log: Log
  readonly random: Pick<Random, 'id'>
}

/** A body may have at most this many bytes. */
export const MAX_BODY = 64 * 1024

/** The platform sets this header; on Function Compute callers cannot. */
const CALL_ID = 'x-fc-request-id'

/** Answers hold what somebody may decide on: never cached, framed, sniffed, or told to another site. */
const SAFE_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  vary: 'accept-language',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const

export function createDoor({ log, random }: DoorOptions): MiddlewareHandler<Door> {
  return async function door(c: Call, next: Next): Promise<void> {
    const given = c.req.header(CALL_ID)
    c.set('callId', given !== undefined && /^[\w-]{1,64}$/.test(given) ? given : random.id())
    c.set('log', log)
    c.set('language', pickLanguage(c.req.header('accept-language')))
    await next()
    // The page brings a policy of its own, for its one script.
    for (const [name, value] of Object.entries(SAFE_HEADERS))
      if (!c.res.headers.has(name)) c.res.headers.set(name, value)
  }
}

/** Behind the door: what it knows of the call. */
export async function passOn(c: Call, next: Next): Promise<void> {
  const { callId, log, language, body, webhook } = c.env
  c.set('callId', callId)
  c.set('log', log)
  c.set('language', language)
  c.set('body', body)
  c.set('webhook', webhook)
  await next()
}

/** Comes before everything that costs something, signatures included. `vague`: paths where all flaws are one answer. */
export function createBodyLimit(vague: readonly string[]): MiddlewareHandler<Door> {
  return async function limitBody(c: Call, next: Next): Promise<Response | void> {
    const body = await readBody(c.req.raw, MAX_BODY)
    if (body === 'too_large') {
      const isVague = vague.includes(c.req.path)
      return sendRefusal(
        c,
        isVague ? { reason: 'unauthenticated', flaw: 'too_large' } : { reason: 'too_large', limit: MAX_BODY },
      )
    }
    c.set('body', body)
    return next()
  }
}
