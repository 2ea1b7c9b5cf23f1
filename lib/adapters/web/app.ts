// The gate as people and machines on the internet see it. Any request in, a `Response` out; it never throws. This is the
// door: webhooks and chat calls that are nobody's are turned away here, before the routes are loaded, with everything that
// they need. Who signs a call of the API is judged behind it.
import { addChatRoutes, listChatPaths, type ChatOptions } from './chat-routes.ts'
import { createBodyLimit, createDoor, type DoorOptions } from './door.ts'
import { addHealthRoute, type HealthOptions } from './health-route.ts'
import { createHono, type App } from './hono.ts'
import { refuseOtherMethods } from './other-methods.ts'
import { sendFault, sendRefusal } from './respond.ts'

export interface AppOptions extends DoorOptions, HealthOptions {
  /** Who sent a webhook with these headers and bytes, by the policy: its id, or why it does not count. */
  readonly verifyWebhook: (
    caller: string,
    headers: Headers,
    body: Uint8Array,
  ) => { readonly id: string } | { readonly flaw: string }
  readonly chat: ChatOptions
  /** Everything else, as `createRoutes` makes it. */
  readonly routes: () => Promise<App>
}

export function createApp(options: AppOptions): App {
  const { verifyWebhook, chat, routes } = options
  const app = createHono()
  app.use(createDoor(options), createBodyLimit(listChatPaths(chat)))
  app.onError((error, c) => sendFault(c, error))
  addChatRoutes(app, chat)
  addHealthRoute(app, options)
  refuseOtherMethods(app)

  app.use('/v1/webhooks/:caller', async (c, next) => {
    if (c.req.method !== 'POST') return next()
    const caller = c.req.param('caller')
    const verified = verifyWebhook(caller, c.req.raw.headers, c.get('body'))
    if ('flaw' in verified) return sendRefusal(c, { reason: 'unauthenticated', flaw: verified.flaw })
    c.set('webhook', { caller, id: verified.id })
    return next()
  })

  app.all('*', async (c) => (await routes()).fetch(c.req.raw, c.var))
  return app
}
