// What the gate does for those whom the door lets in: each route parses, calls the flow, and says what came of it.
import type { GateDeps } from '#flow/deps.ts'
import { addAskRoutes } from './ask-routes.ts'
import { addDecideRoutes } from './decide-routes.ts'
import { passOn } from './door.ts'
import { refuseOtherMethods } from './other-methods.ts'
import type { PageAssets } from './page/document.ts'
import { addPageRoutes } from './page/page-routes.ts'
import { addReadRoutes } from './read-routes.ts'
import { sendFault, sendRefusal } from './respond.ts'
import type { PublicJwk } from './answers.ts'
import { createHono, type App } from './hono.ts'
import { addServiceRoutes } from './service-routes.ts'

export interface RoutesOptions {
  readonly deps: GateDeps
  /** Where people reach the gate, without a slash at the end. */
  readonly publicUrl: string
  /** The public half of the key that signs what the gate tells. */
  readonly publicJwk: () => PublicJwk
  /** The description of this API, made by the build; read when somebody asks for it. */
  readonly openapi: () => unknown
  /** The JSON Schema of policy files, made by the build; read when somebody asks for it. */
  readonly policySchema: () => unknown
  /** The script and the style of the page, made by the build; read when somebody first opens it. */
  readonly page: () => PageAssets
}

/** Reached through the door alone: what that knows of a call comes as the environment of the request. */
export function createRoutes(options: RoutesOptions): App {
  const routes = createHono()
  routes.use(passOn)
  routes.onError((error, c) => sendFault(c, error))
  routes.notFound((c) => sendRefusal(c, { reason: 'not_found' }))
  addAskRoutes(routes, options)
  addReadRoutes(routes, options)
  addDecideRoutes(routes, options)
  addServiceRoutes(routes, options)
  addPageRoutes(routes, options)
  refuseOtherMethods(routes)
  return routes
}
