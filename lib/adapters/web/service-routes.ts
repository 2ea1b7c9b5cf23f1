// What is about the service itself: how to call it, and the key that it signs with.
import type { RoutesOptions } from './routes.ts'
import type { App } from './hono.ts'
import { sendJson } from './respond.ts'

export function addServiceRoutes(app: App, { publicJwk, openapi, policySchema }: RoutesOptions): void {
  app.get('/.well-known/jwks.json', () => sendJson({ keys: [publicJwk()] }))
  app.get('/openapi.json', () => sendJson(openapi()))
  app.get('/policy.schema.json', () => sendJson(policySchema()))
}
