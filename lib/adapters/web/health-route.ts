// How the gate does. At the door: it needs the record, and nothing else of what is behind.
import { SECOND } from '#core/durations.ts'
import type { Health } from '#flow/health.ts'
import type { Clock } from '#ports/world.ts'
import type { App } from './hono.ts'
import { sendJson } from './respond.ts'

export interface HealthOptions {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly checkHealth: () => Promise<Health>
}

const KEPT = 30 * SECOND

/** Anybody may ask, however often; only one answer in 30 s costs anything. */
export function addHealthRoute(app: App, { clock, checkHealth }: HealthOptions): void {
  let kept: { readonly at: number; readonly health: Health } | undefined
  app.get('/healthz', async () => {
    if (kept === undefined || clock.monotonic() - kept.at >= KEPT)
      kept = { at: clock.monotonic(), health: await checkHealth() }
    return sendJson(kept.health, kept.health.healthy ? 200 : 503)
  })
}
