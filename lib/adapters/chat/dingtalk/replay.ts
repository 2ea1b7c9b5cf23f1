// By what one call is known again. Not by its bytes: whoever has caught it can write its JSON in another way, send it under
// the headers of another call, or bend what is encrypted where nobody looks.
import { readJson } from '#adapters/chat/read-json.ts'
import { sha256 } from '#core/digest.ts'
import * as z from '#core/zod.ts'
import type { Call } from './call.ts'
import { callbackSchema, contentSchema } from './parse.ts'

const messageSchema = z.object({ msgId: z.string() })

/** What it does not understand comes to nothing anyway, and is known by its text. */
export function toReplay(call: Call): string {
  return sha256(JSON.stringify([call.kind, ...(call.kind === 'robot' ? nameMessage(call) : nameClick(call))]))
}

/** A message has an id of its own. */
function nameMessage({ body }: Call): readonly unknown[] {
  return [readJson(body, messageSchema)?.msgId ?? body]
}

/** A click has none, but for its time. */
function nameClick({ at, body }: Call): readonly unknown[] {
  const callback = readJson(body, callbackSchema)
  if (callback === undefined) return [at, body]
  const { type, corpId, userId, outTrackId, content } = callback
  const tapped = readJson(content, contentSchema)?.cardPrivateData
  return [
    at,
    type,
    corpId,
    userId,
    outTrackId,
    ...(tapped === undefined ? [content] : [tapped.actionIds, tapped.params.request]),
  ]
}
