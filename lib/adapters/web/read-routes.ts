// Looking at requests. Whoever knows the id of one may see it, for it cannot be guessed; listing them needs a caller.
import { parseJson } from '#core/json.ts'
import type { Language } from '#core/language/language.ts'
import { isRefused, refuse, type Refused } from '#core/refusal.ts'
import { isRequestId, requestIdSchema } from '#core/request-id.ts'
import * as z from '#core/zod.ts'
import type { GateDeps } from '#flow/deps.ts'
import { list } from '#flow/list.ts'
import { load, type Loaded } from '#flow/load.ts'
import type { DayEntry } from '#ports/days.ts'
import type { RoutesOptions } from './routes.ts'
import { authenticateCaller } from './authenticate-caller.ts'
import type { Call } from './door.ts'
import type { App } from './hono.ts'
import { malformed, parseQuery } from './read-body.ts'
import { inLanguage, sendJson, sendRefusal } from './respond.ts'
import { eventsQuerySchema, listQuerySchema } from './schemas.ts'
import { mergeBooks, toSummary, toView } from './summary.ts'

export function addReadRoutes(app: App, { deps, publicUrl }: RoutesOptions): void {
  app.get('/v1/start-requests', async (c) => {
    const known = authenticateCaller(deps, c)
    if (isRefused(known)) return sendRefusal(c, known.refusal)
    if (!deps.policy.mayRead.includes(known.caller)) return sendRefusal(c, { reason: 'may_not_read' })
    const query = parseQuery(c, listQuerySchema)
    if (isRefused(query)) return sendRefusal(c, query.refusal)
    const after = parseCursor(query.data.cursor)
    if (after !== undefined && isRefused(after)) return sendRefusal(c, after.refusal)
    const { items, cursor } = await list(deps, query.data.day, after)
    const page = {
      items: items.map((loaded) => toItem(loaded, publicUrl, c.get('language'))),
      ...(cursor === undefined ? {} : { cursor: toCursor(cursor) }),
    }
    return sendJson(page, 200, inLanguage(c))
  })

  app.get('/v1/start-requests/:id', async (c) => {
    const loaded = await find(deps, c)
    if (isRefused(loaded)) return sendRefusal(c, loaded.refusal)
    const { proposal, standing } = loaded
    const view = toView(loaded, c.get('language'))
    return sendJson({ ...toSummary(loaded, publicUrl), proposal, view, final: standing.final }, 200, inLanguage(c))
  })

  app.get('/v1/start-requests/:id/events', async (c) => {
    const query = parseQuery(c, eventsQuerySchema)
    if (isRefused(query)) return sendRefusal(c, query.refusal)
    const loaded = await find(deps, c)
    if (isRefused(loaded)) return sendRefusal(c, loaded.refusal)
    const [asksN = 0, runsN = 0] = query.data.after.split('.').map(Number)
    const { heads } = loaded.standing
    return sendJson({
      events: mergeBooks(
        loaded.asks.rows.filter(({ n }) => n > asksN),
        loaded.runs.rows.filter(({ n }) => n > runsN),
      ),
      heads,
      next: `${heads.asks.n}.${heads.runs.n}`,
    })
  })

  app.get('/v1/start-requests/:id/receipt', async (c) => {
    const loaded = await find(deps, c)
    if (isRefused(loaded)) return sendRefusal(c, loaded.refusal)
    const { asks, runs } = loaded
    return sendJson({ v: 1, kind: 'startgate-receipt', audience: deps.audience, asks: asks.rows, runs: runs.rows })
  })
}

async function find(deps: GateDeps, c: Call): Promise<Loaded | Refused> {
  const id = c.req.param('id') ?? ''
  const loaded = isRequestId(id) ? await load(deps, id) : undefined
  return loaded ?? refuse({ reason: 'no_such_request' })
}

function toItem(loaded: Loaded, publicUrl: string, language: Language): object {
  const { instanceId, requester, createdAt } = loaded.proposal.request
  return {
    ...toSummary(loaded, publicUrl),
    headline: toView(loaded, language).headline,
    instanceId,
    requester,
    createdAt: new Date(createdAt).toISOString(),
  }
}

const cursorSchema = z.tuple([z.int().check(z.minimum(0)), requestIdSchema])

function toCursor({ createdAt, request }: DayEntry): string {
  return Buffer.from(JSON.stringify([createdAt, request])).toString('base64url')
}

function parseCursor(text: string | undefined): DayEntry | undefined | Refused {
  if (text === undefined) return undefined
  const parsed = cursorSchema.safeParse(parseJson(Buffer.from(text, 'base64url').toString('utf8')))
  if (!parsed.success) return malformed([{ path: 'cursor', message: 'is not one of an answer before' }])
  const [createdAt, request] = parsed.data
  return { createdAt, request }
}
