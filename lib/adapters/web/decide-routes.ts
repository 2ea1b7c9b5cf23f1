// People decide. Always a POST: mail scanners and chat previews open links, and a look must never be a yes.
import { isRefused } from '#core/refusal.ts'
import { isRequestId } from '#core/request-id.ts'
import { approve, cancel, deny } from '#flow/decide.ts'
import type { RoutesOptions } from './routes.ts'
import { authenticateCaller } from './authenticate-caller.ts'
import type { App } from './hono.ts'
import { parseBody } from './read-body.ts'
import { inLanguage, sendJson, sendRefusal } from './respond.ts'
import { cancellationSchema, decisionSchema } from './schemas.ts'
import { toSummary } from './summary.ts'

export function addDecideRoutes(app: App, { deps, publicUrl }: RoutesOptions): void {
  /** No caller's signature: the token is one itself, over more than the call. */
  app.post('/v1/start-requests/:id/decisions', async (c) => {
    const id = c.req.param('id')
    const body = parseBody(c, decisionSchema)
    if (isRefused(body)) return sendRefusal(c, body.refusal)
    if (!isRequestId(id)) return sendRefusal(c, { reason: 'no_such_request' })
    const { decision, evidence } = body.data
    if (decision === 'approve') {
      const approved = await approve(deps, id, evidence)
      if (isRefused(approved)) return sendRefusal(c, approved.refusal)
      return sendJson(toSummary(approved, publicUrl), 200, inLanguage(c))
    }
    const denied = await deny(deps, id, evidence)
    if (isRefused(denied)) return sendRefusal(c, denied.refusal)
    return sendJson({ ...toSummary(denied, publicUrl), outcome: denied.outcome }, 200, inLanguage(c))
  })

  app.post('/v1/start-requests/:id/cancel', async (c) => {
    const known = authenticateCaller(deps, c)
    if (isRefused(known)) return sendRefusal(c, known.refusal)
    const id = c.req.param('id')
    const body = parseBody(c, cancellationSchema)
    if (isRefused(body)) return sendRefusal(c, body.refusal)
    if (!isRequestId(id)) return sendRefusal(c, { reason: 'no_such_request' })
    const cancelled = await cancel(deps, id, known.caller, body.data.reason)
    if (isRefused(cancelled)) return sendRefusal(c, cancelled.refusal)
    return sendJson({ ...toSummary(cancelled, publicUrl), outcome: cancelled.outcome }, 200, inLanguage(c))
  })
}
