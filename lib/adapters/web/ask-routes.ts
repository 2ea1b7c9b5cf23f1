// Somebody asks: with a caller's signature, or as a signed webhook. Both end in the same ask and the same answer.
import { isRefused, refuse } from '#core/refusal.ts'
import type * as z from '#core/zod.ts'
import { ask, type Asker, type Wish } from '#flow/ask.ts'
import type { RoutesOptions } from './routes.ts'
import { authenticateCaller } from './authenticate-caller.ts'
import type { Call } from './door.ts'
import type { App } from './hono.ts'
import { malformed, parseBody } from './read-body.ts'
import { sendJson, sendRefusal } from './respond.ts'
import { askKeySchema, askSchema } from './schemas.ts'
import { toSummary } from './summary.ts'

export function addAskRoutes(app: App, options: RoutesOptions): void {
  const { deps } = options

  app.post('/v1/start-requests', async (c) => {
    const known = authenticateCaller(deps, c)
    if (isRefused(known)) return sendRefusal(c, known.refusal)
    const header = c.req.header('idempotency-key')
    const key = askKeySchema.safeParse(header)
    if (!key.success) {
      const message = header === undefined ? 'is missing' : 'must be 1 to 128 visible ASCII characters'
      const problem = { path: 'Idempotency-Key', message }
      return sendRefusal(c, malformed([problem]).refusal)
    }
    return answerAsk(options, c, { principal: known.caller, via: 'api', key: key.data })
  })

  app.post('/v1/webhooks/:caller', async (c) => {
    const verified = c.get('webhook')
    if (verified === undefined) return sendRefusal(c, { reason: 'unauthenticated', flaw: 'not_verified' })
    const key = askKeySchema.safeParse(verified.id)
    if (!key.success) {
      const refused = refuse({ reason: 'malformed', problems: [{ path: 'webhook-id', message: 'is too long' }] })
      return sendRefusal(c, refused.refusal)
    }
    return answerAsk(options, c, { principal: verified.caller, via: 'webhook', key: key.data })
  })
}

async function answerAsk({ deps, publicUrl }: RoutesOptions, c: Call, asker: Asker): Promise<Response> {
  const body = parseBody(c, askSchema, asker.via === 'webhook' ? 'any' : 'json')
  if (isRefused(body)) return sendRefusal(c, body.refusal)
  const asked = await ask(deps, asker, toWish(body.data))
  if (isRefused(asked)) return sendRefusal(c, asked.refusal)
  const summary = toSummary(asked, publicUrl)
  return sendJson(summary, asked.created ? 201 : 200, { location: `/v1/start-requests/${summary.id}` })
}

function toWish({ notBefore, onBehalfOf, ...wish }: z.infer<typeof askSchema>): Wish {
  return {
    ...wish,
    notBefore: notBefore === undefined ? null : Date.parse(notBefore),
    ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
  }
}
