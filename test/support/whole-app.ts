// The door with the routes behind it, joined as the gate joins them.
import { createApp, type AppOptions } from '#adapters/web/app.ts'
import { createRoutes, type RoutesOptions } from '#adapters/web/routes.ts'
import { checkHealth as checkGateHealth } from '#flow/health.ts'

export type WholeOptions = RoutesOptions & Pick<AppOptions, 'verifyWebhook' | 'chat'>

export interface WholeApp {
  readonly app: ReturnType<typeof createApp>
  /** What the door lets through to. */
  readonly routes: ReturnType<typeof createRoutes>
}

export function createWholeApp({ verifyWebhook, chat, ...behind }: WholeOptions): WholeApp {
  const { clock, log, random } = behind.deps
  const checkHealth = async () => checkGateHealth(behind.deps)
  const routes = createRoutes(behind)
  return {
    app: createApp({ clock, log, random, checkHealth, verifyWebhook, chat, routes: async () => routes }),
    routes,
  }
}
