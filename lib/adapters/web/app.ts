// The gate as people and machines on the internet see it. Any request in, a `Response` out; it never throws.
import { Hono } from 'hono'
import type { GateDeps } from '#flow/deps.ts'
import { addAskRoutes } from './ask-routes.ts'
import { addChatRoutes, listChatPaths, type ChatOptions } from './chat-routes.ts'
import { addDecideRoutes } from './decide-routes.ts'
import { createBodyLimit, createDoor, type Door } from './door.ts'
import type { PageAssets } from './page/document.ts'
import { addPageRoutes } from './page/page-routes.ts'
import { addReadRoutes } from './read-routes.ts'
import { sendFault, sendRefusal } from './respond.ts'
import type { PublicJwk } from './schemas.ts'
import { addServiceRoutes } from './service-routes.ts'

export interface AppOptions {
  readonly deps: GateDeps
  /** Where people reach the gate, without a slash at the end. */
  readonly publicUrl: string
  /** Who sent a webhook with these headers and bytes, by the policy: its id, or why it does not count. */
  readonly verifyWebhook: (
    caller: string,
    headers: Headers,
    body: Uint8Array,
  ) => { readonly id: string } | { readonly flaw: string }
  readonly chat: ChatOptions
  /** The public half of the key that signs what the gate tells. */
  readonly publicJwk: PublicJwk
  /** The description of this API, made by the build; read when somebody asks for it. */
  readonly openapi: () => unknown
  /** The JSON Schema of policy files, made by the build; read when somebody asks for it. */
  readonly policySchema: () => unknown
  /** The script and the style of the page, made by the build; read when somebody first opens it. */
  readonly page: () => PageAssets
}

export function createApp(options: AppOptions): Hono<Door> {
  const app = new Hono<Door>()
  app.use(createDoor(options.deps), createBodyLimit(listChatPaths(options.chat)))
  app.onError((error, c) => sendFault(c, error))
  app.notFound((c) => sendRefusal(c, { reason: 'not_found' }))
  addAskRoutes(app, options)
  addChatRoutes(app, options)
  addReadRoutes(app, options)
  addDecideRoutes(app, options)
  addServiceRoutes(app, options)
  addPageRoutes(app, options)
  refuseOtherMethods(app)
  return app
}

/** Whatever has a route takes its methods and no other; HEAD goes with GET. */
function refuseOtherMethods(app: Hono<Door>): void {
  const methods = new Map<string, string[]>()
  for (const { path, method } of app.routes) {
    if (method !== 'ALL')
      methods.set(path, [...(methods.get(path) ?? []), ...(method === 'GET' ? ['GET', 'HEAD'] : [method])])
  }
  for (const [path, all] of methods) {
    app.all(path, (c) => sendRefusal(c, { reason: 'method_not_allowed' }, { allow: all.toSorted().join(', ') }))
  }
}
