// What is about the service itself: how it does, how to call it, and the key that it signs with.
import type { Hono } from 'hono'
import { SECOND } from '#core/durations.ts'
import type { GateDeps } from '#flow/deps.ts'
import { checkHealth, type Health } from '#flow/health.ts'
import type { RoutesOptions } from './routes.ts'
import type { Door } from './door.ts'
import { sendJson } from './respond.ts'

const KEPT = 30 * SECOND

export function addServiceRoutes(app: Hono<Door>, { deps, publicJwk, openapi, policySchema }: RoutesOptions): void {
  const health = keepHealth(deps)

  app.get('/healthz', async () => {
    const checked = await health()
    return sendJson(checked, checked.healthy ? 200 : 503)
  })
  app.get('/.well-known/jwks.json', () => sendJson({ keys: [publicJwk()] }))
  app.get('/openapi.json', () => sendJson(openapi()))
  app.get('/policy.schema.json', () => sendJson(policySchema()))
}

/** Anybody may ask how it does, however often; only one answer in 30 s costs anything. */
function keepHealth(deps: GateDeps): () => Promise<Health> {
  let kept: { readonly at: number; readonly health: Health } | undefined
  return async () => {
    if (kept === undefined || deps.clock.monotonic() - kept.at >= KEPT) {
      kept = { at: deps.clock.monotonic(), health: await checkHealth(deps) }
    }
    return kept.health
  }
}
